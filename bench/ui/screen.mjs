// Whether the big screen grows when it is left alone: panels take turns, every two seconds somewhere a fact changes, and each
// minute what is left after the garbage is counted. MINUTES says how long (default 3); the first minute fills the caches.
// The heap holds two things: what the page keeps (objects, texts, closures: this must not grow), and what the engine makes of its
// scripts (it compiles more of them, and better, the longer they run; there is an end to that, but not within half an hour).
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { api, line, serve, signIn } from './help.mjs'

const MINUTES = Number(process.env.MINUTES ?? 3)

export default async function screen() {
	const server = await serve(320, 14)
	const browser = await openBrowser()
	try {
		const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
		const page = await context.newPage()
		await signIn(page, server.address)
		const clerk = await (await browser.newContext()).newPage()
		await signIn(clerk, server.address)
		const ids = (await api(clerk, 'r/project?columns=title&limit=200')).rows.map((r) => r[0])
		await clerk.evaluate(() => (location.hash = '/outbox')) // a quiet page, so that only one window draws
		await page.evaluate(() => (location.hash = '/screen?seconds=5'))
		await page.waitForSelector('.screen-panel canvas, .screen-panel svg')
		const cdp = await context.newCDPSession(page)
		const count = async () => {
			await cdp.send('HeapProfiler.collectGarbage')
			const { usedSize } = await cdp.send('Runtime.getHeapUsage')
			return { heap: usedSize, ...(await cdp.send('Memory.getDOMCounters')) }
		}
		/** The heap by what is in it, from a snapshot, in bytes: {kept, compiled}. */
		const weigh = async () => {
			const parts = []
			const hear = (e) => parts.push(e.chunk)
			cdp.on('HeapProfiler.addHeapSnapshotChunk', hear)
			await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
			cdp.off('HeapProfiler.addHeapSnapshotChunk', hear)
			const { snapshot, nodes } = JSON.parse(parts.join(''))
			const { node_fields: fields, node_types: types } = snapshot.meta
			const [type, size] = ['type', 'self_size'].map((f) => fields.indexOf(f))
			const weight = { kept: 0, compiled: 0 }
			for (let i = 0; i < nodes.length; i += fields.length) {
				const name = types[0][nodes[i + type]]
				if (name !== 'native') // the browser's own; nodes and listeners of the page are counted below
					weight[name === 'code' ? 'compiled' : 'kept'] += nodes[i + size]
			}
			return weight
		}
		let changes = 0
		const change = (id, n) => clerk.evaluate(async ([id, n]) => {
			const { csrf } = await (await fetch('api/session')).json()
			const path = 'api/r/project/' + id
			const version = (await fetch(path)).headers.get('etag')
			const answer = await fetch(path, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'If-Match': version }, body: JSON.stringify({ fields: { address: '大屏 ' + n } }) })
			if (!answer.ok)
				throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
		}, [id, n])
		const readings = []
		for (let minute = 0; minute < MINUTES; minute++) {
			const end = performance.now() + 60_000
			while (performance.now() < end) {
				await change(ids[changes % ids.length], ++changes)
				await page.waitForTimeout(2000)
			}
			readings.push({ ...(await count()), ...(minute === 0 || minute === MINUTES - 1 ? await weigh() : null) })
			if (MINUTES > 5)
				console.log(`minute ${minute + 1}: heap ${(readings.at(-1).heap / 1e6).toFixed(2)} MB, ${readings.at(-1).nodes} nodes, ${readings.at(-1).jsEventListeners} listeners, ${changes} changes`)
		}
		const [first, last] = [readings[0], readings.at(-1)]
		const grown = (what, key, aim, unit = '', by = 1) => line(what, (last[key] / first[key]) * 100, '%', aim, `from ${(first[key] / by).toFixed(unit ? 2 : 0)}${unit} after the first minute; ${changes} changes`)
		grown(`what the page keeps after ${MINUTES} minutes`, 'kept', { under: 105 }, ' MB', 1e6)
		grown('nodes', 'nodes', { under: 105 })
		grown('listeners', 'jsEventListeners', { under: 105 })
		grown('scripts as compiled', 'compiled', null, ' MB', 1e6)
		grown('heap', 'heap', null, ' MB', 1e6)
	} finally {
		await browser.close()
		await server.stop()
	}
}
