// The lines in sight, and only those. The node of a row that leaves becomes the row that comes: only what reads differently is
// written. Marks are put on afterwards, so that moving the cursor never draws a row again.
import { make } from './dom'
import type { Line } from './lines'
import type { Marks } from './marks'
import type { Column, GridOptions, Group, Row, Titles } from './types'

interface Drawn {
	node: HTMLElement
	cells: HTMLElement[] // the ticks' and the columns' of a row; nothing else is used again
	row: Row | undefined
	stamp: number
	looks: number // TICKED, PEEKED and HERE, as they stand on the node
	marked: boolean // some cell is
}
const TICKED = 1, PEEKED = 2, HERE = 4

export class Body {
	readonly node: HTMLElement
	private drawn = new Map<number, Drawn>()
	private stamp = 0 // rises when all must be drawn anew
	private made = 0 // rows, for the ids of their cells
	private flashes = new Map<string, number>()
	private saving = new Set<string>()
	columns: Column[] = []
	lefts: number[] = []
	cards = false

	constructor(box: HTMLElement, private options: GridOptions, private id: string) {
		this.node = make('div', 'vgrid-body', box)
		this.node.setAttribute('role', 'rowgroup')
	}

	redraw(): void {
		this.stamp++
	}
	flash(ids: string[]): void {
		const now = performance.now()
		for (const [id, until] of this.flashes)
			if (until < now)
				this.flashes.delete(id)
		for (const id of ids)
			this.flashes.set(id, now + 2500)
	}
	/** A cell that is being saved says so until it is. */
	setSaving(id: string, key: string, on: boolean): void {
		this.saving[on ? 'add' : 'delete'](id + ' ' + key)
	}

	draw(first: number, last: number, height: number, shift: number, at: (i: number) => Line | null, titles: Titles): void {
		const free: Drawn[] = []
		for (const [i, held] of this.drawn)
			if (i < first || i > last) {
				this.drawn.delete(i)
				if (held.cells.length && held.stamp === this.stamp)
					free.push(held)
				else
					held.node.remove()
			}
		for (let i = first; i <= last; i++) {
			const line = at(i)
			const row = line && 'row' in line ? line.row : undefined
			let held = this.drawn.get(i)
			if (!held || held.stamp !== this.stamp || held.row !== row) {
				const old = held
				held = row && !this.cards ? (old?.cells.length && old.stamp === this.stamp ? old : free.pop()) ?? this.emptyRow() : this.other(i, line, row, titles)
				if (held.cells.length)
					this.fill(held, i, row!, (line as { level: number }).level, titles)
				if (old && old !== held)
					old.node.replaceWith(held.node)
				else if (!held.node.parentNode)
					this.node.append(held.node)
				this.drawn.set(i, held)
			}
			const place = `translateY(${i * height + shift}px)`
			if (held.node.style.transform !== place)
				held.node.style.transform = place
		}
		for (const held of free)
			held.node.remove()
	}

	private line(): HTMLElement {
		const node = make('div', 'vgrid-row')
		node.setAttribute('role', 'row')
		node.style.height = (this.cards ? this.options.cardHeight : this.options.rowHeight) + 'px'
		return node
	}
	private number(node: HTMLElement, i: number): void {
		node.setAttribute('aria-rowindex', String(i + 2))
		node.dataset.row = String(i)
		node.classList.toggle('odd', i % 2 === 1)
	}

	/** A heading, a card, or a row that is not here yet. */
	private other(i: number, line: Line | null, row: Row | undefined, titles: Titles): Drawn {
		const node = this.line()
		this.number(node, i)
		if (line && 'group' in line)
			this.group(node, line.group, line.open)
		else if (row)
			this.card(node, row, titles)
		else
			this.waiting(node)
		return { node, cells: [], row, stamp: this.stamp, looks: 0, marked: false }
	}

	private waiting(node: HTMLElement): void {
		node.classList.add('waiting')
		const cell = make('div', 'vgrid-cell', node)
		cell.setAttribute('role', 'gridcell')
		cell.textContent = this.options.words.loading
	}

	private card(node: HTMLElement, row: Row, titles: Titles): void {
		const cell = make('div', 'vgrid-card', node)
		cell.setAttribute('role', 'gridcell')
		this.options.drawCard(cell, row, titles)
	}

	private group(node: HTMLElement, group: Group, open: boolean): void {
		node.classList.add('vgrid-group')
		node.setAttribute('aria-expanded', String(open))
		node.setAttribute('aria-level', '1')
		const head = make('div', 'vgrid-cell pinned vgrid-group-title', node)
		const id = `${this.id}r${++this.made}-`
		head.id = id + '0'
		head.setAttribute('role', 'gridcell')
		head.setAttribute('aria-colindex', '1')
		head.title = this.options.words.expand(group.title, group.count)
		const sign = make('span', 'vgrid-fold', head)
		sign.textContent = open ? '▾' : '▸'
		sign.setAttribute('aria-hidden', 'true')
		this.options.drawGroup(head, group)
		// the heading takes the ticks' and the first column's place; the others show their sums
		head.style.gridColumn = '1 / span 2'
		for (let c = 1; c < this.columns.length; c++)
			this.cell(node, id, c).textContent = group.sums[c] ?? ''
	}

	private emptyRow(): Drawn {
		const node = this.line()
		const id = `${this.id}r${++this.made}-`
		const tick = make('div', 'vgrid-cell pinned vgrid-tick', node)
		tick.id = id + '0'
		tick.setAttribute('role', 'gridcell')
		tick.setAttribute('aria-colindex', '1')
		tick.setAttribute('aria-label', this.options.words.tick)
		make('span', 'vgrid-box-sign', tick)
		const cells = this.columns.map((c, k) => {
			const cell = this.cell(node, id, k)
			if (!c.editable)
				cell.setAttribute('aria-readonly', 'true')
			return cell
		})
		return { node, cells: [tick, ...cells], row: undefined, stamp: this.stamp, looks: 0, marked: false }
	}

	private fill(held: Drawn, i: number, row: Row, level: number, titles: Titles): void {
		const { node, cells } = held
		held.row = row
		this.number(node, i)
		node.dataset.id = row[0]
		if (level > 1)
			node.setAttribute('aria-level', String(level))
		const until = this.flashes.size ? this.flashes.get(row[0]) : undefined
		node.classList.toggle('lit', until !== undefined && until > performance.now())
		this.columns.forEach((c, k) => {
			const cell = cells[k + 1]
			if (this.saving.size)
				cell.classList.toggle('saving', this.saving.has(row[0] + ' ' + c.key))
			c.draw(cell, row[k + 1], row, titles)
		})
	}

	private cell(node: HTMLElement, id: string, k: number): HTMLElement {
		const c = this.columns[k]
		const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : '') + (c.pinned ? ' pinned' : ''), node)
		cell.id = id + (k + 1)
		cell.setAttribute('role', 'gridcell')
		cell.setAttribute('aria-colindex', String(k + 2))
		if (c.pinned)
			cell.style.left = this.lefts[k] + 'px'
		return cell
	}

	nodeOf(line: number, column: number): HTMLElement | null {
		const held = this.drawn.get(line)
		return held?.cells[column] ?? held?.node.querySelector<HTMLElement>(this.cards ? '.vgrid-card' : `[aria-colindex="${column + 1}"]`) ?? (held?.node.firstElementChild as HTMLElement | null) ?? null
	}

	/** Cursor, marked block and ticks onto what is drawn. */
	mark(marks: Marks, cursor: boolean, peeked: string | null): void {
		for (const [i, held] of this.drawn) {
			const { node, row } = held
			const here = cursor && i === marks.at.line
			const looks = (row && marks.isTicked(row[0]) ? TICKED : 0) | (row && row[0] === peeked ? PEEKED : 0) | (here ? HERE : 0)
			if (row && !node.hasAttribute('aria-selected') || looks !== held.looks) {
				held.looks = looks
				if (row)
					node.setAttribute('aria-selected', String((looks & TICKED) !== 0))
				node.classList.toggle('ticked', (looks & TICKED) !== 0)
				node.classList.toggle('peeked', (looks & PEEKED) !== 0)
				node.classList.toggle('here', here)
			}
			const marked = !this.cards && (here || marks.touches(i))
			if (marked || held.marked)
				for (const cell of node.children as unknown as Iterable<HTMLElement>) {
					const k = Number(cell.getAttribute('aria-colindex')) - 1
					cell.classList.toggle('marked', marks.has(i, k))
					cell.classList.toggle('at', here && k === marks.at.column)
				}
			held.marked = marked
		}
	}
}
