// Checks that run behind the answer on the server: started, then looked after until the last one is done.
import { onUnmounted, ref, shallowRef } from 'vue'
import { refusal } from './action'
import { get, post, Problem } from './api'

export interface Proof { kind: 'chain' | 'derived' | 'backup'; running: boolean; started_at: string; ended_at: string | null; done: number; total: number; name: string; ok: boolean; problem: string | null; result: { ok: boolean; entries?: number; head?: { no: number; hash: string; digest: string }; broken?: { no: number; text: string } | null; count?: number; findings?: { kind: string; register: string | null; record: string | null; text: string }[] } | null }

export function useProofs() {
	const proofs = ref<Proof[]>([])
	const problem = shallowRef<Problem | null>(null)
	let timer = 0
	let gone = false
	async function look(what: () => Promise<{ proofs: Proof[] }>): Promise<void> {
		clearTimeout(timer)
		problem.value = await refusal(async () => (proofs.value = (await what()).proofs))
		if (!problem.value && !gone && proofs.value.some((p) => p.running))
			timer = setTimeout(() => void load(), 500) as unknown as number
	}
	const load = () => look(() => get('admin/proofs'))
	void load()
	onUnmounted(() => {
		gone = true
		clearTimeout(timer)
	})
	return { proofs, problem, start: (kind: Proof['kind'], name?: string) => look(() => post('admin/proofs', name ? { kind, name } : { kind })) }
}
