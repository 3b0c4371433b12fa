// The plan and its dates as rows of the chart. Pure. What follows from the plan alone is found once (PlanRows); what follows from
// dates is made anew with each of them, while a bar is dragged sixty times a second, so cells are written when they are read.
import type { GanttLink, GanttRow } from '../views/gantt/types'
import { TICKS_PER_DAY, dateOf, daysText, calendarOf, lengthsOf, parseDuration, predecessorText, Names, type Node, type PlanBody, type PlanLink, type PlanTask } from './model'
import type { Dates } from './flat'

export interface Ghost { start: number; finish: number } // ticks
const NO_GHOSTS: GanttRow['ghosts'] = []
const NO_MARKS: GanttRow['marks'] = []

class PlanRow implements GanttRow {
	start: number | null
	finish: number | null
	late: number | null
	critical: boolean
	driving: boolean
	provisional: boolean
	marks = NO_MARKS
	private written: Record<string, string> | null = null
	constructor(
		private of: PlanRows, private node: Node, readonly kind: GanttRow['kind'], readonly done: boolean, public movable: boolean,
		private dates: Dates | undefined, readonly held: number, readonly ghosts: GanttRow['ghosts'],
	) {
		const start = dates?.start ?? dates?.finish ?? null
		const finish = dates?.finish ?? dates?.start ?? null
		this.start = start == null ? null : start / TICKS_PER_DAY
		this.finish = finish == null ? null : finish / TICKS_PER_DAY
		this.late = dates?.lateFinish == null ? null : dates.lateFinish / TICKS_PER_DAY
		this.critical = !!dates?.critical
		this.driving = !!dates?.longest
		this.provisional = !!dates?.provisional
	}
	get key(): string {
		return this.node.key
	}
	get number(): number {
		return this.node.number
	}
	get level(): number {
		return this.node.level
	}
	get parent(): number {
		return this.node.parent
	}
	get group(): boolean {
		return this.node.group
	}
	get name(): string {
		return this.node.name
	}
	get percent(): number {
		return this.node.task?.percent ?? 0
	}
	get cells(): Record<string, string> {
		return (this.written ??= this.write())
	}
	private write(): Record<string, string> {
		const x = this.node.task
		const lengths = lengthsOf(calendarOf(this.of.body, x ?? undefined))
		const milestone = this.kind === 'milestone'
		const spans = this.kind === 'summary'
		const duration = x?.duration ? parseDuration(x.duration, lengths) : null
		const ticks = (day: number | null) => (day == null ? null : Math.round(day * TICKS_PER_DAY))
		const finish = ticks(this.finish)
		return {
			number: this.number ? String(this.number) : '', wbs: this.node.outline, name: this.name,
			duration: spans || milestone || !duration ? '' : daysText(duration.ticks, lengths, duration.elapsed),
			start: dateOf(ticks(this.start)), finish: dateOf(finish, !milestone || ((finish ?? 0) % TICKS_PER_DAY === 0 && x?.type === 'finish_milestone')),
			predecessors: x ? this.of.predecessors(x.id) : '', percent: x?.percent ? String(Math.round(x.percent)) : this.done ? '100' : '',
			float: this.dates?.total == null || spans ? '' : daysText(this.dates.total * 600, lengths), unit: x ? this.of.unit(x) : '',
		}
	}
}

export class PlanRows {
	readonly links: GanttLink[] = []
	private names: Names
	private into = new Map<string, PlanLink[]>()
	private position = new Map<string, number>()
	private crews = new Map<string, string[]>()
	/** unitOf: the unit that answers for a milestone of the project. */
	constructor(readonly body: PlanBody, private nodes: Node[], private unitOf: (milestone: string) => string = () => '') {
		this.names = new Names(nodes)
		for (const [i, n] of nodes.entries())
			if (n.task)
				this.position.set(n.task.id, i)
		const crew = new Map(((body.resources ?? []) as { id: string; name?: string }[]).map((r) => [r.id, r.name ?? r.id]))
		for (const a of (body.assignments ?? []) as { task: string; resource?: string }[])
			if (a.resource)
				this.crews.set(a.task, [...(this.crews.get(a.task) ?? []), crew.get(a.resource) ?? a.resource])
		for (const l of body.links) {
			const list = this.into.get(l.to)
			if (list)
				list.push(l)
			else
				this.into.set(l.to, [l])
			const [from, to] = [this.position.get(l.from), this.position.get(l.to)]
			if (from !== undefined && to !== undefined)
				this.links.push({ from, to, type: l.type ?? 'FS' })
		}
	}
	/** Who answers for a task: what it says itself, the unit of its milestone, the crews at work. */
	unit(x: PlanTask): string {
		return x.unit ?? ((x.milestone && this.unitOf(x.milestone)) || (this.crews.get(x.id) ?? []).join('、'))
	}
	predecessors(id: string): string {
		return (this.into.get(id) ?? []).map((l) => predecessorText(this.body, l, this.names)).join(', ')
	}
	rows(dates: Map<string, Dates>, ghosts: Map<string, Ghost>, may: boolean): GanttRow[] {
		const rows = this.nodes.map((n) => {
			const x = n.task
			const d = x ? dates.get(x.id) : undefined
			const kind = x?.type === 'start_milestone' || x?.type === 'finish_milestone' ? 'milestone' : !x || x.type === 'summary' ? 'summary' : 'task'
			const done = x?.state === 'complete' || !!x?.actual_finish
			const g = x && ghosts.size ? ghosts.get(x.id) : undefined
			return new PlanRow(this, n, kind, done, may && !!x && kind !== 'summary' && !done && !x.actual_start, d, (d?.heldBy != null ? this.position.get(d.heldBy) : undefined) ?? -1,
				g ? [{ start: g.start / TICKS_PER_DAY, finish: g.finish / TICKS_PER_DAY }] : NO_GHOSTS)
		})
		// what only holds others spans them, and moves with them
		for (let i = rows.length - 1; i >= 0; i--) {
			const r = rows[i]
			if (r.movable && r.parent >= 0 && rows[r.parent].kind === 'summary')
				rows[r.parent].movable = true
			const up = r.parent >= 0 && !this.nodes[r.parent].task ? rows[r.parent] : null
			if (!up)
				continue
			if (r.start != null)
				up.start = up.start == null ? r.start : Math.min(up.start, r.start)
			if (r.finish != null)
				up.finish = up.finish == null ? r.finish : Math.max(up.finish, r.finish)
		}
		return rows
	}
}

/** Working days that `days` calendar days from `from` come to; one at least in the direction asked for. */
export function workingDays(free: (day: number) => { free: boolean }, from: number, days: number): number {
	const by = Math.sign(days)
	let n = 0
	for (let i = 0; i < Math.abs(days); i++)
		if (!free(Math.floor(by > 0 ? from + i : from - 1 - i)).free)
			n++
	return by * Math.max(1, n)
}
