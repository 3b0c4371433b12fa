// Asking for something with its states: busy, done, or refused with a problem that the page shows.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from './api'

/** What it was refused with, null when it went well. Anything but a refusal is a fault of ours and goes on. */
export async function refusal(what: () => unknown): Promise<Problem | null> {
	try {
		await what()
		return null
	} catch (e) {
		if (!(e instanceof Problem))
			throw e
		return e
	}
}

/** run: true when it went well. While one is under way another is not begun. */
export interface Action { busy: Ref<boolean>; problem: ShallowRef<Problem | null>; run: (what: () => unknown) => Promise<boolean> }

export function useAction(): Action {
	const busy = ref(false)
	const problem = shallowRef<Problem | null>(null)
	async function run(what: () => unknown): Promise<boolean> {
		if (busy.value)
			return false
		busy.value = true
		problem.value = null
		try {
			problem.value = await refusal(what)
		} finally {
			busy.value = false
		}
		return !problem.value
	}
	return { busy, problem, run }
}
