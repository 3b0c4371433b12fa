// What a journal entry says, in words.
import { cellText } from './cells'
import { columnOf, kindOf, stepLabel, type Definition } from './definitions'
import { DASH, money } from './format'
import { say, t, type Key } from './i18n'
import { titleOf } from './refs'

export interface Entry { no: number; at: string; who: { id: string; name: string } | null; via: string; step: string | null; version: number; state: [string | null, string | null] | null; changes: { field: string; before: any; after: any }[]; undoes?: number; reason: string | null; hash: string; register: string; id: string; title: string | null; there: boolean }

export function changeText(def: Definition, name: string, v: any): string {
	const field = columnOf(def, name)
	const kind = kindOf(field)
	if (v == null || v === '')
		return DASH
	if (kind === 'money')
		return money(v)
	if ((kind === 'ref' || kind === 'refs') && field.to)
		return [].concat(v).map((id) => titleOf(field.to!, id)).join(t('list.comma'))
	if (v.type === 'Point')
		return v.coordinates.join(', ')
	const text = typeof v === 'object' && !Array.isArray(v) ? JSON.stringify(v) : cellText(def, name, v, {})
	return text.length > 240 ? text.slice(0, 240) + '…' : text
}
const PLAIN: Record<string, Key> = { create: 'history.created', update: 'history.changed', delete: 'history.deleted', undo: 'history.undone', undelete: 'history.undeleted' }
export const stepText = (def: Definition | undefined, step: string | null): string => (!step ? t('history.changed') : say(stepLabel(def, step)) || (PLAIN[step] ? t(PLAIN[step]) : step))
