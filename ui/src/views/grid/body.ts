// The lines in sight, and only those. A line's node is made when it comes into sight and dropped when it leaves; marks
// are put on afterwards, so that moving the cursor never draws a row again.
import { make } from './dom'
import type { Line } from './lines'
import type { Marks } from './marks'
import type { Column, GridOptions, Group, Row, Titles } from './types'

export class Body {
	readonly node: HTMLElement
	private drawn = new Map<number, { node: HTMLElement; row: Row | undefined; stamp: number }>()
	private stamp = 0 // rises when all must be drawn anew
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
		const until = performance.now() + 2500
		for (const id of ids)
			this.flashes.set(id, until)
	}
	/** A cell that is being saved says so until it is. */
	setSaving(id: string, key: string, on: boolean): void {
		this.saving[on ? 'add' : 'delete'](id + ' ' + key)
	}

	draw(first: number, last: number, height: number, shift: number, at: (i: number) => Line | null, titles: Titles): void {
		for (const [i, held] of this.drawn)
			if (i < first || i > last) {
				held.node.remove()
				this.drawn.delete(i)
			}
		for (let i = first; i <= last; i++) {
			const line = at(i)
			const row = line && 'row' in line ? line.row : undefined
			const held = this.drawn.get(i)
			let node = held?.node
			if (!held || held.stamp !== this.stamp || held.row !== row) {
				const fresh = this.line(i, line, height, titles)
				if (node)
					node.replaceWith(fresh)
				else
					this.node.append(fresh)
				this.drawn.set(i, { node: (node = fresh), row, stamp: this.stamp })
			}
			node!.style.transform = `translateY(${i * height + shift}px)`
		}
	}

	private line(i: number, line: Line | null, height: number, titles: Titles): HTMLElement {
		const node = make('div', 'vgrid-row' + (i % 2 ? ' odd' : ''))
		node.setAttribute('role', 'row')
		node.setAttribute('aria-rowindex', String(i + 2))
		node.dataset.row = String(i)
		node.style.height = height + 'px'
		if (line && 'group' in line)
			this.group(node, i, line.group, line.open)
		else if (!line?.row)
			this.waiting(node)
		else if (this.cards)
			this.card(node, line.row, titles)
		else
			this.row(node, i, line.row, line.level, titles)
		return node
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

	private group(node: HTMLElement, i: number, group: Group, open: boolean): void {
		node.classList.add('vgrid-group')
		node.setAttribute('aria-expanded', String(open))
		node.setAttribute('aria-level', '1')
		const head = make('div', 'vgrid-cell pinned vgrid-group-title', node)
		head.id = `${this.id}c${i}-0`
		head.setAttribute('role', 'gridcell')
		head.setAttribute('aria-colindex', '1')
		head.title = this.options.words.expand(group.title, group.count)
		const sign = make('span', 'vgrid-fold', head)
		sign.textContent = open ? '▾' : '▸'
		sign.setAttribute('aria-hidden', 'true')
		this.options.drawGroup(head, group)
		// the heading takes the ticks' and the first column's place; the others show their sums
		head.style.gridColumn = '1 / span 2'
		for (let c = 1; c < this.columns.length; c++) {
			const cell = this.cell(node, i, c)
			cell.textContent = group.sums[c] ?? ''
		}
	}

	private row(node: HTMLElement, i: number, row: Row, level: number, titles: Titles): void {
		node.dataset.id = row[0]
		if (level > 1)
			node.setAttribute('aria-level', String(level))
		const until = this.flashes.get(row[0])
		if (until && until > performance.now())
			node.classList.add('lit')
		const tick = make('div', 'vgrid-cell pinned vgrid-tick', node)
		tick.id = `${this.id}c${i}-0`
		tick.setAttribute('role', 'gridcell')
		tick.setAttribute('aria-colindex', '1')
		tick.setAttribute('aria-label', this.options.words.tick)
		make('span', 'vgrid-box-sign', tick)
		this.columns.forEach((c, k) => {
			const cell = this.cell(node, i, k)
			if (!c.editable)
				cell.setAttribute('aria-readonly', 'true')
			if (this.saving.size && this.saving.has(row[0] + ' ' + c.key))
				cell.classList.add('saving')
			c.draw(cell, row[k + 1], row, titles)
		})
	}

	private cell(node: HTMLElement, i: number, k: number): HTMLElement {
		const c = this.columns[k]
		const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : '') + (c.pinned ? ' pinned' : ''), node)
		cell.id = `${this.id}c${i}-${k + 1}`
		cell.setAttribute('role', 'gridcell')
		cell.setAttribute('aria-colindex', String(k + 2))
		if (c.pinned)
			cell.style.left = this.lefts[k] + 'px'
		return cell
	}

	nodeOf(line: number, column: number): HTMLElement | null {
		const node = this.drawn.get(line)?.node
		return (node?.querySelector<HTMLElement>(this.cards ? '.vgrid-card' : `[aria-colindex="${column + 1}"]`) ?? node?.firstElementChild ?? null) as HTMLElement | null
	}

	/** Cursor, marked block and ticks onto what is drawn. */
	mark(marks: Marks, cursor: boolean, peeked: string | null): void {
		for (const [i, held] of this.drawn) {
			const { node, row } = held
			if (row) {
				const ticked = marks.isTicked(row[0])
				node.classList.toggle('ticked', ticked)
				node.setAttribute('aria-selected', String(ticked))
				node.classList.toggle('peeked', row[0] === peeked)
			}
			node.classList.toggle('here', cursor && i === marks.at.line)
			if (this.cards)
				continue
			for (const cell of node.children as unknown as Iterable<HTMLElement>) {
				const k = Number(cell.getAttribute('aria-colindex')) - 1
				const on = marks.has(i, k), here = cursor && i === marks.at.line && k === marks.at.column
				if (on !== cell.classList.contains('marked'))
					cell.classList.toggle('marked', on)
				if (here !== cell.classList.contains('at'))
					cell.classList.toggle('at', here)
			}
		}
	}
}
