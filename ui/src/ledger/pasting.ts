// A pasted table over the grid: which cell of it goes where, as changes of records and as cells that cannot be.
import { fieldOf, kindOf, type Definition } from '../base/definitions'
import type { Row } from '../views/grid/types'
import { t as w } from '../words/ledger'
import type { BadCell } from './ChangesBox.vue'
import { readCell } from './cell_text'
import type { Change } from './edits'
import { Lookup } from './lookup'

export interface Target { row: Row; title: string }

/** `keys` are the columns from the cursor to the right, `targets` the rows from it down. */
export async function plan(def: Definition, table: string[][], targets: Target[], keys: string[], version: (row: Row) => number): Promise<{ changes: Change[]; bad: BadCell[] }> {
	const lookup = new Lookup()
	const changes: Change[] = []
	const bad: BadCell[] = []
	for (const [i, target] of targets.entries()) {
		const fields: Record<string, any> = {}
		for (const [k, text] of (table[i] ?? []).slice(0, keys.length).entries()) {
			const field = fieldOf(def, keys[k])
			const read = field ? readCell(field, text) : { bad: 'readonly' as const }
			if ('value' in read) {
				fields[keys[k]] = read.value
			} else if ('lookup' in read) {
				const ids = await Promise.all(read.lookup.map((name) => lookup.find(field!.to!, name)))
				if (ids.every((id) => id !== null))
					fields[keys[k]] = kindOf(field!) === 'refs' ? ids : ids[0]
				else
					bad.push({ title: target.title, field: keys[k], text, why: w('bad.lookup') })
			} else {
				bad.push({ title: target.title, field: keys[k], text, why: w(`bad.${read.bad}`) })
			}
		}
		if (Object.keys(fields).length)
			changes.push({ id: target.row[0], version: version(target.row), fields })
	}
	return { changes, bad }
}

/** One copied cell fills the whole marked block. */
export function spread(table: string[][], rows: number, columns: number): string[][] {
	if (table.length !== 1 || table[0].length !== 1 || (rows === 1 && columns === 1))
		return table
	return Array.from({ length: rows }, () => Array.from({ length: columns }, () => table[0][0]))
}
