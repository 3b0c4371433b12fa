// The shapes of GET /api/wall, and the links behind its numbers.
import type { Label } from './i18n'
import type { Counts, Slot } from './lights'
import { severityOf } from './lights'
import { paramsText, queryText, type Term } from './query'

export interface Figure {
	name: string
	label: Label
	value: number | null
	unit: 'count' | 'money' | 'percent' | string
	percent?: number | null
	beside?: string
	variance?: number | null
	query?: string
}
export interface Group {
	id?: string | null
	key?: string | null
	title?: string
	label?: Label
	kind?: string
	parent?: string | null
	count: number
	lights: Counts
	sums: { annual_plan_investment?: number | null; completed_investment?: number | null }
	plan_completion: number | null
	variance: number | null
	oldest_report: string | null
	newest_report: string | null
	silent: number
}
export interface Changed {
	no: number
	at: string
	who: { id?: string; name: string } | string | null
	register: string
	id: string
	title: string
	project: string | { id: string; title: string } | null
	step: string | null
	text: Label
	light: [number | null, number | null] | null
}
export interface WallBody {
	as_of: string | null
	journal: number
	today: string
	time_progress: number
	silent_days: number
	figures: Figure[]
	lights: Counts
	by_unit: Group[]
	by_area: Group[]
	by_headquarters?: Group[]
	by_category: Group[]
	by_programme: Group[]
	changed: Changed[]
}

export type Dimension = 'unit' | 'area' | 'headquarters' | 'category' | 'programme'
export const groupKey = (g: Group) => g.id ?? g.key ?? ''

/** The time progress arrives as a share of one; shown in percent. */
export const timePercent = (share: number) => (share <= 1 ? share * 100 : share)

const FIELDS: Record<Dimension, { field: string; op: 'under' | 'eq' | 'has' }> = {
	unit: { field: 'lead_unit', op: 'under' },
	area: { field: 'area', op: 'under' },
	headquarters: { field: 'headquarters', op: 'under' },
	category: { field: 'category', op: 'eq' },
	programme: { field: 'programmes', op: 'has' },
}

export function groupTerm(dimension: Dimension, key: string): Term {
	const { field, op } = FIELDS[dimension]
	return key ? { field, op, values: [key] } : { field, op: 'empty', values: [] }
}
/** Silence counts while a project is being built (board/rollup.h). */
export const silentTerms = (wall: { silent_days: number }): Term[] => [
	{ field: 'state', op: 'in', values: ['started', 'building'] }, { field: 'days_without_report', op: 'gt', values: [String(wall.silent_days)] }]
export const slotTerm = (slot: Slot): Term => ({ field: 'light', op: 'eq', values: [String(severityOf[slot])] })

export function listLink(terms: Term[], asOf: string, sort?: string): string {
	const query = queryText({ filter: terms, asOf })
	return '#/list/project?' + [query, sort ? paramsText({ sort }) : ''].filter(Boolean).join('&')
}
/** A figure's own query, with the day of the page. */
export const figureLink = (figure: Figure, asOf: string) =>
	'#/list/project?' + [(figure.query ?? '').replace(/^\?/, ''), asOf ? 'as_of=' + asOf : ''].filter(Boolean).join('&')
