// How values are written for people. Pure: the language is an argument with the present one as default.
import { lang as current, type Lang } from './i18n'

/** Between facts on a line: where the line breaks, it stays with the one before. */
export const DOT = '\u00a0· '
export const DASH = '—'
const MINUS = '−'

export function grouped(value: number, digits: number): string {
	const text = Math.abs(value).toFixed(digits)
	const [whole, part] = text.split('.')
	const sign = value < 0 && Number(text) !== 0 ? MINUS : ''
	return sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part ? '.' + part : '')
}

export function count(value: number | null | undefined): string {
	return value == null ? DASH : grouped(value, 0)
}

/** Digits that show about four figures: 8.123, 81.23, 812.3, 8,123 */
function digitsFor(value: number): number {
	const size = Math.abs(value)
	return size >= 1000 ? 0 : size >= 100 ? 1 : 2
}

export interface Amount { number: string; unit: string }

/** Money in the unit a reader expects for its size: 亿元, 万元 or 元; billions and millions in English. Whoever types money types 万元 in both. */
export function amount(fen: number | null | undefined, lang: Lang = current.value): Amount {
	if (fen == null)
		return { number: DASH, unit: '' }
	const yuan = fen / 100
	const size = Math.abs(yuan)
	if (lang === 'zh') {
		if (size >= 1e8)
			return { number: grouped(yuan / 1e8, digitsFor(yuan / 1e8)), unit: '亿元' }
		if (size >= 1e4)
			return { number: grouped(yuan / 1e4, digitsFor(yuan / 1e4)), unit: '万元' }
		return { number: grouped(yuan, yuan % 1 ? 2 : 0), unit: '元' }
	}
	if (size >= 1e9)
		return { number: grouped(yuan / 1e9, digitsFor(yuan / 1e9)), unit: 'bn yuan' }
	if (size >= 1e6)
		return { number: grouped(yuan / 1e6, digitsFor(yuan / 1e6)), unit: 'm yuan' }
	return { number: grouped(yuan, yuan % 1 ? 2 : 0), unit: 'yuan' }
}

export function money(fen: number | null | undefined, lang: Lang = current.value): string {
	const a = amount(fen, lang)
	return a.unit ? `${a.number} ${a.unit}` : a.number
}

/** Money in a table column: one unit for all rows, so that the eye can compare. 万元; million yuan in English, to the 万. */
export function moneyCell(fen: number | null | undefined, lang: Lang = current.value): string {
	if (fen == null)
		return DASH
	return lang === 'zh' ? trimmed(fen / 1e6, 2) : grouped(fen / 1e8, 2)
}

/** The same at a mark of an axis, which stands on round numbers. */
export function moneyMark(fen: number, lang: Lang = current.value): string {
	return trimmed(fen / (lang === 'zh' ? 1e6 : 1e8), 2)
}

export function moneyUnit(lang: Lang = current.value): string {
	return lang === 'zh' ? '万元' : 'm yuan'
}

function trimmed(value: number, digits: number): string {
	const size = Math.abs(value)
	return grouped(value, size >= 100 || Number.isInteger(value) ? 0 : digits)
}

/** 分 to the text of an input in 万元, exactly: 1 分 is 0.000001 万元. */
export function fenToWan(fen: number | null | undefined): string {
	if (fen == null)
		return ''
	const sign = fen < 0 ? '-' : ''
	const digits = String(Math.abs(fen)).padStart(7, '0')
	return (sign + digits.slice(0, -6) + '.' + digits.slice(-6)).replace(/\.?0+$/, '')
}

/** What was typed in 万元 to 分; undefined when it is not a number or finer than one 分. */
export function wanToFen(text: string): number | null | undefined {
	const plain = text.replace(/[,，\s]/g, '').replace(/^[−－]/, '-')
	if (plain === '')
		return null
	const m = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(plain)
	if (!m)
		return undefined
	const fen = Number(m[2]) * 1e6 + Number((m[3] ?? '').padEnd(6, '0'))
	return m[1] ? -fen : fen
}

export function percent(value: number | null | undefined, digits = 1): string {
	return value == null ? DASH : grouped(value, digits) + '%'
}

/** Ahead of or behind time, in points: +3.1, −12.0 */
export function points(value: number | null | undefined): string {
	if (value == null)
		return DASH
	const text = grouped(value, 1)
	return (value > 0 && !/^[0.]+$/.test(text) ? '+' : '') + text
}

export function quantity(value: number | null | undefined): string {
	return value == null ? DASH : grouped(value, Number.isInteger(value) ? 0 : 2)
}

const two = (n: number) => String(n).padStart(2, '0')

/** In the office's time: the offset stands in the text, wherever the reader's machine is. */
export function instant(text: string | null | undefined, now = new Date()): string {
	if (!text)
		return DASH
	const at = Date.parse(text)
	if (Number.isNaN(at))
		return text
	const offset = /([+-])(\d\d):(\d\d)$/.exec(text)
	const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (+offset[2] * 60 + +offset[3]) : -now.getTimezoneOffset()
	const there = (ms: number) => new Date(ms + minutes * 6e4).toISOString()
	const [day, time] = [there(at).slice(0, 10), there(at).slice(11, 16)]
	const today = there(now.getTime()).slice(0, 10)
	if (day.slice(0, 4) !== today.slice(0, 4))
		return `${day} ${time}`
	return day === today ? time : `${day.slice(5)} ${time}`
}

/** Whole days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 864e5)
}

export function monthEnd(date: string): string {
	const [y, m] = date.split('-').map(Number)
	return `${y}-${two(m)}-${two(new Date(Date.UTC(y, m, 0)).getUTCDate())}`
}

export function addDays(date: string, days: number): string {
	return new Date(Date.parse(date) + days * 864e5).toISOString().slice(0, 10)
}

/** The last day of the newest month that has ended or is about to (five days before its end). */
export function reportMonth(today: string): string {
	const end = monthEnd(today)
	if (daysBetween(today, end) <= 5)
		return end
	return addDays(today.slice(0, 8) + '01', -1)
}

/** Sunday of the week that has ended or ends today. */
export function reportWeek(today: string): string {
	const day = new Date(Date.parse(today)).getUTCDay()
	return addDays(today, -day)
}

/** The period to report next: the newest that has ended, or the one after the last report when that is told already. */
export function nextPeriod(kind: string, last: string | null, today: string): string {
	const due = kind === 'month' ? reportMonth(today) : kind === 'week' ? reportWeek(today) : today
	if (!last || last < due)
		return due
	return kind === 'month' ? monthEnd(addDays(monthEnd(last), 1)) : addDays(last, kind === 'week' ? 7 : 1)
}

export function bytes(n: number): string {
	return n < 1024 ? `${n} B` : n < 1048576 ? `${(n / 1024).toFixed(0)} KB` : `${(n / 1048576).toFixed(1)} MB`
}
