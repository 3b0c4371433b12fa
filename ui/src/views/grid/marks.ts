// Which rows are ticked and which cells are marked. Pure: lines and columns are numbers here, rows are ids.
import type { Place } from './types'

export interface Block { top: number; bottom: number; left: number; right: number }

export class Marks {
	/** Everything that the filter lets through, except `ticked`, which then are the rows taken out. */
	all = false
	ticked = new Set<string>()
	anchor: Place | null = null
	at: Place = { line: 0, column: 0 }

	isTicked(id: string): boolean {
		return this.all !== this.ticked.has(id)
	}
	tick(id: string, on = !this.isTicked(id)): void {
		if (on === this.all)
			this.ticked.delete(id)
		else
			this.ticked.add(id)
	}
	count(total: number): number {
		return this.all ? Math.max(0, total - this.ticked.size) : this.ticked.size
	}
	tickAll(on: boolean): void {
		this.all = on
		this.ticked.clear()
	}
	/** With `extend` the other corner stays where it was. */
	move(to: Place, extend: boolean): void {
		this.anchor = extend ? this.anchor ?? this.at : null
		this.at = to
	}
	block(): Block {
		const a = this.anchor ?? this.at
		return { top: Math.min(a.line, this.at.line), bottom: Math.max(a.line, this.at.line), left: Math.min(a.column, this.at.column), right: Math.max(a.column, this.at.column) }
	}
	/** Some cell of the line is marked. */
	touches(line: number): boolean {
		const b = this.block()
		return this.anchor !== null && line >= b.top && line <= b.bottom
	}
	has(line: number, column: number): boolean {
		const b = this.block()
		return this.touches(line) && column >= b.left && column <= b.right
	}
}
