// Approved dates and sums move only by a change request: how one is begun, and what it is about in words.
import type { Fields } from './api'
import { columnOf, definition, definitions, kindOf, type Field } from './definitions'
import { say } from './i18n'
import { titleOf } from './refs'

export const mayRequest = (): boolean => !!definition('change_request')?.allow?.create

/** The address of a new request about one field of a record. */
export function requestAddress(project: string, register: string, id: string, field: Field, value: unknown): string {
	const old = kindOf(field) === 'money' ? 'old_amount' : 'old_date'
	return '#/new/change_request?' + new URLSearchParams({ of: project, target_register: register, target_record: id, target_field: field.name, [old]: String(value ?? '') })
}
/** The name of a governed field, whichever register it stands in. */
export function governedLabel(name: string): string {
	const field = definitions.value.flatMap((d) => d.fields).find((f) => f.name === name && f.governed)
	return field ? say(field.label) : name
}
/** "主体完成 · 计划日期": of the project itself the field alone. */
export function targetText(f: Fields): string {
	const def = definition(f.target_register)
	const label = def ? say(columnOf(def, f.target_field).label) : f.target_field
	return f.target_record === f.project ? label : `${titleOf(f.target_register, f.target_record)} · ${label}`
}
export const TARGET = ['target_register', 'target_record', 'target_field']
/** Fields of the form that say nothing about this target. */
export function needless(f: Fields): string[] {
	const def = definition(f.target_register)
	const money = def && kindOf(columnOf(def, f.target_field)) === 'money'
	return [...TARGET, 'old_date', 'old_amount', 'ruling', 'ruled_at', money ? 'new_date' : 'new_amount']
}
