// Days of the working calendar: what the server says of a year, and changes of it with what moves.
import { refusal } from '../base/action'
import { call, post, type Fields } from '../base/api'
import { toast } from '../base/toast'
import { t as common } from '../base/i18n'
import { t as frame } from '../words/shell'
import { t } from '../words/calendar'

export interface Ref { id: string; title: string }
export interface Day { day: string; work: boolean; site: boolean; kind: string; name: string; area: Ref | null; record: string | null }
export interface SeasonSpan { kind: 'winter_stop' | 'building_season'; from: string; until: string; yearly: boolean; name: string; area: Ref | null; record: string }
export interface Season { resting: boolean; until: string; days: number; workdays: number }
export interface BuildingSeason { now: boolean; from: string; until: string; days: number; workdays: number }
export interface Year {
	year: number; covered: boolean; first_year: number; last_year: number; notices: string[]; days: Day[]; working_days: number
	seasons: SeasonSpan[]; season: Season | null; building_season: BuildingSeason | null; counted?: { from: string; days: number; office: string; site: string }
}
export type Change = { fields: Fields } | { id: string; version: number; fields: Fields } | { id: string; version: number; delete: true }
export interface Moves { stored: { id: string; version: number }[]; using: number; moves: number; worst_days: number; moved: { project: Ref; before: string | null; after: string | null; days: number }[] }

export const KINDS = ['holiday', 'make_up', 'closure', 'workday', 'winter_stop', 'building_season'] as const
export type Kind = typeof KINDS[number]
export const isKind = (k: string): k is Kind => (KINDS as readonly string[]).includes(k)
export const isSeason = (k: string): boolean => k === 'winter_stop' || k === 'building_season'

export const preview = (changes: Change[], signal: AbortSignal): Promise<Moves> => call<Moves>('calendar', { method: 'POST', body: { changes, preview: true }, signal })

/** `back`: what undoes them, once the ids and versions of what was stored are known. */
export async function keepDays(changes: Change[], back: (stored: Moves['stored']) => Change[]): Promise<Moves> {
	const got = await post<Moves>('calendar', { changes })
	toast(got.moves ? t('moved', { n: got.moves }) : common('saved'), 'good', {
		text: frame('undo'), run: async () => {
			const refused = await refusal(() => post<Moves>('calendar', { changes: back(got.stored), reason: frame('undo.reason') }))
			if (refused)
				toast(refused.status === 409 ? frame('undo.late') : refused.message, 'bad')
			else
				toast(t('undone'))
		},
	})
	return got
}

/** What is left of the seasons, in words. */
export function seasonWords(season: Season | null, building: BuildingSeason | null): string[] {
	const out: string[] = []
	if (building)
		out.push(building.now ? t('building.left', { n: building.days, work: building.workdays, day: building.until }) : t('building.next', { from: building.from, day: building.until, n: building.days }))
	if (season)
		out.push(season.resting ? t('season.rest', { day: season.until }) : t('season.left', { n: season.days, work: season.workdays, day: season.until }))
	return out
}

/** For the chart: days since 1970, the end not included. */
export const ganttSeasons = (list: { kind: string; from: string; until: string }[]) => list.map((s) => ({
	from: Date.parse(s.from) / 864e5, to: Date.parse(s.until) / 864e5 + 1, stop: s.kind === 'winter_stop',
	name: t(s.kind === 'winter_stop' ? 'season.winter_stop' : 'season.building_season'),
}))
