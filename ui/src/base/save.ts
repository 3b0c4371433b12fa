// Saving a record with its version; a stale one opens the dialog of both versions.
import { ref, shallowRef } from 'vue'
import { call, Problem, uuid, type Fields, type RecordBody } from './api'

export function useSave() {
	const busy = ref(false)
	const problem = shallowRef<Problem | null>(null)
	const conflict = shallowRef<Problem | null>(null)
	let key = uuid() // one key until it is stored: pressing twice stores once

	async function run(what: () => Promise<RecordBody>): Promise<RecordBody | null> {
		if (busy.value)
			return null
		busy.value = true
		problem.value = null
		conflict.value = null
		try {
			const stored = await what()
			key = uuid()
			return stored
		} catch (e) {
			if (!(e instanceof Problem))
				throw e
			if (e.status !== 0)
				key = uuid() // it was refused, so the next try is another request
			if (e.status === 409 && e.current)
				conflict.value = e
			else
				problem.value = e
			return null
		} finally {
			busy.value = false
		}
	}
	return {
		busy, problem, conflict,
		create: (register: string, fields: Fields) => run(() => call(`r/${register}`, { method: 'POST', body: { fields }, key })),
		update: (register: string, id: string, version: number, fields: Fields, reason?: string) =>
			run(() => call(`r/${register}/${id}`, { method: 'PATCH', body: { fields, reason }, version })),
		step: (register: string, id: string, version: number, step: string, fields: Fields, reason?: string) =>
			run(() => call(`r/${register}/${id}/steps/${step}`, { method: 'POST', body: { fields, reason }, version, key })),
		remove: (register: string, id: string, version: number, reason: string) =>
			run(() => call(`r/${register}/${id}`, { method: 'DELETE', body: { reason }, version })),
	}
}
