// What a ledger asks the server for: pages of rows, groups with sums, the total of all that the filter lets through.
import { get, type Page } from '../base/api'
import { columnOf, kindOf, type Definition } from '../base/definitions'
import { remember } from '../base/memory'
import { filterText, paramsText, sortText, type Term } from '../base/query'
import { rememberTitles } from '../base/refs'
import type { PageSource } from '../views/grid/types'
import type { View } from './address'

/** Asked for behind the columns that are shown: the version for saving, the state for steps. */
export const BEHIND = ['version']

export interface Totals { total: number; sums: Record<string, number | null>; lights: number[]; journal: number }
export type GroupBody = NonNullable<Page['groups']>[number]

const base = (view: View, more: Term[] = []) => ({ filter: filterText([...view.filter, ...more]), as_of: view.asOf })

export function rowsOf(def: Definition, view: View, columns: string[], more: Term[] = []): PageSource {
	return async ({ after, skip, limit, signal }) => {
		const path = `r/${def.register}?` + paramsText({ ...base(view, more), sort: sortText(view.sort), columns: [...columns, ...BEHIND].join(','), limit: String(limit), after: after ?? '', skip: skip ? String(skip) : '' })
		if (!after && !skip && location.hash === '#/list/' + def.register)
			remember('rows/' + def.register, path) // what src/begin.js asks for when the ledger is opened the next time
		const page = await get<Page>(path, signal)
		rememberTitles(page.titles)
		return page
	}
}

export function totalsOf(def: Definition, view: View, sums: string[], signal?: AbortSignal): Promise<Totals> {
	return get<Totals>(`r/${def.register}?` + paramsText({ ...base(view), sums: sums.join(','), count: 'only' }), signal)
}

export async function groupsOf(def: Definition, view: View, by: string, sums: string[], signal?: AbortSignal): Promise<{ groups: GroupBody[]; total: number; sums: Record<string, number | null> }> {
	const page = await get<Page>(`r/${def.register}?` + paramsText({ ...base(view), group: by, sums: sums.join(',') }), signal)
	rememberTitles(Object.fromEntries((page.groups ?? []).filter((g) => g.key && g.title).map((g) => [g.key!, g.title])))
	return { groups: page.groups ?? [], total: page.total, sums: page.sums ?? {} }
}

/** The rows of one group, as a condition. */
export function groupTerm(def: Definition, by: string, key: string | null): Term {
	const kind = kindOf(columnOf(def, by))
	return key === null ? { field: by, op: 'empty', values: [] } : { field: by, op: kind === 'refs' || kind === 'choices' ? 'has' : 'eq', values: [key] }
}

export const groupable = (def: Definition, name: string) =>
	name === 'light' || ['choice', 'choices', 'ref', 'refs', 'yesno', 'date', 'month', 'integer'].includes(kindOf(columnOf(def, name))) && !/^(version|days|issues|milestones)/.test(name)

/** May it be added up? Not what counts days, names an order, or is a sum since some day already. */
export const additive = (def: Definition, name: string) =>
	['money', 'integer', 'quantity'].includes(kindOf(columnOf(def, name))) && !/^(light|days|time_variance|year|month|sort|sequence|weight|version)|_(year|total|on_site)$/.test(name)

/** Ids and versions of everything the filter lets through, a page at a time. */
export async function everyId(def: Definition, view: View, most: number): Promise<{ id: string; version: number }[]> {
	const out: { id: string; version: number }[] = []
	let after: string | null = ''
	while (after !== null && out.length < most) {
		const page: Page = await get<Page>(`r/${def.register}?` + paramsText({ ...base(view), sort: sortText(view.sort), columns: 'version', limit: '1000', after }))
		out.push(...page.rows.map((r) => ({ id: r[0], version: r[1] })))
		after = page.next
	}
	return out.slice(0, most)
}
