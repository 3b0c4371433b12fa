// A Gantt chart over a DOM node: the treegrid at the left and the canvas at the right scroll as one and show the same rows.
// What rows mean, how an edit changes them and what is computed is the page's business (types.ts); this class never does it.
import { HEAD, Painter, ROW, type Drag } from './paint'
import { Table } from './table'
import { NARROWEST, PIXELS, span, WIDEST, zoomOf } from './time'
import { ZOOMS, type GanttData, type GanttLink, type GanttOptions, type GanttRow, type Zoom } from './types'

const GRIP = 7 // pixels of a bar's end that resize it
let charts = 0

export class GanttView {
	private table: Table
	private splitter: HTMLElement
	private chart: HTMLElement
	private room: HTMLElement
	private canvas: HTMLCanvasElement
	private painter: Painter
	private data: GanttData = { rows: [], links: [], columns: [], tree: 0, today: null, dataDate: null, required: null, free: () => ({ free: false, name: '' }) }
	private shown: number[] = [] // positions in rows, folded ones left out
	private place = new Int32Array(0) // of a row among the shown, -1
	private linksOf: GanttLink[][] = []
	private folded = new Set<string>()
	private at = ''
	private column = 0
	private perDay = PIXELS.week
	private from = 0
	private to = 1
	private frame = 0
	private drag: Drag | null = null
	private focused = false
	private fitted = false
	private watcher: ResizeObserver
	private looks: MutationObserver

	constructor(private root: HTMLElement, private options: GanttOptions) {
		const id = `gantt${++charts}`
		root.classList.add('gantt')
		this.table = new Table(root, id, options)
		this.splitter = document.createElement('div')
		root.append(this.splitter)
		const right = document.createElement('div')
		right.className = 'gantt-right'
		root.append(right)
		this.canvas = document.createElement('canvas')
		this.canvas.setAttribute('aria-hidden', 'true')
		this.chart = document.createElement('div')
		this.chart.className = 'gantt-chart'
		this.chart.tabIndex = 0
		this.chart.setAttribute('role', 'group')
		this.chart.setAttribute('aria-label', options.chartLabel)
		this.room = document.createElement('div')
		this.chart.append(this.room)
		right.append(this.canvas, this.chart)
		this.painter = new Painter(this.canvas)
		this.chart.addEventListener('scroll', () => this.later(), { passive: true })
		this.chart.addEventListener('wheel', (e) => this.wheel(e), { passive: false })
		this.table.box.addEventListener('wheel', (e) => {
			if (!e.ctrlKey && Math.abs(e.deltaY) > Math.abs(e.deltaX)) {
				e.preventDefault()
				this.chart.scrollTop += e.deltaY * (e.deltaMode === 1 ? ROW : 1)
			}
		}, { passive: false })
		for (const node of [this.table.box, this.chart]) {
			node.addEventListener('keydown', (e) => this.key(e))
			node.addEventListener('focus', () => this.focus(true))
			node.addEventListener('blur', () => this.focus(false))
		}
		this.table.box.addEventListener('pointerdown', (e) => this.pressCell(e))
		this.table.box.addEventListener('dblclick', () => this.edit())
		this.chart.addEventListener('pointerdown', (e) => this.press(e))
		this.chart.addEventListener('pointermove', (e) => this.hover(e))
		this.setSplit()
		this.watcher = new ResizeObserver(() => {
			this.setUsual()
			this.fitOnce()
			this.later()
		})
		this.watcher.observe(root)
		this.watcher.observe(right)
		this.looks = new MutationObserver(() => this.later())
		this.looks.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] })
	}

	close(): void {
		this.table.endEdit()
		this.watcher.disconnect()
		this.looks.disconnect()
		cancelAnimationFrame(this.frame)
		this.root.replaceChildren()
	}

	/* ---- what is shown ---- */

	set(data: GanttData): void {
		const { columns, links, rows: { length } } = this.data
		this.data = data
		if (columns.length !== data.columns.length || columns.some((c, i) => c.label !== data.columns[i].label || c.width !== data.columns[i].width)) {
			this.table.setColumns(data.columns)
			this.setUsual()
		}
		if (links !== data.links || length !== data.rows.length) {
			this.linksOf = data.rows.map(() => [])
			for (const l of data.links) {
				this.linksOf[l.from].push(l)
				if (l.to !== l.from)
					this.linksOf[l.to].push(l)
			}
		}
		if (!this.drag) { // the ground does not move under the pointer
			const [from, to] = this.spanned()
			const shift = this.fitted ? (this.from - from) * this.perDay : 0
			this.from = from
			this.to = to
			this.size()
			if (shift)
				this.chart.scrollLeft += shift
		}
		if (data.rows.length && !data.rows.some((r) => r.key === this.at))
			this.at = data.rows[0].key
		this.arrange()
		this.fitOnce()
	}
	private spanned(): [number, number] {
		const { rows, today, dataDate, required } = this.data
		const dates: (number | null)[] = [today, dataDate, required, ...(this.data.span ?? [])]
		for (const r of rows) {
			dates.push(r.start, r.finish)
			for (const g of r.ghosts)
				dates.push(g.start, g.finish)
			for (const m of r.marks)
				dates.push(m.at)
		}
		return span(dates)
	}
	private arrange(): void {
		const { rows } = this.data
		const hidden = new Uint8Array(rows.length)
		this.place = new Int32Array(rows.length).fill(-1)
		this.shown = []
		for (let i = 0; i < rows.length; i++) {
			const { parent } = rows[i]
			hidden[i] = +(parent >= 0 && (!!hidden[parent] || (this.folded.size > 0 && this.folded.has(rows[parent].key))))
			if (!hidden[i]) {
				this.place[i] = this.shown.length
				this.shown.push(i)
			}
		}
		this.size()
		this.later()
	}
	private size(): void {
		this.room.style.width = Math.ceil((this.to - this.from) * this.perDay) + 'px'
		this.room.style.height = HEAD + this.shown.length * ROW + 8 + 'px'
	}
	private fitOnce(): void {
		if (this.fitted || !this.data.rows.length || !this.chart.clientWidth)
			return
		this.fitted = true
		this.table.reveal(this.data.columns, this.data.tree)
		this.fit()
	}
	/** The whole of it in sight, as far as words remain readable. */
	fit(): void {
		this.perDay = Math.max(NARROWEST, Math.min(WIDEST, this.chart.clientWidth / (this.to - this.from)))
		this.size()
		this.chart.scrollLeft = 0
		this.later()
		this.options.zoomed?.(zoomOf(this.perDay))
	}
	/** Around the bar under the cursor, if it is in sight. */
	zoom(to: Zoom): void {
		const x = ((this.row?.start ?? Infinity) - this.from) * this.perDay - this.chart.scrollLeft
		this.scale(PIXELS[to], x >= 0 && x < this.chart.clientWidth ? x : undefined)
	}
	zoomBy(steps: number): void {
		const i = ZOOMS.indexOf(zoomOf(this.perDay)) - steps
		this.zoom(ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, i))])
	}
	/** The day under `x` of the chart stays where it is. */
	private scale(perDay: number, x = this.chart.clientWidth / 2): void {
		const day = this.from + (this.chart.scrollLeft + x) / this.perDay
		this.perDay = Math.max(NARROWEST, Math.min(WIDEST, perDay))
		this.size()
		this.chart.scrollLeft = (day - this.from) * this.perDay - x
		this.later()
		this.options.zoomed?.(zoomOf(this.perDay))
	}
	showDay(day: number): void {
		this.chart.scrollLeft = (day - this.from) * this.perDay - this.chart.clientWidth / 3
	}
	private later(): void {
		this.frame ||= requestAnimationFrame(() => {
			this.frame = 0
			this.paint()
		})
	}
	private paint(): void {
		const c = this.chart
		const view = { left: c.scrollLeft, top: c.scrollTop, width: c.clientWidth, height: c.clientHeight, origin: this.from, perDay: this.perDay }
		if (!view.width)
			return
		this.canvas.style.width = view.width + 'px'
		this.canvas.style.height = view.height + 'px'
		const at = this.index()
		this.painter.paint(this.data, this.shown, this.place, this.linksOf, view, this.options.lang(), at, this.drag, this.options.lineWord)
		const first = Math.max(0, Math.floor(view.top / ROW) - 2)
		const last = Math.min(this.shown.length, Math.ceil((view.top + view.height - HEAD) / ROW) + 2)
		this.splitter.setAttribute('aria-valuenow', String(Math.round((100 * this.table.box.offsetWidth) / this.root.clientWidth)))
		this.options.seen?.(first, last)
		this.table.show(this.data, this.shown, this.folded, first, last, view.top, this.place[at] >= 0 ? at : -1, this.column, this.focused)
	}

	/* ---- where the cursor is ---- */

	private index(): number {
		return this.data.rows.findIndex((r) => r.key === this.at)
	}
	get row(): GanttRow | null {
		return this.data.rows[this.index()] ?? null
	}
	select(key: string): void {
		const i = this.data.rows.findIndex((r) => r.key === key)
		if (i < 0)
			return
		for (let p = this.data.rows[i].parent; p >= 0; p = this.data.rows[p].parent)
			this.folded.delete(this.data.rows[p].key)
		this.at = key
		this.arrange()
		this.reveal()
		this.options.select?.(this.data.rows[i])
	}
	private move(place: number): void {
		if (!this.shown.length)
			return
		const row = this.data.rows[this.shown[Math.max(0, Math.min(this.shown.length - 1, place))]]
		this.at = row.key
		this.reveal()
		this.later()
		this.options.select?.(row)
	}
	/** Scrolled so that the row is in sight, and its bar too when it is not. */
	private reveal(bar = true): void {
		const row = this.row
		const place = this.place[this.index()]
		if (!row || place < 0)
			return
		const c = this.chart
		const top = place * ROW
		if (top < c.scrollTop)
			c.scrollTop = top
		else if (top + ROW + HEAD > c.scrollTop + c.clientHeight)
			c.scrollTop = top + ROW + HEAD - c.clientHeight
		if (!bar || row.start == null || row.finish == null)
			return
		const [a, b] = [(row.start - this.from) * this.perDay, (row.finish - this.from) * this.perDay]
		if (b < c.scrollLeft + 20 || a > c.scrollLeft + c.clientWidth - 40)
			c.scrollLeft = Math.max(0, a - c.clientWidth / 4)
	}
	private focus(on: boolean): void {
		this.focused = on
		this.later()
	}
	takeFocus(): void {
		this.table.box.focus()
	}

	/* ---- keys ---- */

	private key(e: KeyboardEvent): void {
		const act = this.command(e)
		if (act) {
			e.preventDefault()
			e.stopPropagation()
			act()
		}
	}
	private command(e: KeyboardEvent): (() => void) | null {
		const row = this.row
		const place = this.place[this.index()] ?? -1
		const page = Math.max(1, Math.floor((this.chart.clientHeight - HEAD) / ROW) - 1)
		const control = e.ctrlKey || e.metaKey
		const letter = e.key.toLowerCase()
		if (control && letter === 'z')
			return () => this.options.command?.(e.shiftKey ? 'redo' : 'undo')
		if (control && letter === 'y')
			return () => this.options.command?.('redo')
		if (control && letter === 's')
			return () => this.options.command?.('save')
		if (control)
			return null
		if (e.altKey) {
			const days = e.key === 'ArrowLeft' ? -1 : e.key === 'ArrowRight' ? 1 : 0
			if (!days || !row)
				return null
			return () => row.movable && this.options.shift?.(row, e.shiftKey ? 'resize' : 'move', days, true)
		}
		switch (e.key) {
			case 'ArrowDown': return () => this.move(place + 1)
			case 'ArrowUp': return () => this.move(place - 1)
			case 'PageDown': return () => this.move(place + page)
			case 'PageUp': return () => this.move(place - page)
			case 'Home': return () => this.move(0)
			case 'End': return () => this.move(this.shown.length - 1)
			case 'ArrowLeft': return () => this.sideways(-1)
			case 'ArrowRight': return () => this.sideways(1)
			case 'Enter': case 'F2': return () => this.edit()
			case '+': case '=': return () => this.zoomBy(1)
			case '-': case '_': return () => this.zoomBy(-1)
			case '0': return () => this.fit()
			case 'Insert': return () => this.options.command?.('add')
			case 'Delete': return () => this.options.command?.('remove')
		}
		return null
	}
	private sideways(by: 1 | -1): void {
		const row = this.row
		if (!row)
			return
		if (this.column === this.data.tree && row.group && this.folded.has(row.key) === (by === 1))
			return this.fold(row)
		if (by === -1 && this.column === 0) {
			if (row.parent >= 0)
				this.move(this.place[row.parent])
			return
		}
		this.column = Math.max(0, Math.min(this.data.columns.length - 1, this.column + by))
		this.later()
	}
	private fold(row: GanttRow): void {
		if (!this.folded.delete(row.key))
			this.folded.add(row.key)
		this.arrange()
	}
	foldAll(close: boolean): void {
		this.folded = new Set(close ? this.data.rows.filter((r) => r.group).map((r) => r.key) : [])
		for (let p = this.row?.parent ?? -1; p >= 0; p = this.data.rows[p].parent)
			if (close)
				this.at = this.data.rows[p].key
		this.arrange()
	}

	/* ---- editing a cell ---- */

	edit(name?: string): void {
		const row = this.row
		const column = name === undefined ? this.column : this.data.columns.findIndex((c) => c.id === name)
		const col = this.data.columns[column]
		if (!row || !col)
			return
		if (!col.edit || !this.options.edit || row.number === 0)
			return this.options.activate?.(row)
		this.column = column
		this.reveal(false)
		this.paint()
		this.table.edit(this.place[this.index()], column, row.cells[col.id], `${col.label}: ${row.name}`, (text) => (text === row.cells[col.id] ? '' : this.options.edit!(row, col, text)), (how) => {
			this.table.drop()
			this.table.box.focus()
			if (how === 'next')
				this.column = Math.min(this.data.columns.length - 1, this.column + 1)
			this.later()
		})
	}

	/* ---- the pointer ---- */

	private pressCell(e: PointerEvent): void {
		const target = e.target as HTMLElement
		const line = target.closest<HTMLElement>('.gantt-row')
		if (!line || target.tagName === 'INPUT')
			return
		const cell = target.closest<HTMLElement>('.gantt-cell')
		this.column = Number(cell?.dataset.column ?? this.column)
		this.move(Number(line.dataset.place))
		if (target.classList.contains('gantt-fold') && this.row?.group)
			this.fold(this.row)
	}
	/** What lies under a point of the chart. */
	hit(x: number, y: number): { row: number; part: 'bar' | 'end' | 'dot' | 'row' } | null {
		const row = y < HEAD ? undefined : this.shown[Math.floor((y - HEAD + this.chart.scrollTop) / ROW)]
		if (row === undefined)
			return null
		const r = this.data.rows[row]
		if (r.start == null || r.finish == null)
			return { row, part: 'row' }
		const at = (day: number) => (day - this.from) * this.perDay - this.chart.scrollLeft
		const [a, b] = [at(r.start), Math.max(at(r.finish), at(r.start) + 2)]
		if (r.kind === 'milestone')
			return { row, part: Math.abs(x - b) <= 9 ? 'bar' : x > b && x <= b + 18 ? 'dot' : 'row' }
		if (x > b && x <= b + 12)
			return { row, part: 'dot' }
		if (x >= Math.max(b - GRIP, (a + b) / 2) && x <= b)
			return { row, part: r.kind === 'task' ? 'end' : 'bar' }
		return { row, part: x >= a - 2 && x <= b ? 'bar' : 'row' }
	}
	private spot(e: PointerEvent): [number, number] {
		const box = this.chart.getBoundingClientRect()
		const scale = box.width / this.chart.offsetWidth || 1 // the page may be zoomed (large text)
		return [(e.clientX - box.left) / scale, (e.clientY - box.top) / scale]
	}
	private hover(e: PointerEvent): void {
		if (this.drag)
			return
		const [x, y] = this.spot(e)
		const h = this.hit(x, y)
		const r = h && this.data.rows[h.row]
		this.chart.style.cursor = !h || !r?.movable || h.part === 'row' ? '' : h.part === 'end' ? 'ew-resize' : h.part === 'dot' ? 'crosshair' : 'grab'
		const text = r && h.part !== 'row' ? this.options.describe(r) : ''
		if (this.chart.title !== text)
			this.chart.title = text
	}
	private press(e: PointerEvent): void {
		const [x0, y0] = this.spot(e)
		const h = this.hit(x0, y0)
		if (!h || e.button !== 0 || x0 > this.chart.clientWidth || y0 > this.chart.clientHeight)
			return
		const row = this.data.rows[h.row]
		this.at = row.key
		this.later()
		this.options.select?.(row)
		if (h.part === 'row' || !row.movable || !this.options.shift)
			return
		e.preventDefault()
		this.chart.focus({ preventScroll: true })
		this.chart.setPointerCapture(e.pointerId)
		const drag: Drag = (this.drag = { row: h.row, what: h.part === 'end' ? 'resize' : h.part === 'dot' ? 'link' : 'move', days: 0, x: x0, y: y0, over: -1, drawn: false })
		const move = (m: PointerEvent) => {
			const [x, y] = this.spot(m)
			drag.x = x
			drag.y = y
			if (drag.what === 'link') {
				const over = this.hit(x, y)
				drag.over = over && over.part !== 'row' && over.row !== drag.row ? over.row : -1
				return this.later()
			}
			const days = Math.round((x - x0) / this.perDay)
			if (days !== drag.days) {
				drag.days = days
				drag.drawn = !!this.options.shift!(row, drag.what, days, false)
			}
			this.later()
		}
		const end = (keep: boolean) => {
			this.chart.removeEventListener('pointermove', move)
			this.chart.removeEventListener('pointerup', up)
			this.chart.removeEventListener('pointercancel', cancel)
			removeEventListener('keydown', escape, true)
			this.drag = null
			if (drag.what === 'link') {
				if (keep && drag.over >= 0)
					this.options.link?.(row, this.data.rows[drag.over])
			} else if (drag.days || drag.drawn) {
				this.options.shift!(row, drag.what, keep ? drag.days : 0, true)
			}
			this.later()
		}
		const up = () => end(true)
		const cancel = () => end(false)
		const escape = (k: KeyboardEvent) => {
			if (k.key === 'Escape') {
				k.stopPropagation()
				end(false)
			}
		}
		this.chart.addEventListener('pointermove', move)
		this.chart.addEventListener('pointerup', up)
		this.chart.addEventListener('pointercancel', cancel)
		addEventListener('keydown', escape, true)
	}
	private wheel(e: WheelEvent): void {
		if (!e.ctrlKey && !e.metaKey)
			return
		e.preventDefault()
		this.scale(this.perDay * Math.exp(-e.deltaY * 0.0022), e.clientX - this.chart.getBoundingClientRect().left)
	}
	/** What divides table and chart: by pointer or by arrows. */
	private setSplit(): void {
		const { splitter } = this
		splitter.className = 'gantt-split'
		splitter.tabIndex = 0
		splitter.setAttribute('role', 'separator')
		splitter.setAttribute('aria-orientation', 'vertical')
		splitter.setAttribute('aria-label', this.options.splitLabel)
		const width = () => this.table.box.offsetWidth
		const tell = () => this.options.spread?.(width())
		splitter.addEventListener('keydown', (e) => {
			const by = e.key === 'ArrowLeft' ? -20 : e.key === 'ArrowRight' ? 20 : 0
			if (!by)
				return
			e.preventDefault()
			this.spread(width() + by)
			tell()
		})
		splitter.addEventListener('pointerdown', (e) => {
			splitter.setPointerCapture(e.pointerId)
			const from = e.clientX - width()
			const move = (m: PointerEvent) => this.spread(m.clientX - from)
			splitter.addEventListener('pointermove', move)
			splitter.addEventListener('lostpointercapture', () => {
				splitter.removeEventListener('pointermove', move)
				tell()
			}, { once: true })
		})
	}
	/** Usually the table ends where a column does, at not quite half of the room; too little for the names is the style's to say. */
	private setUsual(): void {
		const { columns, tree } = this.data
		const room = Math.min(680, this.root.clientWidth * 0.48)
		let width = 0
		let whole = 0
		while (whole < columns.length && width + columns[whole].width <= room)
			width += columns[whole++].width
		if (whole > tree)
			this.root.style.setProperty('--gantt-usual', width + 'px')
		else
			this.root.style.removeProperty('--gantt-usual')
	}
	/** The table that wide; null: as usual. */
	spread(left: number | null): void {
		if (left == null)
			this.root.style.removeProperty('--gantt-left')
		else
			this.root.style.setProperty('--gantt-left', Math.max(120, left) + 'px')
	}
}
