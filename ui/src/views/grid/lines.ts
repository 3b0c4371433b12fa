// What stands on line n of the grid: a row, or the heading of a group; the rows of a group come under it when it is open.
import { Pages } from './pages'
import type { Group, PageSource, Row, Titles } from './types'

export type Line = { group: Group; open: boolean; index: number } | { row: Row | undefined; level: number }

export class Lines {
	titles: Titles = {}
	count = 0
	private flat: Pages | null = null
	private groups: Group[] | null = null
	private opened = new Map<string, Pages>()
	private starts: number[] = [] // line of each group's heading

	constructor(private changed: () => void) {}

	get grouped(): boolean {
		return this.groups !== null
	}

	setFlat(source: PageSource, count: number): void {
		this.close()
		this.groups = null
		this.flat = new Pages(source, this.titles, () => {
			this.count = this.flat!.total
			this.changed()
		})
		this.count = count
	}

	/** The same groups again (a live change) keep which of them are open. */
	setGroups(groups: Group[], keepOpen: boolean): void {
		const open = keepOpen ? this.opened : new Map<string, Pages>()
		if (!keepOpen)
			this.close()
		this.flat = null
		this.groups = groups
		this.opened = new Map()
		for (const g of groups)
			if (open.has(nameOf(g)))
				this.opened.set(nameOf(g), new Pages(g.rows, this.titles, this.changed))
		this.layOut()
	}

	toggle(i: number, open?: boolean): boolean {
		const line = this.at(i)
		if (!line || !('group' in line) || line.open === open)
			return false
		const name = nameOf(line.group)
		if (line.open) {
			this.opened.get(name)!.close()
			this.opened.delete(name)
		} else {
			this.opened.set(name, new Pages(line.group.rows, this.titles, this.changed))
		}
		this.layOut()
		this.changed()
		return true
	}

	toggleAll(open: boolean): void {
		for (const g of this.groups ?? [])
			if (open && !this.opened.has(nameOf(g)))
				this.opened.set(nameOf(g), new Pages(g.rows, this.titles, this.changed))
			else if (!open)
				this.opened.delete(nameOf(g))
		this.layOut()
		this.changed()
	}

	at(i: number): Line | null {
		if (i < 0 || i >= this.count)
			return null
		if (!this.groups)
			return { row: this.flat?.row(i), level: 1 }
		const index = this.groupAt(i)
		const group = this.groups[index]
		const rows = this.opened.get(nameOf(group))
		const inside = i - this.starts[index] - 1
		return inside < 0 ? { group, open: !!rows, index } : { row: rows!.row(inside), level: 2 }
	}

	rowAt(i: number): Row | undefined {
		const line = this.at(i)
		return line && 'row' in line ? line.row : undefined
	}

	/** The line a record stands on, if it is here. */
	find(id: string): number {
		if (this.flat)
			return this.flat.find(id)?.index ?? -1
		for (const [k, g] of (this.groups ?? []).entries()) {
			const found = this.opened.get(nameOf(g))?.find(id)
			if (found)
				return this.starts[k] + 1 + found.index
		}
		return -1
	}

	async need(first: number, last: number): Promise<void> {
		if (this.flat)
			return this.flat.need(first, last)
		await this.overOpen(first, last, (pages, from, to) => pages.need(from, to))
	}

	async refresh(first: number, last: number): Promise<void> {
		if (this.flat)
			return this.flat.refresh(first, last)
		await this.overOpen(first, last, (pages, from, to) => pages.refresh(from, to))
	}

	close(): void {
		this.flat?.close()
		for (const pages of this.opened.values())
			pages.close()
		this.opened.clear()
	}

	private async overOpen(first: number, last: number, then: (pages: Pages, from: number, to: number) => Promise<void>): Promise<void> {
		const waits: Promise<void>[] = []
		for (const [k, g] of (this.groups ?? []).entries()) {
			const pages = this.opened.get(nameOf(g))
			const from = Math.max(0, first - this.starts[k] - 1)
			const to = Math.min(g.count - 1, last - this.starts[k] - 1)
			if (pages && from <= to)
				waits.push(then(pages, from, to))
		}
		await Promise.all(waits)
	}

	private layOut(): void {
		let line = 0
		this.starts = this.groups!.map((g) => {
			const at = line
			line += 1 + (this.opened.has(nameOf(g)) ? g.count : 0)
			return at
		})
		this.count = line
	}

	private groupAt(i: number): number {
		let low = 0, high = this.starts.length - 1
		while (low < high) {
			const middle = (low + high + 1) >> 1
			if (this.starts[middle] <= i)
				low = middle
			else
				high = middle - 1
		}
		return low
	}
}

const nameOf = (g: Group) => g.key ?? '\u0000'
