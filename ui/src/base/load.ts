// Loading with its states: data, problem, busy. A newer load aborts the older one; an unmounted page aborts its own.
import { onUnmounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { Problem } from './api'

export interface Load<T> { data: ShallowRef<T | null>; problem: ShallowRef<Problem | null>; busy: Ref<boolean>; load: () => Promise<void> }

export function useLoad<T>(fetcher: (signal: AbortSignal, before: T | null) => Promise<T>): Load<T> {
	const data = shallowRef<T | null>(null)
	const problem = shallowRef<Problem | null>(null)
	const busy = ref(false)
	let control: AbortController | null = null

	async function load(): Promise<void> {
		control?.abort()
		const mine = (control = new AbortController())
		busy.value = true
		try {
			const got = await fetcher(mine.signal, data.value)
			if (mine === control) {
				data.value = got
				problem.value = null
			}
		} catch (e) {
			if (mine !== control || (e as Error).name === 'AbortError')
				return
			if (!(e instanceof Problem))
				throw e
			problem.value = e
		} finally {
			if (mine === control)
				busy.value = false
		}
	}
	onUnmounted(() => {
		control?.abort()
		control = null
	})
	return { data, problem, busy, load }
}

/** Calls back once after a burst, at once for the first, never more often than `gap` ms. */
export function gather(then: () => void, gap = 250): () => void {
	let timer = 0
	let last = 0
	return () => {
		if (timer)
			return
		const wait = Math.max(0, last + gap - performance.now())
		timer = setTimeout(() => {
			timer = 0
			last = performance.now()
			then()
		}, wait) as unknown as number
	}
}

/** After the next picture, in a task of its own; in a window that nobody sees there are no pictures. */
const pictured = () => new Promise<void>((resolve) => (document.hidden ? setTimeout(resolve) : requestAnimationFrame(() => setTimeout(resolve))))

/**
 * How much of a long page stands: from 0 to `last`, one part a picture, from the moment `ready` holds. Drawn at once it would keep a
 * slow phone from answering for half a second; in parts its user reads the first while the others come.
 */
export function useParts(last: () => number, ready: () => unknown): Ref<number> {
	const parts = ref(0)
	const stop = watch(() => !!ready(), async (is) => {
		while (is && parts.value < last()) {
			await pictured()
			parts.value++
		}
	}, { immediate: true })
	onUnmounted(stop)
	return parts
}
