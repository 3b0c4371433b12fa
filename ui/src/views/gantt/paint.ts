// The chart on its canvas: what is in sight, nothing else. Colours are the page's tokens; what is critical also has a pattern.
import { SHAPES, type Slot } from '../../base/lights'
import { head } from './time'
import type { GanttData, GanttLink, GanttRow } from './types'

export const ROW = 30
export const HEAD = 48

export interface View { left: number; top: number; width: number; height: number; origin: number; perDay: number }
export interface Drag { row: number; what: 'move' | 'resize' | 'link'; days: number; x: number; y: number; over: number; drawn: boolean }

const NAMES = ['surface', 'surface-2', 'line', 'line-strong', 'text', 'muted', 'faint', 'primary', 'primary-soft', 'primary-strong', 'serious', 'serious-fill', 'serious-soft', 'green', 'green-fill', 'watch-fill', 'warn-fill', 'none-fill', 'outside-fill', 'undefined', 'undefined-soft', 'undefined-fill', 'exempt-fill', 'none-soft', 'hover', 'warn', 'focus', 'font'] as const
type Colours = Record<(typeof NAMES)[number], string>

const shapes = new Map<string, Path2D>()
function shapeOf(slot: Slot): Path2D {
	let p = shapes.get(slot)
	if (!p)
		shapes.set(slot, (p = new Path2D(SHAPES[slot])))
	return p
}

interface Flag { text: string; colour: string; at: number; left: number; right: number }

export class Painter {
	private draw: CanvasRenderingContext2D
	private colours!: Colours
	private hatch: CanvasPattern | null = null
	private theme = ''

	constructor(private canvas: HTMLCanvasElement) {
		this.draw = canvas.getContext('2d')!
	}

	/** The tokens as they are now; asked once per look of the page. */
	private look(): void {
		const theme = document.documentElement.className
		if (theme === this.theme && this.colours)
			return
		this.theme = theme
		const style = getComputedStyle(this.canvas)
		this.colours = Object.fromEntries(NAMES.map((n) => [n, style.getPropertyValue('--' + n).trim()])) as Colours
		const tile = document.createElement('canvas')
		tile.width = tile.height = 6
		const d = tile.getContext('2d')!
		d.strokeStyle = this.colours.surface
		d.globalAlpha = 0.75
		d.lineWidth = 1.4
		for (const x of [-6, 0, 6]) {
			d.beginPath()
			d.moveTo(x, 6)
			d.lineTo(x + 6, 0)
			d.stroke()
		}
		this.hatch = this.draw.createPattern(tile, 'repeat')
	}

	paint(data: GanttData, shown: number[], place: Int32Array, linksOf: GanttLink[][], v: View, lang: 'zh' | 'en', at: number, drag: Drag | null, lineWord: (l: 'today' | 'data' | 'required') => string): void {
		this.look()
		const { draw: d, colours: c } = this
		const ratio = window.devicePixelRatio || 1
		const [w, h] = [Math.round(v.width * ratio), Math.round(v.height * ratio)]
		if (this.canvas.width !== w || this.canvas.height !== h) {
			this.canvas.width = w
			this.canvas.height = h
		}
		d.setTransform(ratio, 0, 0, ratio, 0, 0)
		d.fillStyle = c.surface
		d.fillRect(0, 0, v.width, v.height)
		const x = (day: number) => (day - v.origin) * v.perDay - v.left
		const from = v.origin + v.left / v.perDay
		const to = from + v.width / v.perDay
		const first = Math.max(0, Math.floor(v.top / ROW))
		const last = Math.min(shown.length, Math.ceil((v.top + v.height - HEAD) / ROW))
		const y = (i: number) => HEAD + i * ROW - v.top
		const [upper, lower] = head(v.perDay, from, to, lang)

		d.save()
		d.beginPath()
		d.rect(0, HEAD, v.width, v.height - HEAD)
		d.clip()
		this.seasons(data, v, x)
		this.shade(data, v, from, to, x)
		d.fillStyle = c.line
		for (const t of lower)
			d.fillRect(Math.round(x(t.day)), HEAD, 1, v.height)
		for (let i = first; i < last; i++) {
			if (shown[i] === at) {
				d.fillStyle = c['primary-soft']
				d.globalAlpha = 0.65
				d.fillRect(0, y(i), v.width, ROW)
				d.globalAlpha = 1
			}
			d.fillStyle = c.line
			d.fillRect(0, y(i) + ROW - 1, v.width, 1)
		}
		this.lines(data, x, v)
		this.links(data, place, linksOf, shown, first, last, x, y, v, at)
		for (let i = first; i < last; i++)
			this.row(data.rows[shown[i]], shown[i], x, y(i), v, drag)
		this.seasonNames(data, v, x)
		if (drag?.what === 'link' && place[drag.row] >= 0)
			this.rubber(data.rows[drag.row], x, y(place[drag.row]), drag)
		d.restore()
		const flags = this.flags(data, x, v, lineWord)
		this.head(upper, lower, flags, x, v)
		this.raise(flags)
	}

	private seasons(data: GanttData, v: View, x: (d: number) => number): void {
		const { draw: d, colours: c } = this
		for (const s of data.seasons ?? []) {
			const [a, b] = [Math.max(0, x(s.from)), Math.min(v.width, x(s.to))]
			if (b <= a)
				continue
			d.fillStyle = s.stop ? c['undefined-soft'] : c['green-fill']
			d.fillRect(a, HEAD, b - a, s.stop ? v.height : 3)
		}
	}

	/** After days off and rows, on a ground of their own: stripes would cut the words, other words would cross them. */
	private seasonNames(data: GanttData, v: View, x: (d: number) => number): void {
		const { draw: d, colours: c } = this
		d.font = `11px ${c.font}`
		for (const s of data.seasons ?? []) {
			const [a, b] = [Math.max(0, x(s.from)), Math.min(v.width, x(s.to))]
			const [wide, y] = [d.measureText(s.name).width, v.height - (s.stop ? 6 : 20)]
			if (b - a < wide + 8)
				continue
			d.fillStyle = c.surface
			d.fillRect(a + 2, y - 10, wide + 4, 13)
			d.fillStyle = s.stop ? c.undefined : c.green
			d.fillText(s.name, a + 4, y)
		}
	}

	private shade(data: GanttData, v: View, from: number, to: number, x: (d: number) => number): void {
		const { draw: d, colours: c } = this
		if (v.perDay < 1)
			return
		let run = -1
		for (let day = Math.floor(from); day <= to + 1; day++) {
			const f = day <= to ? data.free(day) : null
			const named = !!f?.free && f.name !== ''
			// weekends only where they are more than a flicker; what has a name from a month's view on
			const on = !!f?.free && (named || v.perDay >= 3)
			if (on && run < 0)
				run = day
			if (!on && run >= 0) {
				d.fillStyle = c['none-soft']
				d.fillRect(x(run), HEAD, (day - run) * v.perDay, v.height)
				run = -1
			}
		}
		if (v.perDay < 6)
			return
		for (let day = Math.floor(from); day <= to; day++) { // a holiday is named at its top
			const f = data.free(day)
			if (!f.free || !f.name || (data.free(day - 1).name === f.name && day > from))
				continue
			d.save()
			d.translate(x(day) + 11, HEAD + 6)
			d.rotate(Math.PI / 2)
			d.fillStyle = c.muted
			d.font = `11px ${c.font}`
			d.fillText(f.name, 0, 4)
			d.restore()
		}
	}

	private lines(data: GanttData, x: (d: number) => number, v: View): void {
		const { draw: d, colours: c } = this
		const line = (at: number | null, colour: string, dash: number[]) => {
			if (at == null)
				return
			d.save()
			d.strokeStyle = colour
			d.lineWidth = 1.5
			d.setLineDash(dash)
			d.beginPath()
			d.moveTo(Math.round(x(at)) + 0.5, HEAD)
			d.lineTo(Math.round(x(at)) + 0.5, v.height)
			d.stroke()
			d.restore()
		}
		line(data.today, c.serious, [])
		line(data.dataDate, c.primary, [6, 4])
		line(data.required, c.warn, [2, 3])
	}

	/** The names of the lines, where they stand in the upper line of the head: from left to right, none over another. */
	private flags(data: GanttData, x: (d: number) => number, v: View, word: (l: 'today' | 'data' | 'required') => string): Flag[] {
		const { draw: d, colours: c } = this
		let right = -Infinity
		const all = ([['today', data.today, c.serious], ['data', data.dataDate, c.primary], ['required', data.required, c.warn]] as const)
			.filter(([, at]) => at != null && x(at) >= 0 && x(at) <= v.width).sort((a, b) => a[1]! - b[1]!)
		d.font = `11px ${c.font}`
		return all.map(([name, at, colour]) => {
			const text = word(name)
			const w = d.measureText(text).width + 8
			const left = Math.max(Math.min(x(at!) - w / 2, v.width - w), right + 2)
			right = left + w
			return { text, colour, at: x(at!), left, right }
		})
	}

	private raise(flags: Flag[]): void {
		const { draw: d, colours: c } = this
		d.font = `11px ${c.font}`
		d.textBaseline = 'middle'
		for (const f of flags) {
			d.fillStyle = f.colour
			d.fillRect(Math.round(f.at), 19, 1, HEAD - 19)
			d.fillRect(f.left, 4, f.right - f.left, 16)
			d.fillStyle = c.surface
			d.fillText(f.text, f.left + 4, 12)
		}
		d.textBaseline = 'alphabetic'
	}

	private head(upper: { day: number; until: number; text: string }[], lower: { day: number; until: number; text: string }[], flags: Flag[], x: (d: number) => number, v: View): void {
		const { draw: d, colours: c } = this
		d.fillStyle = c['surface-2']
		d.fillRect(0, 0, v.width, HEAD)
		d.textBaseline = 'middle'
		for (const [list, top, height, size] of [[upper, 0, 24, 12.5], [lower, 24, 24, 12]] as const) {
			d.font = `${size}px ${c.font}`
			for (const t of list) {
				const [a, b] = [x(t.day), x(t.until)]
				d.fillStyle = c['line-strong']
				d.fillRect(Math.round(a), top, 1, height)
				const wide = d.measureText(t.text).width
				d.fillStyle = list === upper ? c.text : c.muted
				let left = list === upper ? Math.max(a, 0) + 6 : a + (b - a - wide) / 2
				for (const f of list === upper ? flags : []) // a year stands beside a flag, not under it
					if (f.left < left + wide + 4 && f.right > left - 4)
						left = f.right + 6
				if (left + wide + 3 <= b)
					d.fillText(t.text, left, top + height / 2)
			}
		}
		d.textBaseline = 'alphabetic'
		d.fillStyle = c['line-strong']
		d.fillRect(0, HEAD - 1, v.width, 1)
	}

	private row(r: GanttRow, index: number, x: (d: number) => number, y: number, v: View, drag: Drag | null): void {
		const { draw: d, colours: c } = this
		for (const g of r.ghosts) {
			d.fillStyle = c['none-fill']
			if (r.kind === 'milestone')
				this.diamond(x(g.finish), y + 23, 4, c['none-fill'], '')
			else
				d.fillRect(x(g.start), y + 23, Math.max(2, (g.finish - g.start) * v.perDay), 4)
		}
		if (r.start != null && r.finish != null)
			this.bar(r, index, x, y, v, drag)
		for (const m of r.marks)
			this.diamond(x(m.at), y + 14, 6, m.shape === 'done' ? c['green-fill'] : m.shape === 'late' ? c['serious-fill'] : c.surface, m.shape === 'planned' ? c.text : c.surface)
	}

	private bar(r: GanttRow, index: number, x: (d: number) => number, y: number, v: View, drag: Drag | null): void {
		const { draw: d, colours: c } = this
		const mine = drag && drag.row === index ? drag : null
		const by = mine && !mine.drawn ? mine.days : 0
		const a = x(r.start! + (mine?.what === 'move' ? by : 0))
		const b = Math.max(x(r.finish! + (mine?.what === 'link' ? 0 : by)), a + 2)
		if (r.late != null && r.late > r.finish! && !r.done && r.kind !== 'summary') {
			d.fillStyle = c.faint // float: how far it may slip
			const end = x(r.late)
			d.fillRect(b, y + 14, Math.max(0, end - b), 1.5)
			d.fillRect(end - 1.5, y + 10, 1.5, 9)
		}
		if (r.whisker && !r.done && r.kind !== 'summary') {
			const [p50, p80] = [x(r.whisker.p50), x(r.whisker.p80)]
			d.fillStyle = c.text
			d.fillRect(Math.min(b, p50), y + 3, p80 - Math.min(b, p50), 1.5)
			d.fillRect(p50 - 0.75, y + 1.5, 1.5, 4.5)
			d.fillRect(p80 - 0.75, y, 1.5, 7)
		}
		const fill = r.slot ? c[(r.slot + '-fill') as keyof Colours] : r.critical && !r.done ? c['serious-fill'] : r.done ? c['none-fill'] : c.primary
		let right = b
		if (r.kind === 'milestone') {
			this.diamond(b, y + 14, 7, fill, r.driving ? c.text : '')
			right = b + 7
		} else if (r.kind === 'summary') {
			d.fillStyle = c.text
			d.fillRect(a, y + 9, b - a, 4)
			d.beginPath()
			for (const [at, turn] of [[a, 1], [b, -1]]) {
				d.moveTo(at, y + 9)
				d.lineTo(at, y + 19)
				d.lineTo(at + turn * Math.min(6, (b - a) / 2), y + 13)
			}
			d.fill()
		} else {
			d.fillStyle = fill
			d.globalAlpha = r.critical || r.done || r.slot ? 1 : 0.55
			d.fillRect(a, y + 7, b - a, 14)
			d.globalAlpha = 1
			if (r.critical && !r.done && this.hatch) {
				d.save()
				d.translate(a, y + 7)
				d.fillStyle = this.hatch
				d.fillRect(0, 0, b - a, 14)
				d.restore()
			}
			if (r.percent > 0 && !r.done) {
				d.fillStyle = r.critical ? c.serious : c['primary-strong']
				d.fillRect(a, y + 11, ((b - a) * Math.min(100, r.percent)) / 100, 6)
			}
			if (r.driving && !r.done) {
				d.strokeStyle = c.text
				d.lineWidth = 1.5
				d.strokeRect(a + 0.75, y + 7.75, Math.max(0.5, b - a - 1.5), 12.5)
			}
		}
		if (r.slot) {
			d.save()
			d.translate(r.marks.reduce((most, m) => Math.max(most, x(m.at) + 6), b) + 8, y + 6)
			d.fillStyle = fill
			d.fill(shapeOf(r.slot as Slot), 'evenodd')
			d.restore()
		}
		const label = r.note ?? r.name
		if (v.perDay >= 0.5 && label && right + 8 < v.width && right > -400) {
			const late = r.late != null && !r.done && r.kind !== 'summary' ? Math.max(right, x(r.late)) : right
			d.fillStyle = r.done ? c.faint : c.text
			d.font = `12px ${c.font}`
			d.fillText(label, late + 8, y + 18)
		}
		if (mine || (drag?.what === 'link' && drag.over === index)) {
			d.strokeStyle = c.focus
			d.lineWidth = 2
			d.strokeRect(a - 2, y + 5, b - a + 4, 18)
		}
	}

	private diamond(x: number, y: number, size: number, fill: string, edge: string): void {
		const d = this.draw
		d.beginPath()
		d.moveTo(x, y - size)
		d.lineTo(x + size, y)
		d.lineTo(x, y + size)
		d.lineTo(x - size, y)
		d.closePath()
		d.fillStyle = fill
		d.fill()
		if (edge) {
			d.strokeStyle = edge
			d.lineWidth = 1.4
			d.stroke()
		}
	}

	/** Links whose both ends are near what is in sight; a longer one only for the row that is looked at. */
	private links(data: GanttData, place: Int32Array, linksOf: GanttLink[][], shown: number[], first: number, last: number, x: (d: number) => number, y: (i: number) => number, v: View, at: number): void {
		const { draw: d, colours: c } = this
		if (v.perDay < 0.3)
			return
		const rows = last - first
		const plain = new Path2D()
		const driving = new Path2D()
		const looked = new Path2D()
		for (let i = first; i < last; i++)
			for (const l of linksOf[shown[i]]) {
				const [pf, pt] = [place[l.from], place[l.to]]
				const r = [data.rows[l.from], data.rows[l.to]]
				const other = l.from === shown[i] ? pt : pf
				if (pf < 0 || pt < 0 || r[0].start == null || r[1].start == null || (other >= first && other < last && l.to === shown[i]))
					continue // both in sight: drawn once, from where it begins
				const mine = l.from === at || l.to === at
				const a = x(l.type[0] === 'F' ? r[0].finish! : r[0].start)
				const b = x(l.type[1] === 'S' ? r[1].start! : r[1].finish!)
				if (!mine && (Math.abs(pf - pt) > rows || Math.abs(a - b) > v.width || Math.max(a, b) < 0 || Math.min(a, b) > v.width))
					continue
				this.arrow(mine ? looked : r[1].critical && r[1].held === l.from ? driving : plain, a, y(pf) + 14, b, y(pt) + 14, l.type[0] === 'F' ? 1 : -1, l.type[1] === 'S' ? -1 : 1)
			}
		const stroke = (path: Path2D, colour: string, width: number) => {
			d.strokeStyle = colour
			d.lineWidth = width
			d.stroke(path)
		}
		stroke(plain, c['line-strong'], 1)
		stroke(driving, c.serious, 1.5)
		stroke(looked, c.primary, 2)
	}
	private arrow(p: Path2D, a: number, ya: number, b: number, yb: number, out: number, into: number): void {
		const turn = a + out * 7
		const end = b + into * 7
		p.moveTo(a, ya)
		p.lineTo(turn, ya)
		if (out === 1 && into === -1 && turn <= end) {
			p.lineTo(turn, yb)
		} else {
			const half = ya + (yb > ya ? ROW / 2 : -ROW / 2)
			p.lineTo(turn, half)
			p.lineTo(end, half)
			p.lineTo(end, yb)
		}
		p.lineTo(b, yb)
		p.moveTo(b + into * 4, yb - 3.5)
		p.lineTo(b, yb)
		p.lineTo(b + into * 4, yb + 3.5)
	}

	private rubber(r: GanttRow, x: (d: number) => number, y: number, drag: Drag): void {
		const d = this.draw
		d.strokeStyle = this.colours.focus
		d.lineWidth = 2
		d.setLineDash([5, 3])
		d.beginPath()
		d.moveTo(x(r.finish!), y + 14)
		d.lineTo(drag.x, drag.y)
		d.stroke()
		d.setLineDash([])
	}
}
