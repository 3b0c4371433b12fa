// A table of any length over a DOM node: only the rows in sight exist. Rows come in pages by keyset (each page names
// where the next begins), so a jump far down walks the chain of pages without drawing them. ARIA grid with one tab stop:
// arrows, Home/End, Page keys, Ctrl for the corners; Enter opens a row or sorts by a heading. Below `cardBelow` pixels
// of width rows are drawn as cards. No framework, no inline markup.

export interface GridColumn {
	key: string
	label: string
	width: number
	right?: boolean
	pinned?: boolean
	sortable?: boolean
	/** Fills the cell: text and child nodes only. */
	draw: (cell: HTMLElement, value: any, row: any[], titles: Record<string, string>) => void
}
export interface GridPage { rows: any[][]; next: string | null; total: number; titles: Record<string, string> }
export interface GridSource { page: (after: string | null, limit: number, signal: AbortSignal) => Promise<GridPage> }
export interface GridOptions {
	label: string
	rowHeight: number
	cardHeight: number
	cardBelow: number
	drawCard: (card: HTMLElement, row: any[], titles: Record<string, string>) => void
	open: (row: any[], newTab: boolean) => void
	sort: (key: string, join: boolean) => void
	failed: (e: unknown) => void
	counted: (total: number) => void
	words: { loading: string; empty: string }
}
export interface SortMark { field: string; descending: boolean }

const PAGE = 500
const SPARE = 6 // rows drawn beyond the edge
const TALLEST = 8_000_000 // browsers cap an element's height; beyond it scrolling is scaled

export class VGrid {
	private box: HTMLElement
	private head: HTMLElement
	private body: HTMLElement
	private foot: HTMLElement
	private columns: GridColumn[] = []
	private marks: SortMark[] = []
	private source: GridSource | null = null
	private pages: (any[][] | undefined)[] = []
	private cursors: (string | null)[] = [null]
	private titles: Record<string, string> = {}
	private total = -1
	private drawn = new Map<number, HTMLElement>()
	private control = new AbortController()
	private walking = false
	private frame = 0
	private cards = false
	private focus = { row: -1, column: 0 } // row -1: the headings
	private flashes = new Map<string, number>()
	private watcher: ResizeObserver

	constructor(private root: HTMLElement, private options: GridOptions) {
		root.classList.add('vgrid')
		this.box = make('div', 'vgrid-box', root)
		this.box.setAttribute('role', 'grid')
		this.box.setAttribute('aria-label', options.label)
		this.head = make('div', 'vgrid-head', this.box)
		this.head.setAttribute('role', 'row')
		this.head.setAttribute('aria-rowindex', '1')
		this.body = make('div', 'vgrid-body', this.box)
		this.body.setAttribute('role', 'rowgroup')
		this.foot = make('div', 'vgrid-foot', this.box)
		this.foot.setAttribute('role', 'row')
		this.foot.hidden = true
		this.box.addEventListener('scroll', () => this.later(), { passive: true })
		this.box.addEventListener('keydown', (e) => this.key(e))
		this.box.addEventListener('click', (e) => this.click(e))
		this.watcher = new ResizeObserver(() => this.resized())
		this.watcher.observe(root)
	}

	close(): void {
		this.control.abort()
		this.watcher.disconnect()
		cancelAnimationFrame(this.frame)
		this.root.replaceChildren()
	}

	setColumns(columns: GridColumn[], marks: SortMark[], sums: string[] | null): void {
		this.columns = columns
		this.marks = marks
		this.drawHead()
		this.drawFoot(sums)
		this.clear()
		this.later()
	}

	setSums(sums: string[] | null): void {
		this.drawFoot(sums)
	}

	/** Other rows: everything known is dropped and the view goes to the top. */
	async setSource(source: GridSource): Promise<void> {
		this.source = source
		this.box.scrollTop = 0
		await this.reload()
	}

	/** The same rows anew, where the reader is; rows named are lit for a moment. */
	async reload(lit: string[] = []): Promise<void> {
		this.control.abort()
		this.control = new AbortController()
		this.walking = false
		const deepest = this.total < 0 ? 0 : this.pageOf(this.lastInSight())
		const until = performance.now() + 2500
		for (const id of lit)
			this.flashes.set(id, until)
		const fresh: any[][][] = []
		const cursors: (string | null)[] = [null]
		const signal = this.control.signal
		try {
			let total = 0
			for (let p = 0; p <= deepest; p++) {
				if (p > 0 && cursors[p] === null)
					break
				const page = await this.source!.page(cursors[p], PAGE, signal)
				fresh.push(page.rows)
				cursors.push(page.next)
				Object.assign(this.titles, page.titles)
				total = page.total
			}
			this.pages = fresh
			this.cursors = cursors
			this.total = total
		} catch (e) {
			if ((e as Error).name !== 'AbortError')
				this.options.failed(e)
			return
		}
		this.options.counted(this.total)
		this.clear()
		this.draw()
	}

	get rowCount(): number {
		return Math.max(0, this.total)
	}

	private rowAt(i: number): any[] | undefined {
		return this.pages[this.pageOf(i)]?.[i % PAGE]
	}
	private pageOf(i: number): number {
		return Math.max(0, Math.floor(i / PAGE))
	}
	private get rowHeight(): number {
		return this.cards ? this.options.cardHeight : this.options.rowHeight
	}
	/** Pixels of scrolling per pixel of rows. */
	private get scale(): number {
		const full = this.rowCount * this.rowHeight
		return full > TALLEST ? TALLEST / full : 1
	}
	private firstInSight(): number {
		return Math.floor(this.box.scrollTop / this.scale / this.rowHeight)
	}
	private lastInSight(): number {
		return Math.min(this.rowCount - 1, this.firstInSight() + Math.ceil(this.box.clientHeight / this.rowHeight))
	}

	private resized(): void {
		const cards = this.root.clientWidth < this.options.cardBelow
		if (cards !== this.cards) {
			this.cards = cards
			this.root.classList.toggle('vgrid-cards', cards)
			this.clear()
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

	private clear(): void {
		for (const node of this.drawn.values())
			node.remove()
		this.drawn.clear()
	}

	private drawHead(): void {
		let left = 0
		const widths = this.columns.map((c) => (c.pinned ? `${c.width}px` : `minmax(${c.width}px, ${c.width}fr)`))
		this.root.style.setProperty('--columns', widths.join(' '))
		this.root.style.setProperty('--width', this.columns.reduce((sum, c) => sum + c.width, 0) + 'px')
		this.head.replaceChildren(...this.columns.map((c, i) => {
			const mark = this.marks.find((m) => m.field === c.key)
			const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : ''))
			cell.setAttribute('role', 'columnheader')
			cell.setAttribute('aria-colindex', String(i + 1))
			cell.tabIndex = this.focus.row === -1 && this.focus.column === i ? 0 : -1
			if (c.sortable) {
				cell.classList.add('sortable')
				cell.setAttribute('aria-sort', !mark ? 'none' : mark.descending ? 'descending' : 'ascending')
			}
			make('span', 'vgrid-word', cell).textContent = c.label
			if (mark) {
				const sign = make('span', 'vgrid-sort', cell)
				sign.textContent = (mark.descending ? '▼' : '▲') + (this.marks.length > 1 ? String(this.marks.indexOf(mark) + 1) : '')
				sign.setAttribute('aria-hidden', 'true')
			}
			if (c.pinned) {
				cell.classList.add('pinned')
				cell.style.left = left + 'px'
				left += c.width
			}
			return cell
		}))
		this.box.setAttribute('aria-colcount', String(this.columns.length))
	}

	private drawFoot(sums: string[] | null): void {
		this.foot.hidden = !sums
		if (!sums)
			return
		let left = 0
		this.foot.replaceChildren(...this.columns.map((c, i) => {
			const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : ''))
			cell.setAttribute('role', 'gridcell')
			cell.textContent = sums[i] ?? ''
			if (c.pinned) {
				cell.classList.add('pinned')
				cell.style.left = left + 'px'
				left += c.width
			}
			return cell
		}))
	}

	private draw(): void {
		if (this.total < 0)
			return
		const height = this.rowHeight
		const full = this.rowCount * height
		this.body.style.height = Math.min(full, TALLEST) + 'px'
		this.box.setAttribute('aria-rowcount', String(this.rowCount + 1))
		this.root.classList.toggle('vgrid-none', this.total === 0)
		const top = this.box.scrollTop / this.scale
		const first = Math.max(0, Math.floor(top / height) - SPARE)
		const last = Math.min(this.rowCount - 1, Math.ceil((top + this.box.clientHeight) / height) + SPARE)
		for (const [i, node] of this.drawn)
			if (i < first || i > last) {
				if (node.contains(document.activeElement))
					this.box.focus({ preventScroll: true })
				node.remove()
				this.drawn.delete(i)
			}
		const shift = this.box.scrollTop - top // 0 unless scaled
		for (let i = first; i <= last; i++) {
			let node = this.drawn.get(i)
			const row = this.rowAt(i)
			if (node && row && node.classList.contains('waiting')) {
				node.remove()
				node = undefined
			}
			if (!node) {
				node = this.drawRow(i, row)
				this.drawn.set(i, node)
				this.body.append(node)
			}
			node.style.transform = `translateY(${i * height + shift}px)`
		}
		if (this.rowCount && !this.rowAt(last))
			void this.walk()
	}

	private drawRow(i: number, row: any[] | undefined): HTMLElement {
		const node = make('div', 'vgrid-row')
		node.setAttribute('role', 'row')
		node.setAttribute('aria-rowindex', String(i + 2))
		node.dataset.row = String(i)
		node.style.height = this.rowHeight + 'px'
		if (i % 2)
			node.classList.add('odd')
		if (!row) {
			node.classList.add('waiting')
			const cell = make('div', 'vgrid-cell', node)
			cell.setAttribute('role', 'gridcell')
			cell.textContent = this.options.words.loading
			return node
		}
		const until = this.flashes.get(row[0])
		if (until && until > performance.now())
			node.classList.add('lit')
		if (this.cards) {
			const cell = make('div', 'vgrid-card', node)
			cell.setAttribute('role', 'gridcell')
			cell.tabIndex = 0
			this.options.drawCard(cell, row, this.titles)
			return node
		}
		let left = 0
		this.columns.forEach((c, column) => {
			const cell = make('div', 'vgrid-cell' + (c.right ? ' right' : ''), node)
			cell.setAttribute('role', 'gridcell')
			cell.setAttribute('aria-colindex', String(column + 1))
			cell.tabIndex = this.focus.row === i && this.focus.column === column ? 0 : -1
			if (c.pinned) {
				cell.classList.add('pinned')
				cell.style.left = left + 'px'
				left += c.width
			}
			c.draw(cell, row[column + 1], row, this.titles)
		})
		return node
	}

	/** Follows the chain of pages until what is in sight is there. */
	private async walk(): Promise<void> {
		if (this.walking || !this.source)
			return
		this.walking = true
		const signal = this.control.signal
		try {
			while (!signal.aborted) {
				const want = this.pageOf(this.lastInSight())
				const have = this.pages.length
				if (have > want || this.cursors[have] == null)
					break
				const page = await this.source.page(this.cursors[have], PAGE, signal)
				if (signal.aborted)
					return
				this.pages[have] = page.rows
				this.cursors[have + 1] = page.next
				Object.assign(this.titles, page.titles)
				this.later()
			}
		} catch (e) {
			if ((e as Error).name !== 'AbortError')
				this.options.failed(e)
		} finally {
			if (!signal.aborted)
				this.walking = false
		}
	}

	private click(e: MouseEvent): void {
		const target = e.target as HTMLElement
		const heading = target.closest<HTMLElement>('.vgrid-head .vgrid-cell')
		if (heading) {
			const column = this.columns[Number(heading.getAttribute('aria-colindex')) - 1]
			if (column.sortable)
				this.options.sort(column.key, e.shiftKey)
			return
		}
		const node = target.closest<HTMLElement>('.vgrid-row')
		const row = node && this.rowAt(Number(node.dataset.row))
		if (row && !target.closest('a') && !getSelection()?.toString())
			this.options.open(row, e.ctrlKey || e.metaKey)
	}

	private key(e: KeyboardEvent): void {
		const cell = (e.target as HTMLElement).closest<HTMLElement>('.vgrid-cell, .vgrid-card')
		if (!cell || (e.target as HTMLElement).closest('a') && e.key === 'Enter')
			return
		const node = cell.closest<HTMLElement>('.vgrid-row')
		let row = node ? Number(node.dataset.row) : -1
		let column = Number(cell.getAttribute('aria-colindex') ?? 1) - 1
		const page = Math.max(1, Math.floor(this.box.clientHeight / this.rowHeight) - 1)
		switch (e.key) {
			case 'ArrowDown': row++; break
			case 'ArrowUp': row--; break
			case 'ArrowRight': column++; break
			case 'ArrowLeft': column--; break
			case 'PageDown': row += page; break
			case 'PageUp': row -= page; break
			case 'Home': column = 0; if (e.ctrlKey) row = 0; break
			case 'End': column = this.columns.length - 1; if (e.ctrlKey) row = this.rowCount - 1; break
			case 'Enter':
			case ' ':
				e.preventDefault()
				if (row < 0) {
					if (this.columns[column].sortable)
						this.options.sort(this.columns[column].key, e.shiftKey)
				} else if (this.rowAt(row)) {
					this.options.open(this.rowAt(row)!, e.ctrlKey || e.metaKey)
				}
				return
			default: return
		}
		e.preventDefault()
		this.moveTo(Math.min(Math.max(row, this.cards ? 0 : -1), this.rowCount - 1), Math.min(Math.max(column, 0), this.columns.length - 1))
	}

	private moveTo(row: number, column: number): void {
		this.box.querySelectorAll<HTMLElement>('.vgrid-cell[tabindex="0"]').forEach((c) => (c.tabIndex = -1))
		this.focus = { row, column }
		if (row >= 0) {
			const height = this.rowHeight
			const room = this.box.clientHeight - this.head.offsetHeight - this.foot.offsetHeight
			const top = this.box.scrollTop / this.scale
			if (row * height < top)
				this.box.scrollTop = row * height * this.scale
			else if ((row + 1) * height > top + room)
				this.box.scrollTop = ((row + 1) * height - room) * this.scale
			this.draw()
		}
		const parent = row < 0 ? this.head : this.drawn.get(row)
		const cell = parent?.querySelector<HTMLElement>(this.cards ? '.vgrid-card' : `[aria-colindex="${column + 1}"]`)
		if (cell) {
			cell.tabIndex = 0
			cell.focus({ preventScroll: row < 0 })
		}
	}
}

function make(tag: string, name: string, parent?: HTMLElement): HTMLElement {
	const node = document.createElement(tag)
	node.className = name
	parent?.append(node)
	return node
}
