// A plan as the row of 32-bit numbers that the engine in WebAssembly reads, and its answer as dates: the other side of
// src/sched/flat.c. What reads JSON there (src/intake/plan_json.c) and what stands here give the same words: test/wasm.
import { lengthsOf, parseDuration, rounded, ticksOf, TICKS_PER_DAY, TICKS_PER_HOUR, type PlanBody, type PlanCalendar, type PlanTask } from './model'

const NONE = -2147483648
const VERSION = 1
const TASK_WORDS = 16

const TYPES = ['work', 'by_resource', 'start_milestone', 'finish_milestone', 'level_of_effort', 'summary']
const STATES = ['not_started', 'active', 'complete']
const PERCENTS = ['duration', 'physical', 'units', 'scope']
const CONSTRAINTS = ['none', 'start_not_earlier', 'start_not_later', 'finish_not_earlier', 'finish_not_later', 'start_on', 'finish_on', 'mandatory_start', 'mandatory_finish', 'as_late_as_possible']
const LINKS = ['FS', 'SS', 'FF', 'SF']
const PROFILES = ['own', 'p6', 'msproject']
const PROGRESS = ['retained_logic', 'progress_override', 'actual_dates']
const LAG_CALENDARS = ['predecessor', 'successor', '24h', 'project']
const FLOATS = ['finish', 'start', 'smallest']
const CRITICAL = ['float', 'longest_path']
const OUTSIDE = ['both', 'predecessors', 'successors', 'none']
const KINDS = ['labour', 'equipment', 'material', 'cost']
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const positions = (list: { id: string }[] | undefined) => new Map((list ?? []).map((x, i) => [x.id, i]))
const moment = (text: string | undefined) => ticksOf(text) ?? NONE
const day = (text: string | undefined) => (text ? Math.floor(ticksOf(text)! / TICKS_PER_DAY) : NONE)
const word = (list: string[], text: string | undefined, otherwise = 0) => (text === undefined ? otherwise : list.indexOf(text))

class Writer {
	private words = new Int32Array(4096)
	n = 0
	put(...values: number[]): void {
		for (const v of values) {
			if (this.n === this.words.length) {
				const more = new Int32Array(this.n * 2)
				more.set(this.words)
				this.words = more
			}
			this.words[this.n++] = v
		}
	}
	get row(): Int32Array {
		return this.words.subarray(0, this.n)
	}
}

function putShifts(w: Writer, text: string | undefined): void {
	const shifts = (text ?? '').split(' ').filter(Boolean).map((s) => {
		const [from, to] = s.split('-').map((c) => +c.slice(0, 2) * 60 + +c.slice(3, 5))
		return [from, to <= from ? to + 1440 : to]
	})
	w.put(shifts.length, ...shifts.flat())
}

function putWeek(w: Writer, week: Record<string, string> | undefined, otherwise: number, before: (stated: number) => void): void {
	const days: (string | undefined)[] = Array(7).fill(undefined)
	for (const [name, hours] of Object.entries(week ?? {})) {
		const from = WEEKDAYS.indexOf(name.slice(0, 3))
		for (let d = from; d <= (name.length === 7 ? WEEKDAYS.indexOf(name.slice(4)) : from); d++)
			days[d] = hours
	}
	before(days.reduce((bits, hours, d) => bits | (hours === undefined ? 0 : 1 << d), otherwise))
	for (const hours of days)
		putShifts(w, hours)
}

function putCalendar(w: Writer, c: PlanCalendar, calendars: Map<string, number>): void {
	const base = c.base === undefined ? -1 : calendars.get(c.base)!
	putWeek(w, c.week, base < 0 ? 0x7f : 0, (stated) => w.put(base, stated))
	w.put((c.exceptions ?? []).length)
	for (const e of c.exceptions ?? []) {
		w.put(day(e.from), day(e.to ?? e.from))
		putShifts(w, e.hours)
	}
	w.put((c.weeks ?? []).length)
	for (const x of c.weeks ?? [])
		putWeek(w, x.week, 0, (stated) => w.put(day(x.from), day(x.to), stated))
	w.put(c.day_minutes ?? 0, c.week_minutes ?? 0, 0, 0, day(c.provisional_from))
}

function putProject(w: Writer, body: PlanBody, i: number, calendars: Map<string, number>, tasks: Map<string, number>): void {
	const p = body.projects[i]
	const o = p.options ?? {}
	const ms = o.profile === 'msproject'
	const calendar = p.calendar === undefined ? -1 : calendars.get(p.calendar)!
	const lengths = lengthsOf(body.calendars?.[calendar])
	const ticks = (text: string | undefined) => (text === undefined ? 0 : parseDuration(text, lengths)!.ticks)
	w.put(calendar, moment(p.start), moment(p.data_date), moment(p.status_date), moment(p.must_finish), 0,
		word(PROFILES, o.profile), word(PROGRESS, o.progress), word(LAG_CALENDARS, o.lag_calendar, ms ? 1 : 0), word(FLOATS, o.float_type, ms ? 2 : 0),
		word(CRITICAL, o.critical_by), word(OUTSIDE, o.outside_links), ticks(o.critical_float), ticks(o.near_critical),
		+(o.start_lag_from_early_start ?? true), +(o.use_expected_finish ?? !ms), +(o.float_to_project_finish ?? true), +(o.open_ends_critical ?? false),
		+(o.honour_constraints ?? ms), +(o.split_in_progress ?? false), +(o.multiple_critical_paths ?? false), +(o.float_paths_by_total_float ?? false),
		o.float_paths ?? 0, o.float_path_task === undefined ? -1 : tasks.get(o.float_path_task)!, +(p.options !== undefined))
}

function putTask(w: Writer, body: PlanBody, x: PlanTask, at: At): void {
	const project = x.project === undefined ? 0 : at.projects.get(x.project)!
	const own = (id: string | undefined, map: Map<string, number>) => (id === undefined ? -1 : map.get(id)!)
	const calendar = own(x.calendar, at.calendars)
	const crew = own(x.crew_calendar, at.calendars)
	const lengths = lengthsOf(body.calendars?.[calendar >= 0 ? calendar : crew >= 0 ? crew : own(body.projects[project].calendar, at.calendars)])
	const duration = x.duration === undefined ? { ticks: 0, elapsed: false } : parseDuration(x.duration, lengths)!
	const ticks = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : parseDuration(text, lengths)!.ticks)
	const state = x.state === undefined ? (x.actual_finish ? 2 : x.actual_start ? 1 : 0) : STATES.indexOf(x.state)
	const percent = rounded((x.percent ?? 0) * 100)
	let remaining = ticks(x.remaining, -1)
	if (remaining < 0)
		remaining = state === 2 ? 0 : rounded((duration.ticks * (10000 - percent)) / 10000)
	w.put(project, own(x.parent, at.tasks), own(x.wbs, at.wbs), calendar, crew, word(TYPES, x.type), state, word(PERCENTS, x.percent_type),
		+duration.elapsed, +(x.manual ?? x.manual_start !== undefined), +(x.inactive ?? false), +(x.ignore_resource_calendar ?? false), +(x.estimated ?? false),
		duration.ticks, remaining, ticks(x.actual, -1), percent, x.physical_percent === undefined ? -1 : rounded(x.physical_percent * 100),
		moment(x.planned_start), moment(x.planned_finish), moment(x.actual_start), moment(x.actual_finish), moment(x.suspend), moment(x.resume),
		moment(x.expected_finish), moment(x.external_early_start), moment(x.external_late_finish), moment(x.manual_start), moment(x.manual_finish), moment(x.deadline),
		word(CONSTRAINTS, x.constraint?.kind), moment(x.constraint?.date), word(CONSTRAINTS, x.constraint2?.kind), moment(x.constraint2?.date),
		x.priority ?? 500, ticks(x.levelling_delay, 0))
}

/** [unit, lag]: working, elapsed, percent, percent around the clock. */
function lagWords(text: string | undefined, lengths: { day: number; week: number }): [number, number] {
	if (text === undefined)
		return [0, 0]
	const percent = /^([+-]?[\d.]+)(e?)%$/.exec(text)
	if (percent)
		return [percent[2] ? 3 : 2, rounded(Number(percent[1]) * 100)]
	const got = parseDuration(text, lengths)!
	return [+got.elapsed, got.ticks]
}

const INT32_MAX = 2147483647
function work(text: string | undefined): number {
	const m = /^([+-]?[\d.]+)([hm])$/.exec(text ?? '')
	return m ? Math.min(INT32_MAX, rounded(Number(m[1]) * (m[2] === 'h' ? TICKS_PER_HOUR : 10))) : 0
}

interface At { calendars: Map<string, number>; projects: Map<string, number>; wbs: Map<string, number>; tasks: Map<string, number> }
export interface Flat { body: PlanBody; row: Int32Array; at: At; tasks: number } // tasks: where the first of them stands

const SHARED = ['calendars', 'wbs', 'links', 'resources', 'assignments'] as const
/** Is it the same but for what some tasks say of themselves? Then so are all words but theirs. */
function onlyTasksDiffer(old: PlanBody, body: PlanBody): boolean {
	return SHARED.every((key) => old[key] === body[key]) && old.tasks.length === body.tasks.length && JSON.stringify(old.projects) === JSON.stringify(body.projects)
		&& body.tasks.every((x, i) => {
			const was = old.tasks[i]
			return x === was || (x.id === was.id && x.project === was.project && x.calendar === was.calendar && x.crew_calendar === was.crew_calendar)
		})
}
export interface Changed { task: number; words: Int32Array }
/** While a bar is dragged a task of thousands changes: the row of before is written over in its place. changed null: all of it. */
export function flatAgain(kept: Flat | null, body: PlanBody): { flat: Flat; changed: Changed[] | null } {
	if (!kept || !onlyTasksDiffer(kept.body, body))
		return { flat: flatten(body), changed: null }
	const changed: Changed[] = []
	for (const [task, x] of body.tasks.entries())
		if (x !== kept.body.tasks[task]) {
			const one = new Writer()
			putTask(one, body, x, kept.at)
			kept.row.set(one.row, kept.tasks + task * one.n)
			changed.push({ task, words: one.row })
		}
	return { flat: { ...kept, body }, changed }
}
export const flatPlan = (body: PlanBody): Int32Array => flatten(body).row

function flatten(body: PlanBody): Flat {
	const w = new Writer()
	const at = { calendars: positions(body.calendars), projects: positions(body.projects), wbs: positions(body.wbs), tasks: positions(body.tasks) }
	const resources = (body.resources ?? []) as Record<string, any>[]
	const byResource = new Map(resources.map((x, i) => [x.id, i]))
	const assignments = (body.assignments ?? []) as Record<string, any>[]
	w.put(VERSION, body.projects.length, body.wbs?.length ?? 0, body.calendars?.length ?? 0, body.tasks.length, body.links?.length ?? 0, resources.length, assignments.length)
	for (let i = 0; i < body.projects.length; i++)
		putProject(w, body, i, at.calendars, at.tasks)
	for (const x of body.wbs ?? [])
		w.put(x.project === undefined ? 0 : at.projects.get(x.project)!, x.parent === undefined ? -1 : at.wbs.get(x.parent)!)
	for (const c of body.calendars ?? [])
		putCalendar(w, c, at.calendars)
	const tasks = w.n
	for (const x of body.tasks)
		putTask(w, body, x, at)
	for (const l of body.links ?? []) {
		const from = at.tasks.get(l.from) ?? -1
		const x = body.tasks[from]
		const project = x ? body.projects[x.project === undefined ? 0 : at.projects.get(x.project)!] : undefined
		const id = x?.calendar ?? x?.crew_calendar ?? project?.calendar
		const [unit, lag] = lagWords(l.lag, lengthsOf(id === undefined ? undefined : body.calendars?.[at.calendars.get(id)!]))
		w.put(from, at.tasks.get(l.to) ?? -1, word(LINKS, l.type), unit, lag)
	}
	for (const x of resources)
		w.put(word(KINDS, x.kind), x.calendar === undefined ? -1 : at.calendars.get(x.calendar)!, rounded((x.capacity ?? 1) * 1000))
	for (const x of assignments) {
		const resource = x.resource === undefined ? -1 : byResource.get(x.resource)!
		const calendar = resource >= 0 ? resources[resource].calendar : undefined
		const lengths = lengthsOf(calendar === undefined ? undefined : body.calendars?.[at.calendars.get(calendar)!])
		const ticks = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : parseDuration(text, lengths)!.ticks)
		w.put(at.tasks.get(x.task)!, resource, rounded((x.units ?? 1) * 1000), work(x.remaining), ticks(x.duration, -1), ticks(x.lag, 0), +(x.drives ?? true))
	}
	return { body, row: w.row, at, tasks }
}

/* ---- The answer ---- */

/** In the order of enum reason (src/sched/sched.h). */
const REASONS = ['none', 'project_start', 'data_date', 'link', 'constraint', 'second_constraint', 'actual', 'external', 'expected_finish', 'resume', 'as_late_as_possible', 'manual', 'span', 'project_finish', 'must_finish', 'deadline', 'resource']

export interface Dates {
	start: number | null
	finish: number | null
	lateStart: number | null
	lateFinish: number | null
	total: number | null // hours
	free: number | null
	critical: boolean
	longest: boolean
	near: boolean
	provisional: boolean
	reason: string
	heldBy: string | null
}

function dateOf(body: PlanBody, words: Int32Array, i: number): Dates {
	const at = (k: number) => (words[i + k] === NONE ? null : words[i + k])
	const hours = (k: number) => (words[i + k] === NONE ? null : words[i + k] / TICKS_PER_HOUR)
	const flags = words[i + 14]
	const link = words[i + 11] >= 0 ? body.links[words[i + 11]] : null
	return {
		start: at(4), finish: at(5), lateStart: at(2), lateFinish: at(3), total: hours(6), free: hours(7),
		critical: !!(flags & 1), longest: !!(flags & 2), near: !!(flags & 4), provisional: !!(flags & 16),
		reason: REASONS[words[i + 10] & 255] ?? 'none', heldBy: link?.from ?? null,
	}
}
export const datesOf = (body: PlanBody, words: Int32Array): Dates[] => body.tasks.map((_, t) => dateOf(body, words, 1 + t * TASK_WORDS))
/** The dates of before with those that a change moved: the task's number and its words, one after the other. */
export function changesOf(body: PlanBody, before: Dates[], words: Int32Array): Dates[] {
	const dates = before.slice()
	for (let i = 0; i < words.length; i += 1 + TASK_WORDS)
		dates[words[i]] = dateOf(body, words, i + 1)
	return dates
}
