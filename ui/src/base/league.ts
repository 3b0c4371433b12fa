// Which unit stands where, and where it stood: ranks by the share of the year's plan that is done (投资完成率, one of the
// monthly "four rates" of 吉林 2020), among units of one kind, ties sharing a rank. Units, never persons. Pure.

export interface Runner { id: string; kind: string; score: number | null }
export interface Standing { id: string; kind: string; score: number; rank: number; of: number; before: number | null }

function ranks(runners: Runner[]): Map<string, { rank: number; of: number; runner: Runner }> {
	const out = new Map<string, { rank: number; of: number; runner: Runner }>()
	for (const kind of new Set(runners.map((r) => r.kind))) {
		const group = runners.filter((r) => r.kind === kind && r.score != null).sort((a, b) => b.score! - a.score!)
		group.forEach((runner, i) => {
			const tied = i > 0 && group[i - 1].score === runner.score
			out.set(runner.id, { rank: tied ? out.get(group[i - 1].id)!.rank : i + 1, of: group.length, runner })
		})
	}
	return out
}

/** then: the same units on an earlier day of the same year; null: no such day. */
export function league(now: Runner[], then: Runner[] | null): Standing[] {
	const was = then ? ranks(then) : null
	return [...ranks(now).values()].map(({ rank, of, runner }) => ({ id: runner.id, kind: runner.kind, score: runner.score!, rank, of, before: was?.get(runner.id)?.rank ?? null }))
		.sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.rank - b.rank || (a.id < b.id ? -1 : 1)))
}
/** Positive: places won. */
export const moved = (s: Standing): number | null => (s.before == null ? null : s.before - s.rank)
