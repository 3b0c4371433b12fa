// How far a milestone stands from a date that was approved. Pure.
import { daysBetween } from './format'
import type { Fields } from './api'

export type Standing = 'actual' | 'forecast' | 'computed' | 'planned' | 'today'

/** Where it stands: actual, else the first of forecast, computed and planned, but not before today: what has passed without
 * happening was no forecast. */
export function standing(f: Fields, today: string): { day: string | null; kind: Standing | null } {
	if (f.actual)
		return { day: f.actual, kind: 'actual' }
	const kind = (['forecast', 'computed', 'planned'] as const).find((x) => f[x])
	if (!kind)
		return { day: null, kind: null }
	return f[kind] < today ? { day: today, kind: 'today' } : { day: f[kind], kind }
}

/** Days late (above nought) or early. */
export function slipDays(f: Fields, reference: string | null | undefined, today: string): number | null {
	const { day } = standing(f, today)
	return reference && day ? daysBetween(reference, day) : null
}
