// Bands of a light as the editor holds them: two bounds, each with or without the number itself. Pure.

export interface Band { at_least?: number; above?: number; at_most?: number; below?: number; severity: number; label: { zh: string; en: string }; colour: string; [other: string]: unknown }

/** One side of a band: '' is open. */
export interface Bound { text: string; incl: boolean }
export const low = (b: Band): Bound => ({ text: String(b.at_least ?? b.above ?? ''), incl: b.above === undefined })
export const high = (b: Band): Bound => ({ text: String(b.at_most ?? b.below ?? ''), incl: b.below === undefined })

/** The band with that side changed; undefined when the text is no number. */
export function withBound(b: Band, side: 'low' | 'high', bound: Bound): Band | undefined {
	const plain = bound.text.trim().replace(/^[−－]/, '-')
	if (plain !== '' && !/^-?\d{1,9}(\.\d{1,4})?$/.test(plain))
		return undefined
	const { at_least, above, at_most, below, ...rest } = b
	const lower = side === 'low' ? (plain === '' ? {} : { [bound.incl ? 'at_least' : 'above']: Number(plain) }) : { ...(at_least !== undefined ? { at_least } : {}), ...(above !== undefined ? { above } : {}) }
	const upper = side === 'high' ? (plain === '' ? {} : { [bound.incl ? 'at_most' : 'below']: Number(plain) }) : { ...(at_most !== undefined ? { at_most } : {}), ...(below !== undefined ? { below } : {}) }
	return { ...lower, ...upper, ...rest } as Band
}

/** Nothing can fall into it. */
export function empty(b: Band): boolean {
	const l = b.at_least ?? b.above
	const h = b.at_most ?? b.below
	return l !== undefined && h !== undefined && (l > h || (l === h && (b.above !== undefined || b.below !== undefined)))
}
