// A table of any length over a DOM node. One tab stop: the box has the focus, aria-activedescendant names the cell, so
// rows may come and go under the reader's cursor. Line -1 is the headings, column 0 the ticks. What rows and columns mean
// is the page's business (types.ts).
import { Body } from './body'
import { drag, make } from './dom'
import { Head } from './head'
import { commandOf, type Command, type On } from './keys'
import { Lines } from './lines'
import { Marks } from './marks'
import { PAGE } from './pages'
import type { Cell, Column, Group, GridOptions, PageSource, Row, SortMark } from './types'

const SPARE = 4 // lines drawn beyond the edge
const TALLEST = 8_000_000 // browsers cap an element's height; beyond it scrolling is scaled
let grids = 0

export class LedgerGrid {
	readonly marks = new Marks()
	readonly lines: Lines
	readonly box: HTMLElement
	private head: Head
	private body: Body
	private foot: HTMLElement
	private columns: Column[] = []
	private sorted: SortMark[] = []
	private total = -1
	private frame = 0
	private top = 0 // where the last drawing stood
	private slid = false // the columns have left their place, so that pinned ones must hold theirs
	private cards = false
	private focused = false
	private peeked: string | null = null
	private id = `g${++grids}`
	private watcher: ResizeObserver

	constructor(private root: HTMLElement, private options: GridOptions) {
		root.classList.add('vgrid')
		this.box = make('div', 'vgrid-box', root)
		this.box.tabIndex = 0
		this.box.setAttribute('role', 'grid')
		this.box.setAttribute('aria-multiselectable', 'true')
		this.box.setAttribute('aria-label', options.label)
		this.lines = new Lines(() => this.later())
		this.head = new Head(root, this.box, options, this.id, () => this.tickAll(!this.everyTicked()))
		this.body = new Body(this.box, options, this.id)
		this.foot = make('div', 'vgrid-foot', this.box)
		this.foot.setAttribute('role', 'row')
		this.foot.hidden = true
		this.box.addEventListener('scroll', () => this.later(), { passive: true })
		this.box.addEventListener('keydown', (e) => this.key(e))
		this.box.addEventListener('focus', () => this.focus(true))
		this.box.addEventListener('blur', () => this.focus(false))
		this.box.addEventListener('copy', (e) => this.copy(e))
		this.box.addEventListener('paste', (e) => this.paste(e))
		this.body.node.addEventListener('pointerdown', (e) => this.press(e))
		this.body.node.addEventListener('click', (e) => this.click(e))
		this.body.node.addEventListener('dblclick', (e) => this.double(e))
		this.body.node.addEventListener('mouseover', (e) => this.hover(e))
		this.watcher = new ResizeObserver(() => this.fit())
		this.watcher.observe(root)
	}

	close(): void {
		this.lines.close()
		this.watcher.disconnect()
		cancelAnimationFrame(this.frame)
		this.root.replaceChildren()
	}

	/* ---- what is shown ---- */

	setColumns(columns: Column[], sorted: SortMark[], sums: (string | null)[] | null): void {
		this.columns = columns
		this.sorted = sorted
		this.body.columns = columns
		this.marks.at.column = Math.min(this.marks.at.column, columns.length)
		this.drawHead()
		this.body.lefts = this.head.lefts
		this.setSums(sums)
		this.body.redraw()
		this.later()
	}

	/** Other rows: the view goes to the top, and nothing stays ticked. */
	async setRows(source: PageSource, keep: boolean): Promise<void> {
		if (!keep)
			this.start('grid')
		this.lines.setFlat(source, keep ? this.lines.count : 0)
		this.body.redraw()
		await this.lines.need(keep ? this.first() : 0, keep ? this.last() : this.room())
	}
	setGroups(groups: Group[], total: number, again: boolean): void {
		if (!again)
			this.start('treegrid')
		this.lines.setGroups(groups, again)
		this.setTotal(total)
	}
	setTotal(total: number): void {
		this.total = total
		if (!this.lines.grouped)
			this.lines.count = total
		this.told()
		this.body.redraw()
		this.later()
	}
	private start(role: string): void {
		this.box.setAttribute('role', role)
		this.box.scrollTop = 0
		this.marks.tickAll(false)
		this.marks.move({ line: Math.min(0, this.marks.at.line), column: this.marks.at.column }, false)
		this.total = -1
		this.body.redraw()
	}

	/** What is in sight anew; the rows named are lit for a moment. */
	async refresh(lit: string[]): Promise<void> {
		this.body.flash(lit)
		await this.lines.refresh(this.first(), this.last())
		this.body.redraw()
		this.later()
	}

	setSums(sums: (string | null)[] | null): void {
		this.foot.hidden = !sums
		if (!sums)
			return
		const tick = make('div', 'vgrid-cell pinned vgrid-tick')
		tick.setAttribute('role', 'gridcell')
		this.foot.replaceChildren(tick, ...this.columns.map((c, i) => {
			const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : '') + (c.pinned ? ' pinned' : ''))
			cell.setAttribute('role', 'gridcell')
			cell.textContent = sums[i] ?? ''
			if (c.pinned)
				cell.style.left = this.head.lefts[i] + 'px'
			return cell
		}))
	}

	/** A value as it will be once it is saved, or was before it could not be. */
	put(id: string, values: Record<string, any>, saving: boolean): void {
		const line = this.lines.find(id)
		const row = this.lines.rowAt(line)
		for (const key of Object.keys(values)) {
			const k = this.columns.findIndex((c) => c.key === key)
			this.body.setSaving(id, key, saving)
			if (row && k >= 0)
				row[k + 1] = values[key]
		}
		this.body.redraw()
		this.later()
	}
	setPeeked(id: string | null): void {
		this.peeked = id
		this.mark()
	}

	/* ---- what others ask ---- */

	get rowHere(): Row | null {
		return this.lines.rowAt(this.marks.at.line) ?? null
	}
	focusBox(): void {
		this.box.focus({ preventScroll: true })
	}
	/** Moves by lines over what is no row, as far as there are any. */
	step(by: number): Row | null {
		let line = this.marks.at.line + by
		while (line >= 0 && line < this.lines.count && !this.lines.rowAt(line))
			line += by
		if (line >= 0 && line < this.lines.count)
			this.moveTo(line, this.marks.at.column, false)
		return this.rowHere
	}
	/** The marked cells as rows and keys; rows that are not here yet are fetched. */
	async block(): Promise<{ rows: Row[]; keys: string[] }> {
		const b = this.marks.block()
		await this.lines.need(b.top, b.bottom)
		const rows: Row[] = []
		for (let i = b.top; i <= b.bottom; i++) {
			const row = this.lines.rowAt(i)
			if (row)
				rows.push(row)
		}
		return { rows, keys: this.columns.slice(Math.max(0, b.left - 1), Math.max(b.right, 1)).map((c) => c.key) }
	}
	/** The rows from the cursor down, for what is pasted. */
	async rowsFrom(line: number, n: number): Promise<Row[]> {
		const rows: Row[] = []
		await this.lines.need(line, Math.min(this.lines.count - 1, line + n))
		for (let i = line; i < this.lines.count && rows.length < n; i++) {
			const row = this.lines.rowAt(i)
			if (row)
				rows.push(row)
		}
		return rows
	}
	rectOf(id: string, key: string): DOMRect | null {
		const k = this.columns.findIndex((c) => c.key === key)
		return this.body.nodeOf(this.lines.find(id), k + 1)?.getBoundingClientRect() ?? null
	}
	tickAll(on: boolean): void {
		this.marks.tickAll(on)
		this.drawHead()
		this.mark()
		this.told()
	}

	/* ---- drawing ---- */

	private get height(): number {
		return this.cards ? this.options.cardHeight : this.options.rowHeight
	}
	private get scale(): number {
		const full = this.lines.count * this.height
		return full > TALLEST ? TALLEST / full : 1
	}
	private room(): number {
		return Math.ceil((this.box.clientHeight || 600) / this.height) + SPARE
	}
	private first(): number {
		return Math.max(0, Math.floor(this.box.scrollTop / this.scale / this.height) - SPARE)
	}
	private last(): number {
		return Math.min(this.lines.count - 1, this.first() + this.room() + SPARE)
	}
	private everyTicked(): boolean {
		return this.total > 0 && this.marks.count(this.total) === this.total
	}
	private drawHead(): void {
		const n = this.marks.count(Math.max(0, this.total))
		this.head.draw(this.columns, this.sorted, n === 0 ? 'none' : this.everyTicked() ? 'all' : 'some')
		this.box.setAttribute('aria-colcount', String(this.columns.length + 1))
		this.mark()
	}
	private told(): void {
		this.options.ticked(this.marks.count(Math.max(0, this.total)))
	}

	private fit(): void {
		const cards = this.root.clientWidth < this.options.cardBelow
		if (cards !== this.cards) {
			this.cards = this.body.cards = cards
			this.root.classList.toggle('vgrid-cards', cards)
			this.body.redraw()
		}
		this.later()
	}
	private later(): void {
		if (!this.frame)
			this.frame = requestAnimationFrame(() => {
				this.frame = 0
				this.draw()
			})
	}
	/** What is read of the layout is read first: a write before it would make the browser lay out twice a frame. */
	private draw(): void {
		const top = this.box.scrollTop
		const slid = this.box.scrollLeft > 0
		const first = this.first(), last = this.last()
		if (slid !== this.slid)
			this.root.classList.toggle('slid', (this.slid = slid))
		this.body.node.style.height = Math.min(this.lines.count * this.height, TALLEST) + 'px'
		this.box.setAttribute('aria-rowcount', String(this.lines.count + 1))
		const shift = top - top / this.scale // 0 unless scaled
		this.body.draw(first, last, this.height, shift, (i) => this.lines.at(i), this.lines.titles)
		this.mark()
		if (this.lines.count) {
			// the next page too in the direction of travel, so that it is here before it is in sight
			const down = top > this.top, up = top < this.top
			this.lines.need(Math.max(0, first - (up ? PAGE : 0)), Math.min(this.lines.count - 1, last + (down ? PAGE : 0))).catch(this.options.failed)
		}
		this.top = top
	}
	private mark(): void {
		this.body.mark(this.marks, this.focused && this.marks.at.line >= 0, this.peeked)
		for (const [i, cell] of [...this.head.node.children].entries())
			cell.classList.toggle('at', this.focused && this.marks.at.line < 0 && this.marks.at.column === i)
		const { line, column } = this.marks.at
		const here = line < 0 ? this.head.node.children[column] : this.body.nodeOf(line, column)
		if (here?.id)
			this.box.setAttribute('aria-activedescendant', here.id)
		else
			this.box.removeAttribute('aria-activedescendant')
	}
	private focus(on: boolean): void {
		this.focused = on
		this.mark()
	}

	/* ---- moving ---- */

	moveTo(line: number, column: number, extend: boolean): void {
		line = Math.min(Math.max(line, -1), this.lines.count - 1)
		column = Math.min(Math.max(column, 0), this.columns.length)
		const before = this.rowHere
		this.marks.move({ line, column }, extend && line >= 0)
		this.show(line, column)
		this.draw()
		if (this.rowHere !== before)
			this.options.moved(this.rowHere)
	}
	private show(line: number, column: number): void {
		if (line >= 0) {
			const room = this.box.clientHeight - this.head.node.offsetHeight - this.foot.offsetHeight
			const top = this.box.scrollTop / this.scale
			if (line * this.height < top)
				this.box.scrollTop = line * this.height * this.scale
			else if ((line + 1) * this.height > top + room)
				this.box.scrollTop = ((line + 1) * this.height - room) * this.scale
		}
		const c = this.columns[column - 1]
		const cell = this.head.node.children[column] as HTMLElement | undefined
		if (!c || c.pinned || !cell)
			return
		const pinned = this.columns.reduce((sum, x, i) => (x.pinned ? Math.max(sum, this.head.lefts[i] + x.width) : sum), 40)
		if (cell.offsetLeft - pinned < this.box.scrollLeft)
			this.box.scrollLeft = cell.offsetLeft - pinned
		else if (cell.offsetLeft + cell.offsetWidth > this.box.scrollLeft + this.box.clientWidth)
			this.box.scrollLeft = cell.offsetLeft + cell.offsetWidth - this.box.clientWidth
	}

	/* ---- keys ---- */

	private key(e: KeyboardEvent): void {
		if (e.target !== this.box)
			return
		const line = this.lines.at(this.marks.at.line)
		const on: On = this.marks.at.line < 0 ? 'heading' : line && 'group' in line ? 'group' : 'row'
		const command = commandOf(e, on)
		if (command && this.obey(command, on))
			e.preventDefault()
	}

	private obey(c: Command, on: On): boolean {
		const { line, column } = this.marks.at
		const key = this.columns[column - 1]?.key
		const page = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 3)
		switch (c.do) {
			case 'move': this.moveTo(line + c.lines, column + c.columns, c.extend); return true
			case 'page': this.moveTo(Math.max(0, line + c.by * page), column, c.extend); return true
			case 'edge': this.moveTo(c.to === 'top' ? 0 : c.to === 'bottom' ? this.lines.count - 1 : line, c.to === 'start' ? 1 : c.to === 'end' ? this.columns.length : column, c.extend); return true
			case 'fold':
				if (!this.lines.toggle(line, c.open))
					this.moveTo(line + (c.open ? 1 : -1), column, false)
				else
					this.body.redraw()
				return true
			case 'edit': return this.editHere(c.typed)
			case 'open': return this.onRow((row) => this.options.open(row, c.newTab))
			case 'peek': return this.onRow((row) => this.options.peek(row))
			case 'tick': return on === 'group' ? this.obey({ do: 'fold', open: !(this.lines.at(line) as { open: boolean }).open }, on) : this.tickLines(c.extend)
			case 'tickAll': this.tickAll(!this.everyTicked()); return true
			case 'escape': return this.escape()
			case 'clear': void this.block().then(({ rows, keys }) => this.options.clear(rows.flatMap((row) => keys.map((k) => ({ row, key: k }))))); return true
			case 'undo': this.options.undo(false); return true
			case 'redo': this.options.undo(true); return true
			case 'search': case 'help': this.options.shortcut(c.do); return true
			case 'sort':
				if (!key)
					this.tickAll(!this.everyTicked())
				else if (this.columns[column - 1].sortable)
					this.options.sort(key, c.join)
				return true
			case 'menu':
				if (key)
					this.options.menu(key, this.head.node.children[column].getBoundingClientRect())
				return !!key
			case 'carry':
				if (key && column - 1 + c.by >= 0 && column - 1 + c.by < this.columns.length) {
					this.marks.at = { line, column: column + c.by }
					this.head.move(column - 1, column - 1 + c.by)
				}
				return true
			case 'widen':
				if (key)
					this.head.widen(column - 1, c.by * 16)
				return true
		}
	}
	private onRow(then: (row: Row) => void): boolean {
		const row = this.rowHere
		if (row)
			then(row)
		return !!row
	}
	private escape(): boolean {
		if (this.marks.anchor)
			this.marks.move(this.marks.at, false)
		else if (this.marks.count(1))
			this.tickAll(false)
		else
			return false
		this.mark()
		return true
	}
	private editHere(typed: string | null): boolean {
		const row = this.rowHere
		const column = this.columns[this.marks.at.column - 1]
		if (!row)
			return false
		if (!column?.editable) {
			if (typed === null)
				this.options.peek(row)
			return typed === null
		}
		this.show(this.marks.at.line, this.marks.at.column)
		this.draw()
		const rect = this.body.nodeOf(this.marks.at.line, this.marks.at.column)!.getBoundingClientRect()
		this.options.edit({ row, key: column.key, rect, typed })
		return true
	}
	/** The row here, or with `extend` all marked rows, become what this row is not. */
	private tickLines(extend: boolean): boolean {
		const b = this.marks.block()
		const row = this.rowHere
		if (!row)
			return false
		const on = !this.marks.isTicked(row[0])
		const many = extend || b.top !== b.bottom
		for (let i = many ? b.top : this.marks.at.line; i <= (many ? b.bottom : this.marks.at.line); i++) {
			const other = this.lines.rowAt(i)
			if (other)
				this.marks.tick(other[0], on)
		}
		this.drawHead()
		this.told()
		return true
	}

	/* ---- mouse ---- */

	private placeOf(target: EventTarget | null): { line: number; column: number } | null {
		const cell = (target as HTMLElement).closest<HTMLElement>('.vgrid-cell, .vgrid-card')
		const node = cell?.closest<HTMLElement>('.vgrid-row')
		return node ? { line: Number(node.dataset.row), column: Number(cell!.getAttribute('aria-colindex') ?? 2) - 1 } : null
	}
	private press(e: PointerEvent): void {
		const at = this.placeOf(e.target)
		if (!at || this.cards || e.button !== 0 || e.pointerType !== 'mouse' || (e.target as HTMLElement).closest('a, button') || at.column === 0 || (this.lines.at(at.line) && 'group' in this.lines.at(at.line)!))
			return
		e.preventDefault() // no text is marked, cells are
		this.focusBox()
		this.moveTo(at.line, at.column, e.shiftKey)
		drag(e, (x) => {
			const over = document.elementFromPoint(x.clientX, x.clientY)
			const to = over && this.body.node.contains(over) ? this.placeOf(over) : null
			if (to && (to.line !== this.marks.at.line || to.column !== this.marks.at.column))
				this.moveTo(to.line, Math.max(1, to.column), true)
		}, () => {})
	}
	private lastTick = -1
	private click(e: MouseEvent): void {
		const target = e.target as HTMLElement
		const at = this.placeOf(target)
		const line = at && this.lines.at(at.line)
		if (!at || !line || target.closest('a'))
			return
		if ('group' in line) {
			this.focusBox()
			this.marks.move({ line: at.line, column: 0 }, false)
			this.lines.toggle(at.line)
			this.body.redraw()
			return
		}
		if (!line.row)
			return
		if (target.closest('.vgrid-peek'))
			return this.options.peek(line.row)
		if (this.cards)
			return this.options.open(line.row, e.ctrlKey || e.metaKey)
		if (at.column === 0) {
			this.focusBox()
			this.marks.move({ line: at.line, column: 0 }, false)
			const on = !this.marks.isTicked(line.row[0])
			const from = e.shiftKey && this.lastTick >= 0 ? this.lastTick : at.line
			for (let i = Math.min(from, at.line); i <= Math.max(from, at.line); i++) {
				const row = this.lines.rowAt(i)
				if (row)
					this.marks.tick(row[0], on)
			}
			this.lastTick = at.line
			this.drawHead()
			this.told()
		}
	}
	/** What does not fit is said whole under the pointer. */
	private hover(e: MouseEvent): void {
		const cell = (e.target as HTMLElement).closest<HTMLElement>('.vgrid-row[data-id] > .vgrid-cell')
		if (cell)
			cell.title = cell.scrollWidth > cell.clientWidth ? (cell.firstElementChild ?? cell).textContent! : ''
	}
	private double(e: MouseEvent): void {
		const at = this.placeOf(e.target)
		if (at && at.column > 0 && !this.cards && !(e.target as HTMLElement).closest('a, button'))
			this.editHere(null)
	}

	/* ---- copying ---- */

	private copy(e: ClipboardEvent): void {
		if (e.target !== this.box)
			return
		const b = this.marks.block()
		const rows: Row[] = []
		const few = !this.marks.all && this.marks.ticked.size > 0 && !this.marks.anchor
		for (let i = few ? 0 : b.top; i <= (few ? this.lines.count - 1 : b.bottom); i++) {
			const row = this.lines.rowAt(i)
			if (row && (!few || this.marks.isTicked(row[0])))
				rows.push(row)
		}
		const columns = few ? this.columns : this.columns.slice(Math.max(0, b.left - 1), Math.max(b.right, 1))
		e.clipboardData!.setData('text/plain', this.options.copy({ keys: columns.map((c) => c.key), rows, titles: this.lines.titles, heading: few }))
		e.preventDefault()
	}
	private paste(e: ClipboardEvent): void {
		if (e.target !== this.box || this.marks.at.line < 0)
			return
		e.preventDefault()
		const b = this.marks.block()
		const cells: Cell[] = []
		for (let i = b.top; i <= b.bottom; i++)
			for (let k = Math.max(1, b.left); k <= b.right; k++) {
				const row = this.lines.rowAt(i)
				if (row)
					cells.push({ row, key: this.columns[k - 1].key })
			}
		this.options.paste(e.clipboardData!.getData('text/plain'), { line: b.top, column: Math.max(1, b.left) }, cells)
	}
}
