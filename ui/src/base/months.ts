// The days of a month as weeks from Monday, and steps between days. Pure, on ISO dates.
const iso = (y: number, m: number, d: number): string => new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10)
export const addDays = (day: string, n: number): string => new Date(Date.parse(day + 'T00:00:00Z') + n * 864e5).toISOString().slice(0, 10)
/** 0 Monday to 6 Sunday */
export const weekday = (day: string): number => (new Date(day + 'T00:00:00Z').getUTCDay() + 6) % 7

export function addMonths(day: string, n: number): string {
	const [y, m, d] = day.split('-').map(Number)
	const last = new Date(Date.UTC(y, m - 1 + n + 1, 0)).getUTCDate()
	return iso(y, m - 1 + n, Math.min(d, last))
}

/** Weeks of seven; '' where the day is of another month. month from 0. */
export function weeks(year: number, month: number): string[][] {
	const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
	const cells: string[] = Array(weekday(iso(year, month, 1))).fill('')
	for (let d = 1; d <= days; d++)
		cells.push(iso(year, month, d))
	while (cells.length % 7)
		cells.push('')
	return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7))
}
