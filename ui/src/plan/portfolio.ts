// The rows of all plans: what the ledger's query shows, a page at a time as the reader comes to it, with the milestones of those
// projects alone. Rows that are still on their way have their place already, so nothing moves when they come.
import { get, type Page } from '../base/api'
import { paramsText } from '../base/query'
import { rememberTitles } from '../base/refs'
import type { GanttRow } from '../views/gantt/types'

const PAGE = 60 // so many ids fit into an address
const FIELDS = ['title', 'number', 'lead_unit', 'planned_start', 'planned_finish', 'computed_finish', 'forecast_finish', 'light']
const MARKS = ['project', 'name', 'planned', 'actual']

export interface Mark { name: string; planned: string | null; actual: string | null }
export interface Project { id: string; fields: Record<string, any>; marks: Mark[] }
export interface Query { filter: string; sort: string }

export const dayOf = (text: string | null) => (text ? Date.parse(text.slice(0, 10)) / 864e5 : null)

export class Portfolio {
	total = 0
	span: [number, number] | null = null // first and last day of all of them, shown or not
	rows: GanttRow[] = []
	private projects: (Project | undefined)[] = []
	private asked = new Set<number>()

	private constructor(private query: Query, private signal: AbortSignal, private row: (place: number, of: Project | undefined) => GanttRow) {}

	static async open(query: Query, signal: AbortSignal, row: (place: number, of: Project | undefined) => GanttRow): Promise<Portfolio> {
		const out = new Portfolio(query, signal, row)
		const ask = (params: Record<string, string>) => get<Page>('r/project?' + paramsText({ ...query, ...params }), signal)
		const edge = async (field: string, sort: string) => {
			const page = await ask({ filter: [query.filter, field + ':filled:'].filter(Boolean).join(';'), columns: field, sort: sort + field, limit: '1' })
			return dayOf(page.rows[0]?.[1] ?? null)
		}
		const [{ total }, ...edges] = await Promise.all([ask({ count: 'only' }), edge('planned_start', ''), edge('planned_finish', '-'), edge('computed_finish', '-'), edge('forecast_finish', '-')])
		const known = edges.filter((x): x is number => x != null)
		out.total = total
		out.span = known.length ? [Math.min(...known), Math.max(...known) + 1] : null
		out.rows = Array.from({ length: total }, (_, i) => row(i, undefined))
		return out
	}
	at(place: number): Project | undefined {
		return this.projects[place]
	}
	/** Rows of these places are needed; resolves to true when some of them came. */
	async see(first: number, last: number): Promise<boolean> {
		const pages: number[] = []
		for (let p = Math.floor(first / PAGE); p * PAGE < Math.min(last, this.total); p++)
			if (!this.asked.has(p))
				pages.push(p)
		for (const p of pages)
			this.asked.add(p)
		await Promise.all(pages.map((p) => this.fetch(p).catch((e) => {
			this.asked.delete(p)
			throw e
		})))
		return pages.length > 0
	}
	private async fetch(page: number): Promise<void> {
		const got = await get<Page>('r/project?' + paramsText({ ...this.query, columns: FIELDS.join(','), limit: String(PAGE), skip: page ? String(page * PAGE) : '' }), this.signal)
		rememberTitles(got.titles)
		const marks = new Map<string, Mark[]>(got.rows.map((r) => [r[0], []]))
		for (let next: string | null = got.rows.length ? '' : null; next !== null;) {
			const more: Page = await get<Page>('r/milestone?' + paramsText({ filter: 'project:in:' + [...marks.keys()].join(','), columns: MARKS.join(','), limit: '1000', after: next }), this.signal)
			for (const [, project, name, planned, actual] of more.rows)
				marks.get(project)?.push({ name, planned, actual })
			next = more.next
		}
		for (const [i, r] of got.rows.entries()) {
			const place = page * PAGE + i
			this.projects[place] = { id: r[0], fields: Object.fromEntries(FIELDS.map((f, k) => [f, r[k + 1]])), marks: marks.get(r[0])! }
			this.rows[place] = this.row(place, this.projects[place])
		}
	}
}
