// The groups of an answer as the grid shows them: titles in words, sums under their columns, an order that follows the sort.
import { choiceText, columnOf, kindOf, type Definition } from '../base/definitions'
import { count, moneyCell, quantity } from '../base/format'
import { lang, t } from '../base/i18n'
import { slotOf, wordOf } from '../base/lights'
import type { Sort } from '../base/query'
import { t as w } from '../words/ledger'
import type { GroupBody } from './source'

export function groupTitle(def: Definition, by: string, g: { key: string | null; title?: string }): string {
	if (by === 'light')
		return t(wordOf(slotOf(g.key === null ? null : Number(g.key))))
	if (g.key === null)
		return w('nodata')
	const field = columnOf(def, by)
	switch (kindOf(field)) {
		case 'choice': case 'choices': return choiceText(field, g.key)
		case 'yesno': return t(g.key === 'true' ? 'yes' : 'no')
		default: return g.title || g.key
	}
}

export function sumText(def: Definition, name: string, value: number | null | undefined): string {
	if (value == null)
		return ''
	const kind = kindOf(columnOf(def, name))
	return kind === 'money' ? moneyCell(value) : kind === 'quantity' ? quantity(value) : count(value)
}

const LIGHT_ORDER = ['-1', '3', '2', '1', '-2', '-3', '0']

/** By what the ledger is sorted by: a sum, or the group itself; else what nobody filled in first, then the largest. */
export function inOrder(def: Definition, by: string, groups: GroupBody[], sort: Sort[], title: (g: GroupBody) => string): GroupBody[] {
	const key = sort[0]
	if (key && key.field !== by && groups.some((g) => key.field in g.sums))
		return [...groups].sort((a, b) => ((a.sums[key.field] ?? -Infinity) - (b.sums[key.field] ?? -Infinity)) * (key.descending ? -1 : 1))
	const field = columnOf(def, by)
	const rank = by === 'light' ? (g: GroupBody) => LIGHT_ORDER.indexOf(g.key ?? '') : ['choice', 'choices'].includes(kindOf(field)) ? (g: GroupBody) => (field.choices ?? []).findIndex((c) => c.name === g.key) : null
	if (by === 'light' || (key?.field === by && rank))
		return [...groups].sort((a, b) => (rank!(a) - rank!(b)) * (key?.field === by && key.descending ? -1 : 1))
	if (key?.field === by)
		return [...groups].sort((a, b) => (a.key === null ? -1 : b.key === null ? 1 : title(a).localeCompare(title(b), lang.value) * (key.descending ? -1 : 1)))
	return groups
}
