// The live feed: one EventSource for all tabs of a browser, held by a SharedWorker; where there is none, one per tab.
// Nothing polls: a page hears of a change, then asks for what it shows.
import { ref, watch } from 'vue'
import { Feed, type Change, type FeedState } from './feed'

export type { Change } from './feed'
export const liveState = ref<FeedState>('off')
export const today = ref('')

/** Entries of the journal up to this one are not told here any more. */
const begun = ref(0)

type Listener = (change: Change | null) => void
const listeners = new Set<Listener>()

/** Hears every change; null: some may have been missed, load afresh. Returns how to stop. */
export function onChange(listener: Listener): () => void {
	listeners.add(listener)
	return () => listeners.delete(listener)
}

/** Asks again where a page shows less than was written before the feed told of it, or was cut from it over a midnight. */
export function useCaughtUp(shown: () => number | undefined, again: () => void): void {
	watch([begun, shown], () => {
		const journal = shown()
		if (journal !== undefined && journal < begun.value)
			again()
	})
	watch(liveState, (now, before) => now === 'live' && before === 'reconnecting' && shown() !== undefined && again())
}

function hear(message: any): void {
	if (message.state)
		liveState.value = message.state
	if (message.begun)
		begun.value = message.begun
	if (message.tick?.today)
		today.value = message.tick.today
	if (message.change) {
		for (const l of [...listeners])
			l(message.change)
	}
	if (message.reset)
		for (const l of [...listeners])
			l(null)
}

let worker: SharedWorker | null = null
let own: Feed | null = null

/** who: the account; another one in the same browser opens the feed anew with its own rights. */
export function startLive(who: string): void {
	const url = new URL('api/stream', document.baseURI).href
	if (typeof SharedWorker !== 'undefined') {
		if (!worker) {
			worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'guatu-live' })
			worker.port.onmessage = (e) => hear(e.data)
			worker.onerror = () => { // refused by policy: fall back to a feed of this tab
				worker = null
				own ??= new Feed(url, hear)
				own.open(who)
			}
			addEventListener('pagehide', () => worker?.port.postMessage({ leave: true }))
		}
		worker.port.start()
		worker.port.postMessage({ url, who })
	} else {
		own ??= new Feed(url, hear)
		own.open(who)
	}
}

export function stopLive(): void {
	worker?.port.postMessage({ close: true })
	own?.close()
	liveState.value = 'off'
}
