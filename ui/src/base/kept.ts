// Answers kept on this device so that a report can be written without a network. They are never shown as fresh: whoever asks
// gets the time they were kept along with them, null when they come from the server just now.
import { get, Problem } from './api'
import { idbAll, idbGet, idbPut } from './idb'
import { account } from './session'

interface Kept { key: string; at: number; data: unknown }
const DAYS = 30

export async function getKept<T>(path: string): Promise<{ data: T; at: number | null }> {
	const key = `${account.value?.id}:${path}`
	try {
		const data = await get<T>(path)
		void idbPut([['kept', key, { key, at: Date.now(), data } satisfies Kept]]).catch(() => {}) // a full disk: the page has its answer all the same
		return { data, at: null }
	} catch (e) {
		if (!(e instanceof Problem) || e.status !== 0)
			throw e
		const kept = await idbGet<Kept>('kept', key)
		if (!kept)
			throw e
		return { data: kept.data as T, at: kept.at }
	}
}

export async function forgetKept(all: boolean): Promise<void> {
	const kept = await idbAll<Kept>('kept')
	await idbPut(kept.filter((k) => all || k.at < Date.now() - DAYS * 86_400_000).map((k) => ['kept', k.key, undefined]))
}
