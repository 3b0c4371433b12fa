// The way of an issue through hands, from its journal: each leg with how long it took. Pure.
import { daysBetween } from './format'
import type { Entry } from './project'

export interface Leg { state: string; from: string; to: string | null; days: number; who: string }

/** Oldest first; the last one is still running when the issue is open. `who` took the step that began the leg. */
export function legsOf(entries: Entry[], today: string, open: boolean): Leg[] {
	const moves = entries.filter((e) => e.state?.[1] && e.state[0] !== e.state[1] && e.at.slice(0, 10) <= today).slice().sort((a, b) => a.no - b.no)
	return moves.map((e, i) => {
		const next = moves[i + 1]?.at ?? null
		return { state: e.state![1]!, from: e.at, to: next, who: e.who?.name ?? '', days: next || open ? Math.max(0, daysBetween(e.at, next ?? today)) : 0 }
	})
}
