// One project with what hangs under it, today or as it stood at the end of a past day.
//
// Today's state comes from the records. A past day's comes from the board, which answers as of any day but says of long texts and
// files only whether there are any: where a record has not changed since, it is taken whole; else its journal is read backwards.
import { ref, shallowRef } from 'vue'
import { get, Problem, record, type Fields, type Page, type RecordBody } from './api'
import { definition, stateOf } from './definitions'
import { filterText, paramsText } from './query'
import { rememberTitles } from './refs'

export interface Entry { no: number; at: string; who: { id: string; name: string } | null; step: string | null; state: [string | null, string | null] | null; version: number; changes: { field: string; before: any; after: any }[]; reason: string | null }
interface Entries { entries: Entry[]; titles?: Record<string, string>; next: number | string | null }

const CHILDREN = ['milestone', 'report', 'issue', 'year_plan', 'change_request'] as const
export type Child = (typeof CHILDREN)[number]
export type Children = Record<Child, RecordBody[]>
const none = (): Children => ({ milestone: [], report: [], issue: [], year_plan: [], change_request: [] })

/** The journal of a record from its newest entry back to the first one of `since` or before. */
export async function entriesOf(register: string, id: string, since = '', signal?: AbortSignal): Promise<Entry[]> {
	const all: Entry[] = []
	let before = ''
	for (;;) {
		const page = await get<Entries>(`r/${register}/${id}/history?limit=200${before}`, signal)
		rememberTitles(page.titles)
		all.push(...page.entries)
		if (page.next == null || (page.entries.length && page.entries[page.entries.length - 1].at.slice(0, 10) <= since))
			return all
		before = '&before=' + page.next
	}
}

/** Takes back what was changed after that day; null: it was made later. */
export function undoTo(now: RecordBody, entries: Entry[], day: string): RecordBody | null {
	const fields: Fields = { ...now.fields }
	let state = now.state
	for (const e of entries) {
		if (e.at.slice(0, 10) <= day)
			return { ...now, fields, state, version: e.version, changed_at: e.at }
		for (const c of e.changes)
			fields[c.field] = c.before
		if (e.state)
			state = e.state[0]
	}
	return entries.length ? null : now
}

async function childrenNow(id: string, child: Child, signal?: AbortSignal): Promise<RecordBody[]> {
	const all: RecordBody[] = []
	for (let after = ''; ;) {
		const page = await get<{ records?: RecordBody[]; titles?: Record<string, string>; next?: string | null }>(`r/project/${id}/children/${child}?limit=200${after}`, signal)
		rememberTitles(page.titles)
		all.push(...(page.records ?? []))
		if (!page.next)
			return all
		after = '&after=' + encodeURIComponent(page.next)
	}
}

const storedNames = (register: string) => (definition(register)?.fields ?? []).filter((x) => x.type !== 'derived').map((x) => x.name)

async function childrenThen(id: string, child: Child, day: string, now: RecordBody[], signal?: AbortSignal): Promise<RecordBody[]> {
	const names = storedNames(child)
	const rows: any[][] = []
	for (let after = ''; ;) {
		const page = await get<Page>(`r/${child}?` + paramsText({ filter: filterText([{ field: 'project', op: 'eq', values: [id] }]), columns: ['number', 'state', 'version', ...names].join(','), as_of: day, limit: '1000', ...(after ? { after } : {}) }), signal)
		rememberTitles(page.titles)
		rows.push(...page.rows)
		if (!page.next)
			break
		after = page.next
	}
	return Promise.all(rows.map(async ([rid, number, state, version, ...values]): Promise<RecordBody> => {
		const today = now.find((r) => r.id === rid)
		if (today && today.version === version)
			return today
		const then = today && undoTo(today, await entriesOf(child, rid, day, signal), day)
		// taken out of sight since: what the board knows of it
		return then ?? { id: rid, register: child, number, version, state, state_since: null, created_by: '', created_at: '', changed_by: '', changed_at: '', fields: Object.fromEntries(names.map((n, i) => [n, typeof values[i] === 'boolean' ? null : values[i]])) }
	}))
}

/** What the board computes of it, on that day or today. */
async function derivedOf(stored: RecordBody, day: string, signal?: AbortSignal): Promise<Fields | null> {
	const names = definition('project')!.fields.filter((x) => x.type === 'derived').map((x) => x.name)
	const page = await get<Page>('r/project?' + paramsText({ filter: filterText([{ field: 'number', op: 'eq', values: [stored.number] }]), columns: names.join(','), limit: '1', ...(day ? { as_of: day } : {}) }), signal)
	const row = page.rows.find((r) => r[0] === stored.id)
	return row ? Object.fromEntries(names.map((name, i) => [name, row[i + 1]])) : null
}

/** `known` hears of today's record as soon as it is there; what the board computes of it comes after. */
export async function projectOf(id: string, day: string, known: (now: RecordBody) => void, signal?: AbortSignal): Promise<{ record: RecordBody; now: RecordBody } | null> {
	const now = await record('project', id, signal)
	rememberTitles(now.titles)
	known(now)
	const then = day && now.changed_at.slice(0, 10) > day ? undoTo(now, await entriesOf('project', id, day, signal), day) : now
	const derived = then && (await derivedOf(now, day, signal))
	if (!then || (day && !derived))
		return null
	return { record: { ...then, fields: { ...then.fields, ...derived } }, now }
}

/** Everything under it, sorted as the page shows it; issues of today carry their clocks. */
export function useChildren(id: () => string, day: () => string) {
	const data = shallowRef<Children>(none())
	const problem = shallowRef<Problem | null>(null)
	const of = ref<string | null>(null) // the day that the data are of
	let turn = 0
	async function load(): Promise<void> {
		const mine = ++turn
		const asked = day()
		try {
			const kin = async (child: Child) => {
				if (!definition(child))
					return []
				const now = await childrenNow(id(), child)
				return day() ? childrenThen(id(), child, day(), now) : now
			}
			const [milestone, report, issue, year_plan, change_request] = await Promise.all(CHILDREN.map(kin))
			const issues = day() ? issue : await Promise.all(issue.map((x) => (stateOf(definition('issue'), x.state)?.open && !x.clocks ? record('issue', x.id).catch(() => x) : x)))
			if (mine !== turn)
				return
			for (const x of issues)
				rememberTitles(x.titles)
			const by = (name: string, up: boolean) => (a: RecordBody, b: RecordBody) => (up ? 1 : -1) * String(a.fields[name] ?? (up ? '9' : '')).localeCompare(String(b.fields[name] ?? (up ? '9' : '')))
			data.value = { milestone: milestone.slice().sort(by('planned', true)), report: report.slice().sort(by('period', false)), issue: issues, year_plan: year_plan.slice().sort(by('year', true)), change_request }
			problem.value = null
			of.value = asked
		} catch (e) {
			if (!(e instanceof Problem))
				throw e
			if (mine === turn) {
				problem.value = e
				of.value = asked
			}
		}
	}
	return { data, problem, day: of, load }
}
