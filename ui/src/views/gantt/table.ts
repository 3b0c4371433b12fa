// The left side: a real treegrid of what the chart shows. One tab stop; aria-activedescendant names the cell.
import { HEAD, ROW } from './paint'
import { COLUMN_LEAST, COLUMN_MOST, type GanttColumn, type GanttData, type GanttOptions, type GanttRow } from './types'
import { SHAPES, type Slot } from '../../base/lights'

function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, into: HTMLElement): HTMLElementTagNameMap[K] {
	const node = document.createElement(tag)
	node.className = name
	into.append(node)
	return node
}

function lightOf(row: GanttRow): HTMLElement {
	const light = document.createElement('span')
	light.className = 'light is-' + row.slot
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
	svg.setAttribute('viewBox', '0 0 16 16')
	svg.setAttribute('role', 'img')
	svg.setAttribute('aria-label', row.slotWord ?? '')
	const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
	path.setAttribute('d', SHAPES[row.slot as Slot])
	path.setAttribute('fill-rule', 'evenodd')
	svg.append(path)
	light.append(svg)
	return light
}

interface Line { node: HTMLElement; row: GanttRow | null; built: string }

export class Table {
	readonly box: HTMLElement
	private head: HTMLElement
	private body: HTMLElement
	private live = new Map<number, Line>() // by place
	private editor: HTMLInputElement | null = null
	private problem: HTMLElement | null = null

	constructor(root: HTMLElement, private id: string, private options: GanttOptions) {
		this.box = make('div', 'gantt-table', root)
		this.box.tabIndex = 0
		this.box.setAttribute('role', 'treegrid')
		this.box.setAttribute('aria-label', options.label)
		this.head = make('div', 'gantt-head', this.box)
		this.head.setAttribute('role', 'row')
		this.head.style.height = HEAD + 'px'
		this.body = make('div', 'gantt-body', this.box)
		this.body.setAttribute('role', 'rowgroup')
	}

	setColumns(columns: GanttColumn[]): void {
		this.layOut(columns.map((c) => c.width))
		this.head.replaceChildren(...columns.map((c, i) => {
			const cell = document.createElement('div')
			cell.className = 'gantt-cell' + (c.right ? ' right' : '')
			cell.setAttribute('role', 'columnheader')
			cell.setAttribute('aria-colindex', String(i + 1))
			make('span', 'gantt-word', cell).textContent = c.label
			const edge = make('span', 'gantt-edge', cell)
			edge.setAttribute('aria-hidden', 'true') // by keyboard: the page's menu of columns
			edge.addEventListener('pointerdown', (e) => this.stretch(e, edge, columns, i))
			return cell
		}))
		this.box.setAttribute('aria-colcount', String(columns.length))
		this.drop()
	}
	/** An edge of the heading follows the pointer. */
	private stretch(e: PointerEvent, edge: HTMLElement, columns: GanttColumn[], i: number): void {
		e.preventDefault()
		edge.setPointerCapture(e.pointerId)
		const widths = columns.map((c) => c.width)
		const move = (m: PointerEvent): void => {
			widths[i] = Math.max(COLUMN_LEAST, Math.min(COLUMN_MOST, columns[i].width + m.clientX - e.clientX))
			this.layOut(widths)
		}
		edge.addEventListener('pointermove', move)
		edge.addEventListener('lostpointercapture', () => {
			edge.removeEventListener('pointermove', move)
			this.options.widened?.(columns[i].id, widths[i])
		}, { once: true })
	}
	private layOut(widths: number[]): void {
		this.box.style.setProperty('--gantt-columns', widths.map((w) => w + 'px').join(' '))
		this.box.style.setProperty('--gantt-width', widths.reduce((sum, w) => sum + w, 0) + 'px')
	}
	/** Where the table is too narrow for the columns before it, they are scrolled away. */
	reveal(columns: GanttColumn[], tree: number): void {
		const before = columns.slice(0, tree).reduce((sum, c) => sum + c.width, 0)
		if (this.box.clientWidth < before + 150)
			this.box.scrollLeft = before
	}
	drop(): void {
		for (const { node } of this.live.values())
			node.remove()
		this.live.clear()
	}

	/** Rows first..last stand; the others go. What stands already gets the texts that have changed. */
	show(data: GanttData, shown: number[], folded: Set<string>, first: number, last: number, top: number, at: number, column: number, focused: boolean): void {
		this.box.setAttribute('aria-rowcount', String(shown.length + 1))
		for (const [place, { node }] of this.live)
			if (place < first || place >= last) {
				node.remove()
				this.live.delete(place)
			}
		for (let place = first; place < last; place++) {
			const row = data.rows[shown[place]]
			let line = this.live.get(place)
			if (!line) {
				line = { node: make('div', '', this.body), row: null, built: '' }
				line.node.setAttribute('role', 'row')
				this.live.set(place, line)
			}
			const closed = folded.has(row.key)
			if (line.row !== row || (row.group && line.built !== Table.frame(row, closed)))
				this.fill(line, data, row, place, closed)
			const { node } = line
			node.style.transform = `translateY(${place * ROW - top}px)`
			const on = shown[place] === at
			node.classList.toggle('at', on)
			node.setAttribute('aria-selected', String(on))
			for (const [i, cell] of [...node.children].entries())
				cell.classList.toggle('at', on && focused && i === column)
		}
		if (at >= 0)
			this.box.setAttribute('aria-activedescendant', `${this.id}-${data.rows[at].key}-${column}`)
		else
			this.box.removeAttribute('aria-activedescendant')
	}
	/** What the cells of a row are built from; with another one they are built anew. */
	private static frame(row: GanttRow, closed: boolean): string {
		return [row.key, row.level, +row.group, +closed, row.slot, row.slotWord].join(' ')
	}
	private fill(line: Line, data: GanttData, row: GanttRow, place: number, closed: boolean): void {
		const { node } = line
		const frame = Table.frame(row, closed)
		if (line.built !== frame) {
			if (this.editor && node.contains(this.editor))
				return
			this.build(node, data, row, closed)
			line.built = frame
		}
		line.row = row
		node.className = `gantt-row ${row.kind}${row.group ? ' group' : ''}${row.critical ? ' critical' : ''}`
		node.setAttribute('aria-rowindex', String(place + 2))
		node.dataset.place = String(place)
		for (let i = 0; i < data.columns.length; i++) {
			const cell = node.children[i] as HTMLElement
			const text = row.cells[data.columns[i].id] ?? ''
			const span = cell.querySelector('.gantt-text')!
			if (span.textContent !== text) {
				span.textContent = text
				cell.title = text.length > 8 ? text : ''
			}
		}
	}
	private build(node: HTMLElement, data: GanttData, row: GanttRow, closed: boolean): void {
		node.dataset.key = row.key
		node.setAttribute('aria-level', String(row.level + 1))
		if (row.group)
			node.setAttribute('aria-expanded', String(!closed))
		else
			node.removeAttribute('aria-expanded')
		node.replaceChildren(...data.columns.map((c, i) => {
			const cell = document.createElement('div')
			cell.className = 'gantt-cell' + (c.right ? ' right' : '')
			cell.id = `${this.id}-${row.key}-${i}`
			cell.dataset.column = String(i)
			cell.dataset.id = c.id
			cell.setAttribute('role', 'gridcell')
			cell.setAttribute('aria-colindex', String(i + 1))
			if (i === data.tree) {
				cell.style.paddingLeft = 6 + row.level * 14 + 'px'
				const fold = make('span', 'gantt-fold', cell)
				fold.textContent = row.group ? (closed ? '▸' : '▾') : ''
				fold.setAttribute('aria-hidden', 'true')
				if (row.slot)
					cell.append(lightOf(row))
			}
			make('span', 'gantt-text', cell)
			return cell
		}))
	}

	/* ---- an input over a cell ---- */

	get editing(): boolean {
		return this.editor !== null
	}
	edit(place: number, column: number, text: string, label: string, commit: (text: string) => string, after: (how: 'stay' | 'next') => void): void {
		const cell = this.live.get(place)?.node.children[column] as HTMLElement | undefined
		if (!cell)
			return
		this.endEdit()
		const input = (this.editor = make('input', 'gantt-input', cell))
		input.value = text
		input.setAttribute('aria-label', label)
		input.select()
		input.focus()
		const done = (how: 'stay' | 'next'): void => {
			if (this.editor !== input)
				return
			const wrong = commit(input.value)
			if (wrong) {
				input.setAttribute('aria-invalid', 'true')
				this.problem?.remove()
				this.problem = make('p', 'gantt-wrong', document.body)
				this.problem.id = this.id + '-wrong'
				this.problem.setAttribute('role', 'alert')
				this.problem.textContent = wrong
				const r = input.getBoundingClientRect()
				this.problem.style.left = r.left + 'px'
				this.problem.style.top = r.bottom + 2 + 'px'
				input.setAttribute('aria-describedby', this.problem.id)
				return
			}
			this.endEdit()
			after(how)
		}
		input.addEventListener('keydown', (e) => {
			e.stopPropagation()
			if (e.key === 'Enter' || e.key === 'Tab') {
				e.preventDefault()
				done(e.key === 'Tab' ? 'next' : 'stay')
			} else if (e.key === 'Escape') {
				e.preventDefault()
				this.endEdit()
				after('stay')
			}
		})
		input.addEventListener('blur', () => done('stay'))
		input.addEventListener('pointerdown', (e) => e.stopPropagation())
	}
	endEdit(): void {
		const input = this.editor
		this.editor = null
		input?.remove()
		this.problem?.remove()
		this.problem = null
	}
}
