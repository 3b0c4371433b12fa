// Pieces of the ledger as plain DOM, for the grid: a card on a phone, the heading of a group.
import { cellText, lightNode, recordLink } from '../base/cells'
import { columnOf, kindOf, type Definition } from '../base/definitions'
import { count, DOT, money } from '../base/format'
import { say, t } from '../base/i18n'
import { wordOf, type Slot } from '../base/lights'
import type { Group, Row, Titles } from '../views/grid/types'
import { t as w } from '../words/ledger'

const SLOTS: Slot[] = ['none', 'green', 'watch', 'warn', 'serious'] // as the server counts them
const SHOWN = [0, 4, 3, 2, 1] // grey first, then the worst

function node(tag: string, name: string, ...children: (Node | string)[]): HTMLElement {
	const made = document.createElement(tag)
	made.className = name
	made.append(...children)
	return made
}

export function drawCard(def: Definition, columns: string[], card: HTMLElement, row: Row, titles: Titles): void {
	const at = (name: string) => row[columns.indexOf(name) + 1]
	const title = node('a', '', cellText(def, columns[0], row[1], titles)) as HTMLAnchorElement
	title.href = recordLink(def.register, row[0])
	card.append(node('p', 'card-line', title, ...(def.register === 'project' && columns.includes('light') ? [lightNode(at('light'))] : [])))
	const facts = columns.slice(1).filter((c) => !['light', 'number'].includes(c) && at(c) != null).slice(0, 5)
	card.append(node('p', 'card-facts', facts.map((c) => (['state', 'lead_unit', 'area', 'category'].includes(c) ? '' : say(columnOf(def, c).label) + ' ') +
		(kindOf(columnOf(def, c)) === 'money' ? money(at(c)) : cellText(def, c, at(c), titles))).join(DOT)))
}

export function drawGroup(cell: HTMLElement, group: Group): void {
	cell.append(node('b', 'group-name', group.title), node('span', 'group-count tab', w('group.count', { n: count(group.count) })))
	const sum = group.lights.reduce((a, b) => a + b, 0)
	if (!sum)
		return
	const bar = node('span', 'group-bar')
	bar.setAttribute('role', 'img')
	const words: string[] = []
	for (const i of SHOWN) {
		if (!group.lights[i])
			continue
		const part = node('span', 'is-' + SLOTS[i])
		part.style.flexGrow = String(group.lights[i])
		bar.append(part)
		words.push(`${t(wordOf(SLOTS[i]))} ${count(group.lights[i])}`)
	}
	bar.setAttribute('aria-label', words.join(t('comma')))
	bar.title = words.join(t('comma'))
	cell.append(bar)
}
