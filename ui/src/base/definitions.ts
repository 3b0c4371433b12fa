// Registers as the server defines them: what lists, forms and pages are made from.
import { shallowRef } from 'vue'
import { call } from './api'
import { say, type Label } from './i18n'

export type FieldType = 'text' | 'longtext' | 'integer' | 'quantity' | 'money' | 'percent' | 'date' | 'month' | 'instant' | 'yesno' |
	'choice' | 'choices' | 'ref' | 'refs' | 'point' | 'line' | 'area' | 'file' | 'files' | 'code' | 'json' | 'derived'

export interface Choice { name: string; label: Label; retired?: boolean }
export interface Field {
	name: string
	type: FieldType
	label: Label
	help?: Label
	required?: boolean
	max?: number
	least?: number
	most?: number
	scale?: number
	unit?: Label
	choices?: Choice[]
	to?: string
	accept?: string
	code?: string
	group?: string
	listed?: boolean
	evidence?: boolean
	governed?: boolean
	retired?: boolean
	derive?: string
	derived_type?: FieldType
}
export interface State { name: string; label: Label; open?: boolean; side?: boolean }
export interface Step { name: string; label: Label; from: string[]; to?: string | null; by: string[]; asks: string[]; checker?: boolean; stamps?: string | null }
export interface Definition {
	register: string
	label: Label
	help?: Label
	of?: string | null
	number?: string | null
	title?: string | null
	tree?: string | null
	internal?: boolean
	groups?: { name: string; label: Label }[]
	fields: Field[]
	states?: State[]
	steps?: Step[]
	clocks?: { name: string; label: Label; limit?: string; due?: string }[]
	allow?: Record<string, boolean>
}

export const definitions = shallowRef<Definition[]>([])

export async function fetchDefinitions(quiet = false): Promise<Definition[]> {
	const { registers } = await call<{ registers: Definition[] }>('registers', { quiet })
	for (const d of registers)
		d.steps = (d.steps ?? []).map((s) => ({ ...s, from: s.from ?? [], by: s.by ?? [], asks: s.asks ?? [] }))
	return registers
}
export async function loadDefinitions(): Promise<void> {
	definitions.value = await fetchDefinitions()
}

export const definition = (register: string) => definitions.value.find((d) => d.register === register)
export const fieldOf = (def: Definition | undefined, name: string) => def?.fields.find((f) => f.name === name)
export const stateOf = (def: Definition | undefined, name: string | null | undefined) => def?.states?.find((s) => s.name === name)
export const kindOf = (field: Field): FieldType => (field.type === 'derived' ? field.derived_type ?? 'text' : field.type)
export const isNumber = (type: FieldType) => ['integer', 'quantity', 'money', 'percent'].includes(type)

/** Label of a column of a board query: a field, or one of the columns every record has. */
const COMMON: Record<string, Label> = {
	number: { zh: '编号', en: 'Number' },
	title: { zh: '名称', en: 'Title' },
	state: { zh: '状态', en: 'State' },
	version: { zh: '版本', en: 'Version' },
	changed_at: { zh: '更改时间', en: 'Changed' },
	id: { zh: '标识', en: 'Id' },
	light: { zh: '亮灯', en: 'Light' },
	light_since: { zh: '亮灯起始', en: 'Light since' },
	class: { zh: '年度类别', en: 'Class' },
	annual_plan_investment: { zh: '年度计划投资', en: 'Plan of the year' },
	completed_investment: { zh: '本年完成投资', en: 'Done this year' },
	plan_completion: { zh: '计划完成率', en: 'Of plan' },
	time_progress: { zh: '时序进度', en: 'Time' },
	time_variance: { zh: '超/欠序时', en: 'Against time' },
	cumulative_investment: { zh: '累计完成投资', en: 'Done since start' },
	last_report: { zh: '最近填报', en: 'Last report' },
	days_without_report: { zh: '未报天数', en: 'Days silent' },
	next_milestone: { zh: '下一节点', en: 'Next milestone' },
	next_milestone_due: { zh: '下一节点时限', en: 'Next due' },
	days_late: { zh: '滞后天数', en: 'Days late' },
	milestones: { zh: '节点数', en: 'Milestones' },
	milestones_done: { zh: '已完成节点', en: 'Done' },
	issues_open: { zh: '未销号问题', en: 'Open issues' },
	issues_overdue: { zh: '超期问题', en: 'Overdue issues' },
	forecast_finish: { zh: '预计竣工', en: 'Forecast finish' },
}
const COMMON_TYPES: Record<string, FieldType> = {
	light: 'integer', annual_plan_investment: 'money', completed_investment: 'money', cumulative_investment: 'money',
	plan_completion: 'percent', time_progress: 'percent', time_variance: 'quantity', last_report: 'date', light_since: 'date',
	days_without_report: 'integer', next_milestone_due: 'date', days_late: 'integer', milestones: 'integer',
	milestones_done: 'integer', issues_open: 'integer', issues_overdue: 'integer', forecast_finish: 'date', changed_at: 'instant',
	version: 'integer',
}
const CLASS: Choice[] = [
	{ name: 'carryover', label: { zh: '续建', en: 'Carry-over' } },
	{ name: 'new_start', label: { zh: '新开工', en: 'New start' } },
	{ name: 'completion', label: { zh: '竣工投产', en: 'Completion' } },
	{ name: 'preparatory', label: { zh: '预备', en: 'Preparatory' } },
]
export const PROJECT_DERIVED = ['light', 'light_since', 'class', 'annual_plan_investment', 'completed_investment', 'plan_completion',
	'time_progress', 'time_variance', 'cumulative_investment', 'last_report', 'days_without_report', 'next_milestone',
	'next_milestone_due', 'days_late', 'milestones', 'milestones_done', 'issues_open', 'issues_overdue', 'forecast_finish']

/** What a column is: a field of the definition or one that the board computes. */
export function columnOf(def: Definition | undefined, name: string): Field {
	const field = name === 'title' ? undefined : fieldOf(def, name)
	if (field)
		return field
	if (name === 'state')
		return { name, type: 'choice', label: COMMON.state, choices: def?.states }
	if (name === 'class')
		return { name, type: 'choice', label: COMMON.class, choices: CLASS }
	if (name === 'title')
		return { name, type: 'text', label: fieldOf(def, def?.title ?? '')?.label ?? COMMON.title }
	return { name, type: COMMON_TYPES[name] ?? 'text', label: COMMON[name] ?? { zh: name, en: name } }
}

export const choiceText = (field: Field | undefined, name: string | null | undefined) =>
	name == null ? '' : say(field?.choices?.find((c) => c.name === name)?.label) || name
export const stateText = (def: Definition | undefined, name: string | null | undefined) =>
	name == null ? '' : say(stateOf(def, name)?.label) || name
export const stepLabel = (def: Definition | undefined, name: string) => def?.steps?.find((s) => s.name === name)?.label

/** A record's fields by their groups, only those that say something. */
export function filledGroups(def: Definition, fields: Record<string, any>, hidden: string[] = []) {
	const has = (f: Field) => fields[f.name] != null && fields[f.name] !== '' && !(Array.isArray(fields[f.name]) && !fields[f.name].length)
	const shown = def.fields.filter((f) => !hidden.includes(f.name) && (has(f) || (f.listed && f.type !== 'derived')))
	const known = def.groups ?? []
	const rest = shown.filter((f) => !known.some((g) => g.name === f.group))
	return [...known.map((g) => ({ label: say(g.label), fields: shown.filter((f) => f.group === g.name) })), { label: known.length ? '' : say(def.label), fields: rest }].filter((g) => g.fields.length)
}
