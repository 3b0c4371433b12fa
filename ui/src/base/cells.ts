// How a list draws its values: into DOM nodes, for the grid.
import { choiceText, columnOf, isNumber, kindOf, stateText, type Definition } from './definitions'
import { governedLabel } from './governed'
import { DASH, count, instant, moneyCell, moneyUnit, percent, points, quantity } from './format'
import { say, t } from './i18n'
import { SHAPES, slotOf, wordOf } from './lights'
import type { Column } from '../views/grid/types'

export function lightNode(severity: number | null): HTMLElement {
	const node = document.createElement('span')
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
	svg.setAttribute('viewBox', '0 0 16 16')
	svg.setAttribute('aria-hidden', 'true')
	const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
	path.setAttribute('fill-rule', 'evenodd')
	svg.append(path)
	node.append(svg, document.createElement('span'))
	setLight(node, severity)
	return node
}
/** Changes the text and keeps its node: a new one would be styled and laid out anew. */
function write(node: Element, text: string): void {
	const held = node.firstChild as Text | null
	if (!held)
		node.append(text)
	else if (held.data !== text)
		held.data = text
}
function setLight(node: HTMLElement, severity: number | null): void {
	const slot = slotOf(severity)
	node.className = 'light is-' + slot
	node.firstElementChild!.firstElementChild!.setAttribute('d', SHAPES[slot])
	write(node.lastElementChild!, t(wordOf(slot)))
}

const TONES = ['behind', 'ahead']
const toneOf = (name: string, value: any) => (value == null ? '' : name === 'time_variance' ? (value < 0 ? 'behind' : 'ahead') : (name === 'days_late' || name === 'issues_overdue') && value > 0 ? 'behind' : '')
export const isLight = (def: Definition, name: string) => def.register === 'project' && /^light(_(?!since)|$)/.test(name) && !name.endsWith('_since')

/** A value as text in a table; money in the column's one unit. */
export function cellText(def: Definition, name: string, value: any, titles: Record<string, string>): string {
	if (value == null || value === '' || (Array.isArray(value) && !value.length))
		return DASH
	if (name === 'state')
		return stateText(def, value)
	if (name === 'time_variance')
		return points(value)
	const field = columnOf(def, name)
	if (def.register === 'change_request' && name === 'target_field')
		return governedLabel(value)
	switch (kindOf(field)) {
		case 'money': return moneyCell(value)
		case 'percent': return percent(value)
		case 'integer': return count(value)
		case 'quantity': return quantity(value)
		case 'instant': return instant(value)
		case 'longtext': return value === true ? t('op.filled') : String(value) // a list knows no more of it
		case 'yesno': return value ? t('yes') : t('no')
		case 'choice': return choiceText(field, value)
		case 'choices': return (value as string[]).map((c) => choiceText(field, c)).join(t('list.comma'))
		case 'ref': return titles[value] ?? value
		case 'refs': return (value as string[]).map((id) => titles[id] ?? id).join(t('list.comma'))
		case 'file': return t('files.n', { n: 1 })
		case 'files': return t('files.n', { n: value.length })
		default: return String(value)
	}
}

export const recordLink = (register: string, id: string) => (register === 'project' ? `#/project/${id}` : `#/r/${register}/${id}`)

export function gridColumn(def: Definition, name: string): Column {
	const field = columnOf(def, name)
	const kind = kindOf(field)
	const light = isLight(def, name)
	const right = !light && (isNumber(kind) || name === 'time_variance')
	const label = say(field.label) + (kind === 'money' ? ` (${moneyUnit()})` : '')
	const isTitle = name === 'title' || name === def.title
	const width = isTitle ? (kind === 'date' ? 136 : 268) : light ? 96 : kind === 'money' ? 116 : right ? 96 : kind === 'date' || kind === 'month' ? 112 : kind === 'instant' ? 126
		: kind === 'ref' ? (name === def.of ? 236 : 148) : kind === 'longtext' ? 220 : name === 'number' ? 138 : kind === 'choices' || kind === 'refs' ? 160 : 122
	return {
		key: name, label, right, width: Math.max(width, 34 + [...label].reduce((w, c) => w + (c > '\u2e7f' ? 13.5 : 7.4), 0) / (label.length > 9 ? 1.75 : 1)), pinned: isTitle, sortable: !['longtext', 'files', 'file', 'choices', 'refs', 'json', 'point', 'line', 'area'].includes(kind),
		draw: light ? drawLight : isTitle ? (cell, value, row, titles) => drawTitle(cell, cellText(def, name, value, titles), recordLink(def.register, row[0]))
			: (cell, value, _row, titles) => drawText(cell, cellText(def, name, value, titles), toneOf(name, value)),
	}
}

/* Into a cell that is empty or holds what the same function drew for another row. */

function drawLight(cell: HTMLElement, value: number | null): void {
	if (cell.firstElementChild)
		setLight(cell.firstElementChild as HTMLElement, value)
	else
		cell.append(lightNode(value))
}

function drawTitle(cell: HTMLElement, text: string, link: string): void {
	if (!cell.firstElementChild) {
		const a = document.createElement('a')
		a.tabIndex = -1
		const peek = document.createElement('span') // by keyboard: Alt+Enter
		peek.className = 'vgrid-peek'
		peek.textContent = '◨'
		peek.setAttribute('aria-hidden', 'true')
		cell.append(a, peek)
	}
	const a = cell.firstElementChild as HTMLAnchorElement
	a.href = link
	write(a, text)
}

function drawText(cell: HTMLElement, text: string, tone: string): void {
	write(cell, text)
	cell.classList.toggle('muted', text === DASH)
	for (const name of TONES)
		cell.classList.toggle(name, name === tone)
}
