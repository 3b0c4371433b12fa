import { ref } from 'vue'

export interface ToastAction { text: string; run: () => void | Promise<void>; undoes?: boolean }
export interface Toast { id: number; text: string; kind: 'good' | 'bad' | 'plain'; action?: ToastAction }
export const toasts = ref<Toast[]>([])
const OFFER_MS = 12_000
const WORD_MS = 4_000
let next = 1

/** A short word that goes by itself; bad news stays until it is closed. With something to do it stays longer. */
export function toast(text: string, kind: Toast['kind'] = 'good', action?: ToastAction): void {
	const id = next++
	// what can be taken back is the last thing done: an older offer goes
	toasts.value = [...toasts.value.filter((x) => !action || !x.action).slice(-3), { id, text, kind, action }]
	if (kind !== 'bad')
		setTimeout(() => closeToast(id), action ? OFFER_MS : WORD_MS)
}
export function closeToast(id: number): void {
	toasts.value = toasts.value.filter((x) => x.id !== id)
}
/** Does what a word on show offers: Ctrl+Z takes back what was done last. False: there is no such offer. */
export function takeBackLast(): boolean {
	const offered = toasts.value.find((x) => x.action?.undoes)
	if (!offered)
		return false
	closeToast(offered.id)
	void offered.action!.run()
	return true
}
