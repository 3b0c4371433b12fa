// The plan and its dates as rows of the chart. Pure.
import type { GanttLink, GanttRow } from '../views/gantt/types'
import { TICKS_PER_DAY, dateOf, daysText, calendarOf, lengthsOf, parseDuration, predecessorText, Names, type Node, type PlanBody } from './model'
import type { Dates } from './flat'

export interface Ghost { start: number; finish: number } // ticks
const day = (ticks: number | null) => (ticks == null ? null : ticks / TICKS_PER_DAY)

/** Columns: no, wbs, name, duration, start, finish, predecessors, percent, float. */
export function rowsOf(body: PlanBody, nodes: Node[], dates: Map<string, Dates>, ghosts: Map<string, Ghost>, may: boolean): { rows: GanttRow[]; links: GanttLink[] } {
	const names = new Names(nodes)
	const into = new Map<string, string[]>()
	for (const l of body.links)
		into.set(l.to, [...(into.get(l.to) ?? []), predecessorText(body, l, names)])
	const rows = nodes.map((n): GanttRow => {
		const x = n.task
		const d = x && dates.get(x.id)
		const lengths = lengthsOf(calendarOf(body, x ?? undefined))
		const milestone = x?.type === 'start_milestone' || x?.type === 'finish_milestone'
		const spans = !x || x.type === 'summary'
		const duration = x?.duration ? parseDuration(x.duration, lengths) : null
		const done = x?.state === 'complete' || !!x?.actual_finish
		const g = x && ghosts.get(x.id)
		const start = d?.start ?? d?.finish ?? null
		const finish = d?.finish ?? d?.start ?? null
		return {
			key: n.key, number: n.number, level: n.level, parent: n.parent, group: n.group, kind: milestone ? 'milestone' : spans ? 'summary' : 'task', name: n.name,
			start: day(start), finish: day(finish), late: day(d?.lateFinish ?? null), percent: x?.percent ?? 0, critical: !!d?.critical, driving: !!d?.longest, done,
			provisional: !!d?.provisional, movable: may && !!x && !spans && !done && !x.actual_start,
			ghosts: g ? [{ start: g.start / TICKS_PER_DAY, finish: g.finish / TICKS_PER_DAY }] : [], marks: [],
			cells: [n.number ? String(n.number) : '', n.outline, n.name, spans || milestone || !duration ? '' : daysText(duration.ticks, lengths, duration.elapsed),
				dateOf(start), dateOf(finish, !milestone || (finish ?? 0) % TICKS_PER_DAY === 0 && x?.type === 'finish_milestone'), x ? (into.get(x.id) ?? []).join(', ') : '',
				x?.percent ? String(Math.round(x.percent)) : done ? '100' : '', d?.total == null || spans ? '' : daysText(d.total * 600, lengths)],
		}
	})
	// what only holds others spans them
	for (let i = rows.length - 1; i >= 0; i--) {
		const r = rows[i]
		if (r.group && !nodes[i].task) {
			r.cells[4] = dateOf(r.start == null ? null : r.start * TICKS_PER_DAY)
			r.cells[5] = dateOf(r.finish == null ? null : r.finish * TICKS_PER_DAY, true)
		}
		const up = rows[r.parent]
		if (!up || nodes[r.parent].task)
			continue
		if (r.start != null)
			up.start = up.start == null ? r.start : Math.min(up.start, r.start)
		if (r.finish != null)
			up.finish = up.finish == null ? r.finish : Math.max(up.finish, r.finish)
	}
	const position = new Map(nodes.map((n, i) => [n.key, i]))
	const links: GanttLink[] = []
	for (const l of body.links) {
		const [from, to] = [position.get('t' + l.from), position.get('t' + l.to)]
		if (from !== undefined && to !== undefined)
			links.push({ from, to, type: l.type ?? 'FS', driving: rows[to].critical && dates.get(l.to)?.heldBy === l.from })
	}
	return { rows, links }
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
