// A board query as it stands in a link. Pure. Grammar: docs/http.md, "Board queries".

export type Op = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'in' | 'has' | 'under' | 'empty' | 'filled' | 'text' | 'sounds'
const OPS: readonly string[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'has', 'under', 'empty', 'filled', 'text', 'sounds']

export interface Term { field: string; op: Op; values: string[] }
export interface Sort { field: string; descending: boolean }
export interface Query { filter: Term[]; sort: Sort[]; columns: string[]; sums: string[]; group: string; asOf: string }

/** A link may hold what is none: the server says so, and which one. */
export const isOp = (op: string): boolean => OPS.includes(op)

/** What a search box asks for: Latin letters may be pinyin. */
export const textOp = (typed: string): Op => (/[a-z]/i.test(typed) && /^[a-z0-9' ]{2,}$/i.test(typed) ? 'sounds' : 'text')

const quote = (value: string) => value.replace(/[%;,:]/g, encodeURIComponent)

function unquote(value: string): string {
	try {
		return decodeURIComponent(value)
	} catch {
		return value // a lone percent sign typed by hand
	}
}

export function filterText(terms: Term[]): string {
	return terms.map((term) => [term.field, term.op, term.values.map(quote).join(',')].join(':')).join(';')
}

export function parseFilter(text: string): Term[] {
	return text.split(';').filter(Boolean).map((part) => {
		const [field, op = '', ...rest] = part.split(':')
		const value = rest.join(':')
		return { field, op: op as Op, values: value === '' ? [] : value.split(',').map(unquote) }
	})
}

export function sortText(sort: Sort[]): string {
	return sort.map((s) => (s.descending ? '-' : '') + s.field).join(',')
}

export function parseQuery(params: URLSearchParams): Query {
	const list = (name: string) => (params.get(name) ?? '').split(',').filter(Boolean)
	return {
		filter: parseFilter(params.get('filter') ?? ''),
		sort: list('sort').map((s) => (s.startsWith('-') ? { field: s.slice(1), descending: true } : { field: s, descending: false })),
		columns: list('columns'),
		sums: list('sums'),
		group: params.get('group') ?? '',
		asOf: params.get('as_of') ?? '',
	}
}

/** Readable in an address bar: only what must be escaped is escaped. */
export function queryText(query: Partial<Query>): string {
	const params: Record<string, string> = {}
	if (query.filter?.length)
		params.filter = filterText(query.filter)
	if (query.sort?.length)
		params.sort = sortText(query.sort)
	if (query.columns?.length)
		params.columns = query.columns.join(',')
	if (query.sums?.length)
		params.sums = query.sums.join(',')
	if (query.group)
		params.group = query.group
	if (query.asOf)
		params.as_of = query.asOf
	return paramsText(params)
}

export function paramsText(params: Record<string, string | undefined>): string {
	return Object.entries(params).filter(([, v]) => v)
		.map(([k, v]) => `${k}=${encodeURIComponent(v!).replace(/%3A/g, ':').replace(/%3B/g, ';').replace(/%2C/g, ',')}`).join('&')
}

/** The same query with this term in place of any other of its field; no values and a valued op: the term goes. */
export function withTerm(terms: Term[], field: string, op: Op | null, values: string[] = []): Term[] {
	const others = terms.filter((term) => term.field !== field)
	const bare = op === 'empty' || op === 'filled'
	return op && (bare || values.length) ? [...others, { field, op, values }] : others
}

/** A click on a heading: ascending, descending, off; with Shift it joins the keys that are there. */
export function nextSort(sort: Sort[], field: string, join: boolean): Sort[] {
	const present = sort.find((s) => s.field === field)
	const next = !present ? { field, descending: false } : present.descending ? null : { field, descending: true }
	if (!join)
		return next ? [next] : []
	if (!present)
		return [...sort, next!]
	return sort.flatMap((s) => (s.field === field ? (next ? [next] : []) : [s]))
}
