// The browser's own database, behind promises. Where it is refused (by policy, or a private window) everything lives in memory
// while the page is open, and `lasting` says so.
import { ref } from 'vue'

const NAME = 'guatu'
const STORES = ['job', 'photo', 'kept', 'lease'] as const
export type StoreName = (typeof STORES)[number]
export const lasting = ref(true)

let opening: Promise<IDBDatabase | null> | null = null
const memory = new Map<StoreName, Map<string, any>>(STORES.map((s) => [s, new Map()]))

function open(): Promise<IDBDatabase | null> {
	return (opening ??= new Promise((resolve) => {
		const refuse = () => {
			lasting.value = false
			resolve(null)
		}
		try {
			const request = indexedDB.open(NAME, 1)
			request.onupgradeneeded = () => STORES.forEach((s) => request.result.createObjectStore(s))
			request.onsuccess = () => {
				request.result.onversionchange = () => request.result.close()
				resolve(request.result)
			}
			request.onerror = refuse
			request.onblocked = refuse
		} catch {
			refuse()
		}
	}))
}

/** One transaction: `work` sees the stores; resolves when it is on the disk. A full disk rejects. */
async function run<T>(stores: StoreName[], mode: IDBTransactionMode, work: (store: (name: StoreName) => IDBObjectStore) => IDBRequest<T> | void): Promise<T> {
	const db = (await open())!
	return new Promise((resolve, reject) => {
		const tx = db.transaction(stores, mode)
		const request = work((name) => tx.objectStore(name))
		tx.oncomplete = () => resolve((request ? request.result : undefined) as T)
		tx.onabort = tx.onerror = () => reject(tx.error ?? new Error('IndexedDB'))
	})
}

export async function idbGet<T>(store: StoreName, key: string): Promise<T | undefined> {
	return (await open()) ? run<T>([store], 'readonly', (s) => s(store).get(key)) : memory.get(store)!.get(key)
}
export async function idbAll<T>(store: StoreName): Promise<T[]> {
	return (await open()) ? run<T[]>([store], 'readonly', (s) => s(store).getAll()) : [...memory.get(store)!.values()]
}
/** Writes and deletions in one transaction: value undefined deletes. */
export async function idbPut(changes: [store: StoreName, key: string, value: unknown][]): Promise<void> {
	if (!changes.length)
		return
	if (!(await open())) {
		for (const [store, key, value] of changes)
			if (value === undefined)
				memory.get(store)!.delete(key)
			else
				memory.get(store)!.set(key, value)
		return
	}
	await run([...new Set(changes.map((c) => c[0]))], 'readwrite', (s) => {
		for (const [store, key, value] of changes)
			if (value === undefined)
				s(store).delete(key)
			else
				s(store).put(value, key)
	})
}
/** Reads, decides and writes in one transaction; `decide` gives the new value, or undefined to leave it. */
export async function idbChange<T>(store: StoreName, key: string, decide: (now: T | undefined) => T | undefined): Promise<boolean> {
	if (!(await open())) {
		const next = decide(memory.get(store)!.get(key))
		if (next !== undefined)
			memory.get(store)!.set(key, next)
		return next !== undefined
	}
	let changed = false
	await run([store], 'readwrite', (s) => {
		const request = s(store).get(key)
		request.onsuccess = () => {
			const next = decide(request.result)
			if (next !== undefined) {
				changed = true
				s(store).put(next, key)
			}
		}
	})
	return changed
}
