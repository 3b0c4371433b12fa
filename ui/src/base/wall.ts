// The shapes of GET /api/wall, and the links behind its numbers.
import type { Label } from './i18n'
import { league, type Standing } from './league'
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
	curve: Curve
	stages: Stage[]
	targets: Target[]
}

/** The answer to show: the one before where nothing was written since, so that nothing is drawn again. */
export const newer = (before: WallBody | null, got: WallBody): WallBody =>
	before && before.journal === got.journal && before.as_of === got.as_of && before.today === got.today ? before : got

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

// ---- over time ----

export interface Curve { year: number; months: number; planned: number[]; done: number[]; planned_before: number[]; done_before: number[] }
export interface Stage { state: string; side: boolean; count: number; total_investment: number }
export interface Target { name: string; label: Label; planned: number; done: number; query: string; query_done: string }
type Points = (number | null)[][]
export interface TrendBody {
	days: string[]
	series: string[]
	whole: { points: Points }
	by_unit: { id: string | null; points: Points }[]
	by_area: { id: string | null; points: Points }[]
	by_headquarters: { id: string | null; points: Points }[]
	by_category: { key: string | null; points: Points }[]
	by_programme: { key: string | null; points: Points }[]
}
export interface DayLights { day: string; lights: Counts }

function pointsOf(trend: TrendBody, dimension: Dimension | null, key: string): Points | undefined {
	if (!dimension)
		return trend.whole.points
	const list = (trend as any)['by_' + dimension] as { id?: string | null; key?: string | null; points: Points }[] | undefined
	return list?.find((g) => (g.id ?? g.key ?? '') === key)?.points
}
/** The month ends and then now. Empty until the trend is there. */
export function trendOf(trend: TrendBody | null, dimension: Dimension | null, key: string, now: Counts, today: string): DayLights[] {
	if (!trend)
		return []
	const points = pointsOf(trend, dimension, key)
	const slots = trend.series.flatMap((name, i) => (['count', 'plan_completion', 'outside'].includes(name) ? [] : [[name, i] as [Slot, number]]))
	const then = trend.days.map((day, d) => ({ day, lights: Object.fromEntries(slots.map(([name, i]) => [name, points?.[d]?.[i] ?? 0])) as Counts }))
	return [...then, { day: today, lights: now }]
}
/** Ranks of the units now against the last month end, if that was in the same year. */
export function standings(wall: Pick<WallBody, 'by_unit' | 'today'> & { as_of: string | null }, trend: TrendBody | null): Standing[] {
	const last = trend ? trend.days.length - 1 : -1
	const column = trend?.series.indexOf('plan_completion') ?? -1
	const units = wall.by_unit.filter((g) => g.id)
	const same = last >= 0 && trend!.days[last].slice(0, 4) === (wall.as_of ?? wall.today).slice(0, 4)
	return league(units.map((g) => ({ id: g.id!, kind: g.kind ?? '', score: g.plan_completion })),
		same ? units.map((g) => ({ id: g.id!, kind: g.kind ?? '', score: pointsOf(trend!, 'unit', g.id!)?.[last]?.[column] ?? null })) : null)
}
/** Sums by month; what is done ends with the last month that anybody has told of. */
export function curveOf(curve: Curve): { planned: number[]; done: (number | null)[]; before: number[] } {
	const sums = (list: number[]) => list.reduce<number[]>((out, v) => [...out, (out[out.length - 1] ?? 0) + v], [])
	const told = Math.max(curve.months, curve.done.reduce((last, v, i) => (v ? i + 1 : last), 0))
	return { planned: sums(curve.planned), done: sums(curve.done).map((v, i) => (i < told ? v : null)), before: sums(curve.done_before) }
}
export interface FunnelStep { state: string; reached: number; states: string[] }
/** How many came at least as far as each stage; stages that nobody is in are left out. */
export function funnelOf(stages: Stage[]): FunnelStep[] {
	const main = stages.filter((s) => !s.side && s.count)
	return main.map((s, i) => ({ state: s.state, reached: main.slice(i).reduce((sum, x) => sum + x.count, 0), states: main.slice(i).map((x) => x.state) }))
}
export const stateTerm = (states: string[]): Term => ({ field: 'state', op: states.length > 1 ? 'in' : 'eq', values: states })
