// A plan in our format (docs/plan-format.md) as the page holds it. Pure: every edit answers a new plan, so undo keeps the old one.

export interface PlanTask {
	id: string
	code?: string
	name?: string
	project?: string
	calendar?: string
	crew_calendar?: string
	wbs?: string
	parent?: string
	milestone?: string
	unit?: string
	type?: string
	duration?: string
	percent?: number
	constraint?: { kind: string; date?: string }
	[key: string]: any
}
export interface PlanLink { from: string; to: string; type?: LinkType; lag?: string; [key: string]: any }
export interface PlanCalendar {
	id: string
	name?: string
	base?: string
	week?: Record<string, string>
	weeks?: { from: string; to: string; week: Record<string, string> }[]
	follows?: 'office' | 'site' // the working calendar of where the project lies, laid in by the server
	exceptions?: { from: string; to?: string; hours?: string; name?: string; office?: 'holiday' | 'make_up' | 'winter_stop' }[]
	day_minutes?: number
	week_minutes?: number
	provisional_from?: string
}
export interface PlanProject { id: string; code?: string; name?: string; calendar?: string; start?: string; data_date?: string; [key: string]: any }
export interface PlanWbs { id: string; code?: string; name?: string; project?: string; parent?: string }
export interface PlanBody {
	guatu_plan: 1
	calendars?: PlanCalendar[]
	projects: PlanProject[]
	wbs?: PlanWbs[]
	tasks: PlanTask[]
	links: PlanLink[]
	[key: string]: any
}
export type LinkType = 'FS' | 'SS' | 'FF' | 'SF'

/* ---- Time: ticks of 6 seconds since 1970, without a zone ---- */

export const TICKS_PER_DAY = 14400
export const TICKS_PER_HOUR = 600
const TICKS_PER_MINUTE = 10

/** Ticks of 2026-03-02, 2026-03-02T08:00 or 2026-03-02 08:00:30; null: not a date. */
export function ticksOf(text: string | null | undefined): number | null {
	const m = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text ?? '')
	if (!m)
		return null
	const ms = Date.UTC(+m[1], +m[2] - 1, +m[3])
	const day = new Date(ms)
	if (day.getUTCMonth() !== +m[2] - 1 || +(m[4] ?? 0) > 24 || +(m[5] ?? 0) > 59)
		return null
	return (ms / 864e5) * TICKS_PER_DAY + (+(m[4] ?? 0) * 60 + +(m[5] ?? 0)) * TICKS_PER_MINUTE + Math.floor(+(m[6] ?? 0) / 6)
}
export const dayText = (day: number) => new Date(day * 864e5).toISOString().slice(0, 10)
/** The day a reader calls a moment: what ends at midnight ends the day before. */
export function dateOf(ticks: number | null, end = false): string {
	return ticks == null ? '' : dayText(Math.floor((end ? ticks - 1 : ticks) / TICKS_PER_DAY))
}

export interface Lengths { day: number; week: number }
const USUAL: Lengths = { day: 480, week: 2400 }

export function calendarOf(body: PlanBody, task: PlanTask | undefined): PlanCalendar | undefined {
	const project = body.projects.find((p) => p.id === task?.project) ?? body.projects[0]
	const id = task?.calendar ?? task?.crew_calendar ?? project?.calendar
	return body.calendars?.find((c) => c.id === id)
}
export function lengthsOf(calendar: PlanCalendar | undefined): Lengths {
	const day = calendar?.day_minutes || USUAL.day
	return { day, week: calendar?.week_minutes || day * 5 }
}

/** "3d", "-4.5h", "2ed": working ticks, or ticks around the clock. */
export function parseDuration(text: string, { day, week }: Lengths = USUAL): { ticks: number; elapsed: boolean } | null {
	const m = /^([+-]?\d{1,9}(?:\.\d{1,3})?)(e?)([mhdw])$/.exec(text)
	if (!m)
		return null
	const minutes = { m: 1, h: 60, d: m[2] ? 1440 : day, w: m[2] ? 10080 : week }[m[3] as 'm']
	const thousandths = Math.round(Number(m[1]) * 1000)
	return { ticks: rounded((thousandths * minutes * TICKS_PER_MINUTE) / 1000), elapsed: m[2] === 'e' }
}
/** Half away from zero, as the engine rounds. */
export const rounded = (x: number) => (x < 0 ? -Math.floor(0.5 - x) : Math.floor(0.5 + x))

const short = (x: number) => String(Number(x.toFixed(2)))
export function daysText(ticks: number, lengths: Lengths, elapsed = false): string {
	return short(ticks / ((elapsed ? 1440 : lengths.day) * TICKS_PER_MINUTE)) + (elapsed ? 'ed' : '')
}
/** What somebody types into the cell of a duration: a bare number is days. */
export function typedDuration(text: string): string | null {
	const plain = text.trim().toLowerCase().replace(/天|日$/, 'd').replace(/(小时|时)$/, 'h').replace(/周$/, 'w').replace(/\s+/g, '')
	const whole = /^\d+(\.\d+)?$/.test(plain) ? plain + 'd' : plain
	const got = parseDuration(whole)
	return got && got.ticks >= 0 ? whole : null
}

/* ---- The tree and its numbers ---- */

export interface Node { key: string; task: PlanTask | null; index: number; number: number; outline: string; level: number; parent: number; group: boolean; name: string }

/** Work breakdown and summaries as one tree in reading order; tasks are numbered as they stand. */
export function tree(body: PlanBody): Node[] {
	const under = new Map<string, { wbs: number[]; tasks: number[] }>()
	const slot = (key: string) => {
		let s = under.get(key)
		if (!s)
			under.set(key, (s = { wbs: [], tasks: [] }))
		return s
	}
	const known = new Set((body.wbs ?? []).map((w) => 'w' + w.id))
	const tasks = new Set(body.tasks.map((x) => 't' + x.id))
	for (const [i, w] of (body.wbs ?? []).entries())
		slot(w.parent && known.has('w' + w.parent) ? 'w' + w.parent : '').wbs.push(i)
	for (const [i, x] of body.tasks.entries())
		slot(x.parent && tasks.has('t' + x.parent) ? 't' + x.parent : x.wbs && known.has('w' + x.wbs) ? 'w' + x.wbs : '').tasks.push(i)
	const out: Node[] = []
	let number = 0
	const walk = (key: string, level: number, outline: string, parent: number): void => {
		const here = under.get(key)
		if (!here)
			return
		let n = 0
		const add = (own: string, task: PlanTask | null, index: number, name: string) => {
			const at = out.length
			const mine = outline + ++n
			out.push({ key: own, task, index, number: task ? ++number : 0, outline: mine, level, parent, group: under.has(own), name })
			walk(own, level + 1, mine + '.', at)
		}
		for (const i of here.tasks)
			add('t' + body.tasks[i].id, body.tasks[i], i, body.tasks[i].name ?? body.tasks[i].code ?? body.tasks[i].id)
		for (const i of here.wbs)
			add('w' + body.wbs![i].id, null, i, body.wbs![i].name ?? body.wbs![i].code ?? body.wbs![i].id)
	}
	walk('', 0, '', -1)
	return out
}

/** The tasks under a row, at any depth. */
export function below(nodes: Node[], key: string): PlanTask[] {
	const at = nodes.findIndex((n) => n.key === key)
	let end = at + 1
	while (end < nodes.length && nodes[end].level > nodes[at].level)
		end++
	return nodes.slice(at + 1, end).flatMap((n) => (n.task ? [n.task] : []))
}

/* ---- Dependencies as people type them: 3FS+2d, 5SS, 7 ---- */

export class Names {
	private byNumber = new Map<number, PlanTask>()
	private byName = new Map<string, PlanTask>()
	private numbers = new Map<string, number>()
	constructor(nodes: Node[]) {
		for (const n of nodes)
			if (n.task) {
				this.byNumber.set(n.number, n.task)
				this.numbers.set(n.task.id, n.number)
				this.byName.set((n.task.code ?? n.task.id).toLowerCase(), n.task)
			}
		for (const n of nodes)
			if (n.task)
				this.byName.set(n.task.id.toLowerCase(), n.task)
	}
	find(text: string): PlanTask | undefined {
		return /^\d{1,6}$/.test(text) && this.byNumber.has(+text) ? this.byNumber.get(+text) : this.byName.get(text.toLowerCase())
	}
	number(id: string): number | undefined {
		return this.numbers.get(id)
	}
}

export interface Predecessor { from: string; type: LinkType; lag?: string }
export type Parsed = { links: Predecessor[] } | { bad: string; why: 'form' | 'unknown' | 'twice' }

const LAG = '[+\\-]\\d+(?:\\.\\d{1,3})?(?:e?[mhdw%])?'
export function parsePredecessors(text: string, names: Names): Parsed {
	const links: Predecessor[] = []
	for (const raw of text.normalize('NFKC').replace(/[−–]/g, '-').split(/[,;、]/)) {
		const part = raw.replace(/\s+/g, '').replace(/天/g, 'd').replace(/小时/g, 'h').replace(/周/g, 'w')
		if (!part)
			continue
		let task = names.find(part)
		let type: LinkType = 'FS'
		let lag = ''
		if (!task) {
			const m = new RegExp(`^(.+?)(FS|SS|FF|SF)?(${LAG})?$`, 'i').exec(part)
			if (!m || (!m[2] && !m[3]))
				return { bad: raw.trim(), why: m ? 'unknown' : 'form' }
			task = names.find(m[1])
			type = (m[2]?.toUpperCase() as LinkType) ?? 'FS'
			lag = (m[3] ?? '').toLowerCase().replace(/^\+/, '')
			if (/\d$/.test(lag))
				lag += 'd'
		}
		if (!task)
			return { bad: raw.trim(), why: 'unknown' }
		if (links.some((l) => l.from === task!.id && l.type === type))
			return { bad: raw.trim(), why: 'twice' }
		links.push({ from: task.id, type, ...(lag && Number.parseFloat(lag) ? { lag } : {}) })
	}
	return { links }
}

function lagText(body: PlanBody, link: PlanLink): string {
	if (!link.lag)
		return ''
	if (link.lag.endsWith('%'))
		return (link.lag.startsWith('-') ? '' : '+') + link.lag
	const lengths = lengthsOf(calendarOf(body, body.tasks.find((x) => x.id === link.from)))
	const got = parseDuration(link.lag, lengths)
	if (!got || !got.ticks)
		return ''
	const days = daysText(got.ticks, lengths, got.elapsed)
	const exact = parseDuration(days.replace(/ed$/, '') + (got.elapsed ? 'ed' : 'd'), lengths)?.ticks === got.ticks
	const written = exact ? days.replace(/ed$/, '') + (got.elapsed ? 'ed' : 'd') : link.lag
	return (written.startsWith('-') ? '' : '+') + written
}
export function predecessorText(body: PlanBody, link: PlanLink, names: Names): string {
	const lag = lagText(body, link)
	const type = link.type ?? 'FS'
	return (names.number(link.from) ?? link.from) + (type === 'FS' && !lag ? '' : type + lag)
}

/* ---- Edits ---- */

export function changeTask(body: PlanBody, id: string, change: Partial<PlanTask>): PlanBody {
	return {
		...body, tasks: body.tasks.map((x) => {
			if (x.id !== id)
				return x
			const next: PlanTask = { ...x, ...change }
			for (const key of Object.keys(next))
				if (next[key] === undefined)
					delete next[key]
			return next
		}),
	}
}
export function setPredecessors(body: PlanBody, id: string, wanted: Predecessor[]): PlanBody {
	const old = body.links.filter((l) => l.to === id)
	const kept = wanted.map((w) => ({ ...old.find((l) => l.from === w.from && (l.type ?? 'FS') === w.type), from: w.from, to: id, type: w.type, lag: w.lag }))
	for (const l of kept)
		if (l.lag === undefined)
			delete l.lag
	return { ...body, links: [...body.links.filter((l) => l.to !== id), ...kept] }
}
export function addTask(body: PlanBody, after: string | null, name: string): { body: PlanBody; id: string } {
	const ids = new Set(body.tasks.map((x) => x.id))
	let n = body.tasks.length + 1
	while (ids.has('N' + n))
		n++
	const id = 'N' + n
	const at = after ? body.tasks.findIndex((x) => x.id === after) : -1
	const beside = at >= 0 ? body.tasks[at] : undefined
	const task: PlanTask = { id, name, duration: '5d' }
	for (const key of ['project', 'calendar', 'wbs', 'parent'] as const)
		if (beside?.[key])
			task[key] = beside[key]
	const tasks = body.tasks.slice()
	tasks.splice(at >= 0 ? at + 1 : tasks.length, 0, task)
	return { body: { ...body, tasks }, id }
}
/** Without the task, those under it, and whatever speaks of them. */
export function removeTask(body: PlanBody, id: string): PlanBody {
	const gone = new Set([id])
	for (let grew = true; grew;) {
		grew = false
		for (const x of body.tasks)
			if (x.parent && gone.has(x.parent) && !gone.has(x.id)) {
				gone.add(x.id)
				grew = true
			}
	}
	const next: PlanBody = { ...body, tasks: body.tasks.filter((x) => !gone.has(x.id)), links: body.links.filter((l) => !gone.has(l.from) && !gone.has(l.to)) }
	for (const list of ['assignments', 'modes', 'relaxations'])
		if (next[list])
			next[list] = next[list].filter((x: any) => !gone.has(x.task) && !gone.has(x.from) && !gone.has(x.to))
	return next
}
/** Would a link from `from` to `to` close a ring? */
export function closesRing(links: PlanLink[], from: string, to: string): boolean {
	const next = new Map<string, string[]>()
	for (const l of links)
		next.set(l.from, [...(next.get(l.from) ?? []), l.to])
	const seen = new Set<string>()
	const queue = [to]
	while (queue.length) {
		const at = queue.pop()!
		if (at === from)
			return true
		if (!seen.has(at)) {
			seen.add(at)
			queue.push(...(next.get(at) ?? []))
		}
	}
	return false
}

/* ---- Facts over the plan: what was reported, as the server laid it ---- */

const PROGRESS = ['state', 'actual_start', 'actual_finish', 'remaining', 'percent', 'physical_percent', 'actual'] as const
export interface Facts { tasks: Map<string, Record<string, any>>; projects: Map<string, string | undefined> }

export function factsOf(bare: PlanBody, laid: PlanBody): Facts {
	const drawn = new Map(bare.tasks.map((x) => [x.id, x]))
	const tasks: Facts['tasks'] = new Map()
	for (const x of laid.tasks) {
		const own = drawn.get(x.id)
		if (own && PROGRESS.some((key) => own[key] !== x[key]))
			tasks.set(x.id, Object.fromEntries(PROGRESS.map((key) => [key, x[key]])))
	}
	return { tasks, projects: new Map(laid.projects.map((p) => [p.id, p.data_date])) }
}
export function withFacts(body: PlanBody, facts: Facts | null): PlanBody {
	if (!facts)
		return body
	return {
		...body,
		projects: body.projects.map((p) => (facts.projects.get(p.id) && facts.projects.get(p.id) !== p.data_date ? { ...p, data_date: facts.projects.get(p.id) } : p)),
		tasks: facts.tasks.size ? body.tasks.map((x) => (facts.tasks.has(x.id) ? { ...x, ...facts.tasks.get(x.id) } : x)) : body.tasks,
	}
}

/* ---- Days without work, for the shading ---- */

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** Hours of Monday to Sunday; undefined: not stated. */
export function weekOf(week: Record<string, string> | undefined): (string | undefined)[] {
	const out: (string | undefined)[] = Array(7).fill(undefined)
	for (const [name, hours] of Object.entries(week ?? {})) {
		const from = WEEKDAYS.indexOf(name.slice(0, 3))
		const to = name.length === 7 ? WEEKDAYS.indexOf(name.slice(4)) : from
		for (let d = from; d >= 0 && d <= to; d++)
			out[d] = hours
	}
	return out
}
export interface FreeDay { free: boolean; name: string; office?: string }
/** Asks the calendar about a day (since 1970): free or not, and the name of the exception that says so. */
export function freeDays(body: PlanBody, calendar: PlanCalendar | undefined): (day: number) => FreeDay {
	if (!calendar)
		return () => ({ free: false, name: '' })
	const week = weekOf(calendar.week)
	const base = calendar.base ? freeDays(body, body.calendars?.find((c) => c.id === calendar.base)) : null
	const exceptions = (calendar.exceptions ?? []).map((e) => ({ ...e, a: Math.floor(ticksOf(e.from)! / TICKS_PER_DAY), b: Math.floor(ticksOf(e.to ?? e.from)! / TICKS_PER_DAY) })).reverse()
	return (day) => {
		const e = exceptions.find((x) => day >= x.a && day <= x.b)
		if (e)
			return { free: !e.hours, name: e.hours ? '' : e.name ?? '', ...(e.office && !e.hours ? { office: e.office } : {}) }
		const hours = week[(((day + 3) % 7) + 7) % 7]
		return hours === undefined ? base?.(day) ?? { free: true, name: '' } : { free: !hours, name: '' }
	}
}

/** A plan to begin with: five days a week, four steps in a row. */
export function startPlan(name: string, start: string, words: { calendar: string; tasks: string[]; finish: string }): PlanBody {
	const tasks: PlanTask[] = words.tasks.map((title, i) => ({ id: 'N' + (i + 1), name: title, duration: '20d' }))
	tasks.push({ id: 'N' + (tasks.length + 1), name: words.finish, type: 'finish_milestone', duration: '0d' })
	return {
		guatu_plan: 1,
		calendars: [{ id: 'five_day', name: words.calendar, week: { 'mon-fri': '08:00-12:00 13:00-17:00' } }],
		projects: [{ id: 'P', name, start, calendar: 'five_day' }],
		tasks,
		links: tasks.slice(1).map((x, i) => ({ from: tasks[i].id, to: x.id, type: 'FS' as LinkType })),
	}
}

export interface Over { from: string; to: string; used: number; has: number; tasks: string[] }
/** A crew used beyond what there is, by days: what only a lunch or a night parts is one line. */
export function overDays(spans: Over[]): Over[] {
	const lines: Over[] = []
	for (const o of spans) {
		const [last, from, to] = [lines[lines.length - 1], dateOf(ticksOf(o.from)), dateOf(ticksOf(o.to), true)]
		if (last && last.used === o.used && last.has === o.has && String(last.tasks) === String(o.tasks) && Date.parse(from) - Date.parse(last.to) <= 864e5)
			last.to = to
		else
			lines.push({ ...o, from, to })
	}
	return lines
}
