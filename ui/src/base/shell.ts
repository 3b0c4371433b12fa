// The page as an installed program: its files are kept by sw.js, a newer version is offered and taken when the person says so.
// On plain http from another machine browsers allow none of it; `shell` says what there is.
import { ref } from 'vue'

export const online = ref(navigator.onLine)
export const newVersion = ref<(() => void) | null>(null)
export const shell: 'kept' | 'insecure' | 'none' = !isSecureContext ? 'insecure' : 'serviceWorker' in navigator ? 'kept' : 'none'

function offer(worker: ServiceWorker): void {
	newVersion.value = () => {
		navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
		worker.postMessage('update')
	}
}

export function startShell(): void {
	addEventListener('online', () => (online.value = true))
	addEventListener('offline', () => (online.value = false))
	// a page left open over an upgrade asks for a part that the server no longer has
	addEventListener('vite:preloadError', (e) => {
		if (navigator.onLine) {
			e.preventDefault()
			newVersion.value = () => location.reload()
		}
	})
	if (shell !== 'kept' || import.meta.env.DEV)
		return
	void navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' }).then((registration: ServiceWorkerRegistration | undefined) => {
		if (!registration) // a browser that blocks workers says yes and gives none
			return
		const watchOne = (worker: ServiceWorker | null) => worker?.addEventListener('statechange', () => {
			if (worker.state === 'installed' && navigator.serviceWorker.controller)
				offer(worker)
		})
		if (registration.waiting && navigator.serviceWorker.controller)
			offer(registration.waiting)
		watchOne(registration.installing)
		registration.addEventListener('updatefound', () => watchOne(registration.installing))
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && navigator.onLine)
				registration.update().catch(() => {}) // the network went: next time
		})
	}, () => {}) // refused by policy: everything but starting offline works
}
