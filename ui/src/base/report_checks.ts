// What a clerk would notice before a report goes out. Pure; each finding names its field.
import type { Fields } from './api'
import type { Key } from './i18n'

export interface Finding { field: string; word: Key; values?: Record<string, string | number>; money?: Record<string, number> }

export function checkReport(now: Fields, last: Fields | null, today: string): Finding[] {
	const out: Finding[] = []
	const sameYear = last && String(last.period).slice(0, 4) === String(now.period ?? '').slice(0, 4)
	if (now.period && now.period > today && now.period.slice(0, 7) > today.slice(0, 7))
		out.push({ field: 'period', word: 'check.future', values: { day: now.period } })
	if (last && now.period && now.period === last.period && now.period_kind === last.period_kind)
		out.push({ field: 'period', word: 'check.twice', values: { day: now.period } })
	if (now.investment == null)
		out.push({ field: 'investment', word: 'check.noinvestment' })
	else if (now.investment < 0)
		out.push({ field: 'investment', word: 'check.negative' })
	if (sameYear && now.investment_year != null && last.investment_year != null) {
		if (now.investment_year < last.investment_year)
			out.push({ field: 'investment_year', word: 'check.yearfell', money: { last: last.investment_year } })
		else if (now.investment != null && now.investment_year !== last.investment_year + now.investment)
			out.push({ field: 'investment_year', word: 'check.yearsum', money: { sum: last.investment_year + now.investment } })
	}
	if (last && now.investment != null && last.investment > 0 && now.investment > last.investment * 5)
		out.push({ field: 'investment', word: 'check.jump', money: { last: last.investment } })
	if (last && now.work_completed != null && last.work_completed != null && now.work_completed < last.work_completed)
		out.push({ field: 'work_completed', word: 'check.workfell', values: { last: last.work_completed } })
	if (!now.visual_progress || !String(now.visual_progress).trim())
		out.push({ field: 'visual_progress', word: 'check.noprogress' })
	else if (last && String(last.visual_progress ?? '').trim() === String(now.visual_progress).trim())
		out.push({ field: 'visual_progress', word: 'check.sameprogress' })
	if (now.forecast_finish && now.forecast_finish < today && !(now.work_completed >= 100))
		out.push({ field: 'forecast_finish', word: 'check.pastfinish', values: { day: now.forecast_finish } })
	if (!now.photos?.length)
		out.push({ field: 'photos', word: 'check.nophotos' })
	return out
}
