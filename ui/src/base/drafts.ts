// What was typed and not yet sent, kept in this browser per account until it is stored by the server.
import { account } from './session'
import type { Fields } from './api'

const key = (name: string) => `draft:${account.value?.id ?? ''}:${name}`

export function keepDraft(name: string, fields: Fields): void {
	try {
		localStorage.setItem(key(name), JSON.stringify({ at: Date.now(), fields }))
	} catch {
		// full or forbidden: the form itself still holds everything
	}
}
export function readDraft(name: string): { at: number; fields: Fields } | null {
	try {
		const text = localStorage.getItem(key(name))
		return text ? JSON.parse(text) : null
	} catch {
		return null
	}
}
export function dropDraft(name: string): void {
	try {
		localStorage.removeItem(key(name))
	} catch {
		// see keepDraft
	}
}
