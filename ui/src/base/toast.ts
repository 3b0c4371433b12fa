import { ref } from 'vue'

export interface Toast { id: number; text: string; kind: 'good' | 'bad' | 'plain' }
export const toasts = ref<Toast[]>([])
let next = 1

/** A short word that goes by itself; bad news stays until it is closed. */
export function toast(text: string, kind: Toast['kind'] = 'good'): void {
	const id = next++
	toasts.value = [...toasts.value.slice(-3), { id, text, kind }]
	if (kind !== 'bad')
		setTimeout(() => closeToast(id), 4000)
}
export function closeToast(id: number): void {
	toasts.value = toasts.value.filter((x) => x.id !== id)
}
