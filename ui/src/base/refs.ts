// Titles of referred records, and searching for one by a few letters.
import { shallowReactive } from 'vue'
import { get, record, type Page } from './api'
import { definition } from './definitions'
import { filterText, paramsText, textOp } from './query'

const titles = shallowReactive(new Map<string, string>())

export function rememberTitles(map: Record<string, string> | undefined): void {
	for (const [id, title] of Object.entries(map ?? {}))
		if (titles.get(id) !== title)
			titles.set(id, title)
}

/** The title now, if known; else it is asked for and appears when it comes. */
export function titleOf(register: string, id: string): string {
	const known = titles.get(id)
	if (known !== undefined)
		return known
	titles.set(id, '…')
	const name = definition(register)?.title
	record(register, id).then((r) => titles.set(id, String((name && r.fields[name]) || r.number || id)), () => titles.set(id, id.slice(-8)))
	return '…'
}

export interface Found { id: string; title: string }

export async function searchRefs(register: string, words: string, signal?: AbortSignal, limit = 40): Promise<{ found: Found[]; total: number }> {
	const title = definition(register)?.title ?? 'title'
	const page = await get<Page>(`r/${register}?` + paramsText({
		columns: title, sort: title, limit: String(limit),
		filter: words.trim() ? filterText([{ field: title, op: textOp(words.trim()), values: [words.trim()] }]) : '',
	}), signal)
	const found = page.rows.map((r) => ({ id: r[0], title: String(r[1] ?? '') }))
	for (const f of found)
		titles.set(f.id, f.title)
	return { found, total: page.total }
}
