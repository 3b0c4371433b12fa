// Names as definitions want them, and limits in words. Pure.
export const NAME = /^[a-z][a-z0-9_]{0,47}$/

/** '7wd' as {n: 7, unit: 'wd'} */
export function span(text: string | null | undefined): { n: number; unit: 'wd' | 'd' | 'h' | 'mo' } | null {
	const m = /^(\d+)(wd|d|h|mo)$/.exec(text ?? '')
	return m ? { n: Number(m[1]), unit: m[2] as 'wd' } : null
}
