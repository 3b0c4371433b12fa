// Which panels the big screen shows, in which order, how long, and which are beside each other. Pure.

export const PANELS = ['figures', 'lights', 'units', 'areas', 'map', 'curve', 'months', 'stages', 'league', 'changed'] as const
export type Panel = (typeof PANELS)[number]
export interface Rotation { panels: Panel[]; seconds: number; paused: boolean }

/** From the address: panels=units,lights (in that order), seconds=15, pause=1. What is not understood is left out. */
export function readRotation(params: URLSearchParams): Rotation {
	const asked = (params.get('panels') ?? '').split(',').filter((p): p is Panel => (PANELS as readonly string[]).includes(p))
	const seconds = Number(params.get('seconds') ?? 20)
	return { panels: asked.length ? [...new Set(asked)] : [...PANELS], seconds: Number.isFinite(seconds) ? Math.min(3600, Math.max(3, seconds)) : 20, paused: params.get('pause') === '1' }
}
/** How many panels stand beside each other: one for each 16:9 of the screen. */
export const columnsFor = (width: number, height: number) => Math.max(1, Math.min(4, Math.floor(width / height / 1.6)))

/** The panels in sight when the turn has come to number `turn`, never one of them twice. */
export function inSight(panels: Panel[], turn: number, columns: number): Panel[] {
	const n = panels.length
	const start = (((turn * columns) % n) + n) % n
	return Array.from({ length: Math.min(columns, n) }, (_, i) => panels[(start + i) % n])
}
/** One page of a list that is too long for the screen: each time its panel comes round, the next. */
export function pageOf<T>(list: T[], size: number, visit: number): { rows: T[]; page: number; pages: number } {
	const pages = Math.max(1, Math.ceil(list.length / size))
	const page = visit % pages
	return { rows: list.slice(page * size, page * size + size), page: page + 1, pages }
}
