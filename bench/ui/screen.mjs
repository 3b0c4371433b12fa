// Whether the big screen grows when it is left alone: panels take turns, every two seconds somewhere a fact changes, and each
// minute what is left after the garbage is counted. MINUTES says how long (default 3); the first minute fills the caches.
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
			readings.push(await count())
			if (MINUTES > 5)
				console.log(`minute ${minute + 1}: heap ${(readings.at(-1).heap / 1e6).toFixed(2)} MB, ${readings.at(-1).nodes} nodes, ${readings.at(-1).jsEventListeners} listeners, ${changes} changes`)
		}
		const [first, last] = [readings[0], readings.at(-1)]
		const beside = (key) => `from ${key === 'heap' ? (first.heap / 1e6).toFixed(1) + ' MB' : first[key]} after the first minute; ${changes} changes`
		line(`heap after ${MINUTES} minutes, of that after one`, (last.heap / first.heap) * 100, '%', { under: 110 }, beside('heap'))
		line('nodes', (last.nodes / first.nodes) * 100, '%', { under: 105 }, beside('nodes'))
		line('listeners', (last.jsEventListeners / first.jsEventListeners) * 100, '%', { under: 105 }, beside('jsEventListeners'))
	} finally {
		await browser.close()
		await server.stop()
	}
}
