// The headings: sorting by click, width by the edge, order by dragging or Alt with arrows, and each column's menu.
import { drag, make } from './dom'
import type { Column, GridOptions, SortMark } from './types'

const TICK = 40 // the column of ticks
const LEAST = 56

export class Head {
	readonly node: HTMLElement
	private columns: Column[] = []
	private widths: number[] = []

	constructor(private root: HTMLElement, box: HTMLElement, private options: GridOptions, private id: string, private tickAll: () => void) {
		this.node = make('div', 'vgrid-head', box)
		this.node.setAttribute('role', 'row')
		this.node.setAttribute('aria-rowindex', '1')
		this.node.addEventListener('click', (e) => this.click(e))
		this.node.addEventListener('pointerdown', (e) => this.press(e))
		this.node.addEventListener('contextmenu', (e) => {
			const cell = (e.target as HTMLElement).closest<HTMLElement>('[data-key]')
			if (cell) {
				e.preventDefault()
				options.menu(cell.dataset.key!, cell.getBoundingClientRect())
			}
		})
	}

	draw(columns: Column[], marks: SortMark[], ticks: 'none' | 'some' | 'all'): void {
		this.columns = columns
		this.layOut(columns.map((c) => c.width))
		const all = make('div', 'vgrid-cell pinned vgrid-tick')
		all.id = this.id + 'h0'
		all.setAttribute('role', 'columnheader')
		all.setAttribute('aria-colindex', '1')
		all.title = this.options.words.tickAll
		make('span', 'hidden-word', all).textContent = this.options.words.tickAll
		make('span', 'vgrid-box-sign' + (ticks === 'none' ? '' : ' ' + ticks), all)
		this.node.replaceChildren(all, ...columns.map((c, i) => this.cell(c, i, marks)))
	}

	/** Left edges of pinned columns; the widths as CSS. */
	lefts: number[] = []
	private layOut(widths: number[]): void {
		this.widths = widths
		let left = TICK
		this.lefts = this.columns.map((c, i) => {
			const at = left
			if (c.pinned)
				left += widths[i]
			return at
		})
		// what is left over goes to the last column that is not pinned, so that widths stay as the reader set them
		this.root.style.setProperty('--columns', [TICK + 'px', ...this.columns.map((_, i) => (i === this.columns.length - 1 ? `minmax(${widths[i]}px, 1fr)` : `${widths[i]}px`))].join(' '))
		this.root.style.setProperty('--width', widths.reduce((sum, w) => sum + w, TICK) + 'px')
	}

	private cell(c: Column, i: number, marks: SortMark[]): HTMLElement {
		const mark = marks.find((m) => m.field === c.key)
		const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : '') + (c.sortable ? ' sortable' : ''))
		cell.id = `${this.id}h${i + 1}`
		cell.dataset.key = c.key
		cell.setAttribute('role', 'columnheader')
		cell.setAttribute('aria-colindex', String(i + 2))
		if (c.sortable)
			cell.setAttribute('aria-sort', !mark ? 'none' : mark.descending ? 'descending' : 'ascending')
		make('span', 'vgrid-word', cell).textContent = c.label
		if (mark) {
			const sign = make('span', 'vgrid-sort', cell)
			sign.textContent = (mark.descending ? '▼' : '▲') + (marks.length > 1 ? String(marks.indexOf(mark) + 1) : '')
			sign.setAttribute('aria-hidden', 'true')
		}
		const menu = make('span', 'vgrid-menu', cell)
		menu.textContent = '⋮'
		menu.title = this.options.words.menu(c.label)
		menu.setAttribute('aria-hidden', 'true') // by keyboard: Alt+Down
		const edge = make('span', 'vgrid-edge', cell)
		edge.title = this.options.words.resize(c.label)
		edge.setAttribute('aria-hidden', 'true')
		if (c.pinned) {
			cell.classList.add('pinned')
			cell.style.left = this.lefts[i] + 'px'
		}
		return cell
	}

	private index(target: EventTarget | null): number {
		const key = (target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key
		return this.columns.findIndex((c) => c.key === key)
	}

	private moving = false
	private click(e: MouseEvent): void {
		const target = e.target as HTMLElement
		if (target.closest('.vgrid-tick'))
			return this.tickAll()
		const i = this.index(target)
		if (i < 0 || this.moving || target.closest('.vgrid-edge'))
			return
		if (target.closest('.vgrid-menu'))
			this.options.menu(this.columns[i].key, target.getBoundingClientRect())
		else if (this.columns[i].sortable)
			this.options.sort(this.columns[i].key, e.shiftKey)
	}

	private press(e: PointerEvent): void {
		const i = this.index(e.target)
		if (i < 0 || e.button !== 0 || (e.target as HTMLElement).closest('.vgrid-menu'))
			return
		if ((e.target as HTMLElement).closest('.vgrid-edge'))
			this.stretch(e, i)
		else if (e.pointerType === 'mouse')
			this.carry(e, i)
	}

	private stretch(e: PointerEvent, i: number): void {
		e.preventDefault()
		const from = this.node.children[i + 1].getBoundingClientRect().width
		const widths = [...this.widths]
		this.root.classList.add('resizing')
		drag(e, (x) => {
			widths[i] = Math.max(LEAST, Math.round(from + x.clientX - e.clientX))
			this.layOut(widths)
		}, () => {
			this.root.classList.remove('resizing')
			this.later()
			if (widths[i] !== this.columns[i].width)
				this.options.resized(this.columns[i].key, widths[i])
		})
	}

	private carry(e: PointerEvent, i: number): void {
		let to = i
		const clean = () => this.node.querySelectorAll('.drop-before, .drop-after, .carried').forEach((n) => n.classList.remove('drop-before', 'drop-after', 'carried'))
		drag(e, (x) => {
			if (!this.moving && Math.abs(x.clientX - e.clientX) < 8)
				return
			this.moving = true
			clean()
			this.node.children[i + 1].classList.add('carried')
			const over = document.elementFromPoint(x.clientX, this.node.getBoundingClientRect().top + 10)
			const k = over ? this.index(over) : -1
			if (k < 0)
				return
			const rect = this.node.children[k + 1].getBoundingClientRect()
			const after = x.clientX > rect.left + rect.width / 2
			this.node.children[k + 1].classList.add(after ? 'drop-after' : 'drop-before')
			to = k + (after ? 1 : 0)
		}, () => {
			clean()
			if (!this.moving)
				return
			if (to !== i && to !== i + 1)
				this.move(i, to > i ? to - 1 : to)
			this.later()
		})
	}

	/** The click that ends a drag is no click. */
	private later(): void {
		this.moving = true
		setTimeout(() => (this.moving = false))
	}

	move(from: number, to: number): void {
		const keys = this.columns.map((c) => c.key)
		if (to < 0 || to >= keys.length)
			return
		keys.splice(to, 0, ...keys.splice(from, 1))
		this.options.reordered(keys)
	}

	widen(i: number, by: number): void {
		this.options.resized(this.columns[i].key, Math.max(LEAST, this.columns[i].width + by))
	}
}
