// Days to pixels and back, and the two lines of the head. Pure.
import { ZOOMS, type Zoom } from './types'

export const PIXELS: Record<Zoom, number> = { day: 30, week: 12, month: 4, quarter: 1.6, year: 0.55 }
export const WIDEST = 60
export const NARROWEST = 0.12

export const zoomOf = (perDay: number): Zoom => ZOOMS.reduce((best, z) => (Math.abs(Math.log(PIXELS[z] / perDay)) < Math.abs(Math.log(PIXELS[best] / perDay)) ? z : best))

export interface Tick { day: number; until: number; text: string }
const utc = (day: number) => new Date(day * 864e5)
const dayOf = (y: number, m: number, d = 1) => Date.UTC(y, m, d) / 864e5

/** A line of the head: years, quarters, months, weeks or days that touch from..to. */
export function ticks(unit: 'year' | 'quarter' | 'month' | 'week' | 'day', from: number, to: number, lang: 'zh' | 'en'): Tick[] {
	const out: Tick[] = []
	const zh = lang === 'zh'
	const begin = utc(from)
	let y = begin.getUTCFullYear()
	let m = begin.getUTCMonth()
	if (unit === 'day' || unit === 'week') {
		let day = Math.floor(from)
		if (unit === 'week')
			day -= (((day + 3) % 7) + 7) % 7 // Monday
		for (const step = unit === 'day' ? 1 : 7; day < to; day += step) {
			const d = utc(day)
			out.push({ day, until: day + step, text: unit === 'day' ? String(d.getUTCDate()) : `${d.getUTCMonth() + 1}-${String(d.getUTCDate()).padStart(2, '0')}` })
		}
		return out
	}
	const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1
	m -= m % months
	for (let day = dayOf(y, m); day < to; day = dayOf(y, m)) {
		const year = y + Math.floor(m / 12)
		const month = m % 12
		const text = unit === 'year' ? (zh ? `${year} 年` : String(year)) : unit === 'quarter' ? (zh ? `${month / 3 + 1} 季度` : `Q${month / 3 + 1}`)
			: zh ? `${month + 1} 月` : ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month]
		m += months
		out.push({ day, until: dayOf(y, m), text })
	}
	return out
}

/** The upper line names the year wherever it stands; the lower is the finest that has room for its words. */
export function head(perDay: number, from: number, to: number, lang: 'zh' | 'en'): [Tick[], Tick[]] {
	const month = () => ticks('month', from, to, lang).map((x) => ({ ...x, text: lang === 'zh' ? `${utc(x.day).getUTCFullYear()} 年 ${x.text}` : `${x.text} ${utc(x.day).getUTCFullYear()}` }))
	if (perDay >= 18)
		return [month(), ticks('day', from, to, lang)]
	if (perDay >= 6)
		return [month(), ticks('week', from, to, lang)]
	if (perDay >= 1.35)
		return [ticks('year', from, to, lang), ticks('month', from, to, lang)]
	if (perDay >= 0.5)
		return [ticks('year', from, to, lang), ticks('quarter', from, to, lang)]
	const years = ticks('year', from, to, lang)
	return [years.filter((x) => utc(x.day).getUTCFullYear() % 5 === 0).map((x) => ({ ...x, until: x.day + 1826, text: `${utc(x.day).getUTCFullYear()} – ${utc(x.day).getUTCFullYear() + 4}` })), years.map((x) => ({ ...x, text: String(utc(x.day).getUTCFullYear()) }))]
}

/** The days a chart must hold: every date with room before and after. */
export function span(dates: (number | null)[], room = 30): [number, number] {
	let low = Infinity
	let high = -Infinity
	for (const d of dates)
		if (d != null) {
			low = Math.min(low, d)
			high = Math.max(high, d)
		}
	if (low > high)
		return [0, 365]
	const more = Math.max(room, (high - low) * 0.04)
	return [Math.floor(low - more), Math.ceil(high + more * 2)]
}
