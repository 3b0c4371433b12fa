// The three series of a project as cumulative curves, month by month. Pure; each has its own unit and none is made from another.
import type { RecordBody } from './api'

export interface Curve { months: string[]; planned: (number | null)[]; actual: (number | null)[]; even?: boolean }
/** A task of the project's plan, as far as curves need it. */
export interface PlannedTask { start: string; finish: string; cost?: number | null; quantity?: number | null; unit?: string | null }

export const monthsBetween = (first: string, last: string): string[] => {
	const out: string[] = []
	for (let [y, m] = first.split('-').map(Number); out.length < 1200; m === 12 ? (y++, (m = 1)) : m++) {
		const text = `${y}-${String(m).padStart(2, '0')}`
		if (text > last)
			break
		out.push(text)
	}
	return out
}
/** Those that count, as on the wall: neither drafts nor what was returned. */
const counted = (reports: RecordBody[]) => reports.filter((r) => r.state !== 'draft' && r.state !== 'returned' && r.fields.period).slice().sort((a, b) => (a.fields.period < b.fields.period ? -1 : 1))
const monthOf = (r: RecordBody) => String(r.fields.period).slice(0, 7)

/** The twelve months of a year's plan; where it is not told by month, evenly. */
function planMonths(plan: RecordBody): { values: number[]; even: boolean } {
	const f = plan.fields
	const told = Array.from({ length: 12 }, (_, i) => f['month_' + String(i + 1).padStart(2, '0')] as number | null)
	if (told.some((v) => v != null))
		return { values: told.map((v) => v ?? 0), even: false }
	return { values: told.map(() => (f.annual_plan_investment ?? 0) / 12), even: true }
}

/** The span that has a plan or a report. */
export function spanOf(plans: RecordBody[], reports: RecordBody[]): string[] {
	const list = counted(reports)
	const first = [...plans.map((p) => `${p.fields.year}-01`), ...list.slice(0, 1).map(monthOf)].sort()[0]
	const last = [...plans.map((p) => `${p.fields.year}-12`), ...list.slice(-1).map(monthOf)].sort().pop()
	return first && last ? monthsBetween(first, last) : []
}

/** The last known cumulative value of each month; months before the first report and after the last one are not known. */
function stands(months: string[], list: RecordBody[], value: (r: RecordBody) => number | null | undefined): (number | null)[] {
	const known = new Map<string, number>()
	for (const r of list) {
		const v = value(r)
		if (v != null)
			known.set(monthOf(r), v)
	}
	return months.map((m) => known.get(m) ?? null)
}

/** What was done in each month that was reported, reckoned as the wall does: one cadence a month (months before weeks before days, so
 * that nothing counts twice), the periods' own figures before the year's running one. */
function flow(list: RecordBody[], period: string, running?: string): Map<string, number> {
	const out = new Map<string, number>()
	let soFar = 0
	for (const month of [...new Set(list.map(monthOf))]) {
		if (month.endsWith('-01') || ![...out.keys()].some((m) => m.slice(0, 4) === month.slice(0, 4)))
			soFar = 0
		const of = list.filter((r) => monthOf(r) === month)
		for (const kind of ['month', 'week', 'day']) {
			const mine = of.filter((r) => (r.fields.period_kind ?? 'month') === kind)
			const told = mine.filter((r) => r.fields[period] != null)
			const year = running && mine.filter((r) => r.fields[running] != null).pop()?.fields[running]
			const done = told.length ? told.reduce((sum, r) => sum + r.fields[period], 0) : year != null && year !== '' ? year - soFar : null
			if (done == null)
				continue
			out.set(month, done)
			soFar += done
			break
		}
	}
	return out
}
/** Added up over these months from `from`; a month without a figure is not known. */
function addedUp(months: string[], done: Map<string, number>, from = 0): (number | null)[] {
	let sum = from
	for (const [month, v] of done)
		sum += month < months[0] ? v : 0
	return months.map((m) => (done.has(m) ? (sum += done.get(m)!) : null))
}

/** year null: the whole life, from what was done before the first plan; else that year, from nothing. */
export function investmentCurve(plans: RecordBody[], reports: RecordBody[], year: number | null): Curve {
	const list = counted(reports)
	const chosen = plans.filter((p) => year == null || p.fields.year === year)
	const months = year == null ? spanOf(plans, reports) : monthsBetween(`${year}-01`, `${year}-12`)
	const inSpan = list.filter((r) => months.includes(monthOf(r)))
	// what stood before the first month that is drawn
	const first = inSpan.find((r) => r.fields.investment_total != null && r.fields.investment_year != null)
	let sum = year == null && first && first.fields.period.slice(0, 4) === months[0]?.slice(0, 4) ? first.fields.investment_total - first.fields.investment_year : 0
	const actual = addedUp(months, flow(inSpan, 'investment', 'investment_year'), sum)
	const by = new Map(chosen.map((p) => [String(p.fields.year), planMonths(p)]))
	const planned = months.map((m) => {
		const plan = by.get(m.slice(0, 4))
		if (!plan)
			return by.size && year == null && m.slice(0, 4) > [...by.keys()].sort()[0] ? sum : null
		sum += plan.values[Number(m.slice(5)) - 1]
		return Math.round(sum)
	})
	return { months, planned, actual, even: [...by.values()].some((p) => p.even) }
}

/** What should be there at the end of each month, each task spread evenly between its dates. */
export function spread(months: string[], tasks: PlannedTask[], size: (task: PlannedTask) => number | null | undefined): (number | null)[] {
	const list = tasks.filter((x) => size(x))
	if (!list.length)
		return months.map(() => null)
	return months.map((m) => {
		const end = Date.UTC(Number(m.slice(0, 4)), Number(m.slice(5)), 1)
		return list.reduce((sum, x) => {
			const [from, to] = [Date.parse(x.start.slice(0, 10)), Date.parse(x.finish.slice(0, 10)) + 864e5]
			return sum + size(x)! * Math.min(1, Math.max(0, (end - from) / Math.max(1, to - from)))
		}, 0)
	})
}

export interface WorkCurve extends Curve { kind: 'money' | 'percent' }
/** Work at contract prices where it is told, else the share completed. */
export function workCurve(months: string[], reports: RecordBody[], tasks: PlannedTask[]): WorkCurve {
	const list = counted(reports)
	const kind = list.some((r) => r.fields.work_volume != null) ? 'money' : 'percent'
	const actual = kind === 'money' ? addedUp(months, flow(list, 'work_volume')) : stands(months, list, (r) => r.fields.work_completed)
	const money = spread(months, tasks, (x) => x.cost)
	const total = tasks.reduce((sum, x) => sum + (x.cost ?? 0), 0)
	return { kind, months, actual, planned: kind === 'money' ? money.map((v) => (v == null ? null : Math.round(v))) : money.map((v) => (v == null ? null : (v / total) * 100)) }
}

export interface QuantityCurve extends Curve { item: string; unit: string }
/** One for each item and unit that was reported: metres and tonnes are never added up. */
export function quantityCurves(months: string[], reports: RecordBody[], tasks: PlannedTask[], unitText: (unit: string) => string): QuantityCurve[] {
	const list = counted(reports).filter((r) => r.fields.physical_volume != null || r.fields.physical_total != null)
	const kinds = new Map<string, RecordBody[]>()
	for (const r of list) {
		const key = JSON.stringify([r.fields.physical_item ?? '', r.fields.physical_unit ?? ''])
		kinds.set(key, [...(kinds.get(key) ?? []), r])
	}
	return [...kinds].map(([key, of]) => {
		const [item, unit] = JSON.parse(key) as [string, string]
		const total = stands(months, of, (r) => r.fields.physical_total)
		const actual = total.some((v) => v != null) ? total : addedUp(months, flow(of, 'physical_volume'))
		return { item, unit, months, actual, planned: spread(months, tasks.filter((x) => x.unit && (x.unit === unit || x.unit === unitText(unit))), (x) => x.quantity) }
	})
}

/** Where it stands: the last month with an actual value. */
export function latest(curve: Curve): { month: string; actual: number; planned: number | null } | null {
	for (let i = curve.months.length - 1; i >= 0; i--)
		if (curve.actual[i] != null)
			return { month: curve.months[i], actual: curve.actual[i]!, planned: curve.planned[i] }
	return null
}
