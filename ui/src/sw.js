// The service worker: keeps the files of this very version, so that the page opens without a network. It never touches
// /api: data is either the server's or marked by the page as kept. vite.config.ts fills in the version and the files.
const VERSION = '__VERSION__'
const FILES = ['__FILES__']
const CACHE = 'guatu-' + VERSION
const PATIENCE_MS = 4000

addEventListener('install', (e) => {
	// hashed names may come from the browser's own cache, all else afresh
	e.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((f) => new Request(f, { cache: f.startsWith('assets/') ? 'default' : 'reload' })))))
})

addEventListener('activate', (e) => {
	e.waitUntil(caches.keys().then((names) => Promise.all(names.filter((n) => n.startsWith('guatu-') && n !== CACHE).map((n) => caches.delete(n)))).then(() => clients.claim()))
})

addEventListener('message', (e) => {
	if (e.data === 'update')
		skipWaiting()
})

/** The page itself: from the server while it answers in time, so that nobody works on with an old one; else the kept one. */
async function page(request) {
	const kept = async () => (await (await caches.open(CACHE)).match('./')) ?? Response.error()
	const patience = new Promise((resolve) => setTimeout(() => kept().then((r) => r.ok && resolve(r)), PATIENCE_MS))
	return Promise.race([fetch(request).catch(kept), patience])
}

async function file(request) {
	const kept = await caches.match(request, { ignoreVary: true })
	if (kept)
		return kept
	const answer = await fetch(request)
	if (answer.ok && new URL(request.url).pathname.includes('/assets/'))
		(await caches.open(CACHE)).put(request, answer.clone())
	return answer
}

addEventListener('fetch', (e) => {
	const url = new URL(e.request.url)
	const path = url.pathname.slice(new URL(registration.scope).pathname.length)
	if (e.request.method !== 'GET' || url.origin !== location.origin || /^(api|metrics|healthz)(\/|$)/.test(path) || path === 'sw.js')
		return
	if (e.request.mode === 'navigate')
		e.respondWith(page(e.request))
	else
		e.respondWith(file(e.request))
})
