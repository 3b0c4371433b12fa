// What opening a page costs on the wire with an empty cache: headers and bodies as they came. Browsers take brotli over HTTPS and
// from localhost; over plain HTTP from elsewhere they take gzip only: that stands beside. What the keeper of files (sw.js) fetches
// afterwards, for days without a network, is not the page's.
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { api, line, serve, signIn } from './help.mjs'

/** Nothing has come for a second. (The live feed stays open, so the browser's own idea of quiet never comes.) */
async function quiet(last) {
	while (performance.now() - last() < 1000)
		await new Promise((resolve) => setTimeout(resolve, 100))
}

async function pageWeight(browser, storageState, address, hash, ready) {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, storageState, serviceWorkers: 'block' })
	const page = await context.newPage()
	page.setDefaultTimeout(300_000)
	const cdp = await context.newCDPSession(page)
	const weights = new Map()
	let arrived = 0
	await cdp.send('Network.enable')
	cdp.on('Network.responseReceived', (e) => weights.set(e.requestId, { url: e.response.url, bytes: 0 }))
	const weigh = (e, bytes) => {
		const w = weights.get(e.requestId)
		if (w)
			w.bytes = bytes(w)
		arrived = performance.now()
	}
	cdp.on('Network.dataReceived', (e) => weigh(e, (w) => w.bytes + e.encodedDataLength)) // the live feed has no end
	cdp.on('Network.loadingFinished', (e) => weigh(e, () => e.encodedDataLength))
	await page.goto(`${address}/${hash}`)
	await page.waitForSelector(ready)
	await quiet(() => arrived)
	const list = [...weights.values()].sort((a, b) => b.bytes - a.bytes)
	await context.close()
	return { bytes: list.reduce((sum, w) => sum + w.bytes, 0), requests: list.length, largest: list.slice(0, Number(process.env.LARGEST ?? 3)).map((w) => `${new URL(w.url).pathname.replace(/.*\//, '')} ${(w.bytes / 1000).toFixed(0)}`) }
}

export default async function wire() {
	const server = await serve(10_000)
	const browser = await openBrowser(['--host-resolver-rules=MAP office.test 127.0.0.1'])
	try {
		const signed = async (address) => {
			const office = await browser.newContext()
			const page = await office.newPage()
			await signIn(page, address)
			const id = (await api(page, 'r/project?columns=title&filter=light:ge:2;last_report:filled&limit=1')).rows[0][0]
			const state = await office.storageState()
			await office.close()
			return { address, id, state }
		}
		const [brotli, gzip] = [await signed(server.address), await signed(`http://office.test:${server.port}`)]
		const PAGES = {
			'sign-in': ['#/wall', 'input[name=login]'],
			'wall': ['#/wall', '.wall .chart-picture canvas, .wall .chart-picture svg'],
			'ledger': ['#/list/project', '.vgrid-row[data-id]'],
			'ledger as cards': ['#/list/project?shape=board', '.board'],
			'ledger as chart': ['#/list/project?shape=chart', '.list svg, .list canvas'],
			'project': ['#/project/' + brotli.id, '.history li b'],
			'report form': ['#/report/' + brotli.id, '.record-form'],
			'ledger as map': ['#/list/project?shape=map', '.map-node canvas'],
			'plans': ['#/plans', 'main .page canvas'],
			'my work': ['#/work', '.page-head'],
			'big screen': ['#/screen', '.screen-panel canvas, .screen-panel svg'],
			'import': ['#/import/project', '.drop'],
		}
		for (const [name, [hash, ready]] of Object.entries(PAGES)) {
			const [w, plain] = await Promise.all([brotli, gzip].map(({ address, state }) => pageWeight(browser, name === 'sign-in' ? undefined : state, address, hash, ready)))
			line(name, w.bytes / 1000, 'kB', { under: 300 }, `gzip ${(plain.bytes / 1000).toFixed(0)} kB; ${w.requests} answers; ${w.largest.join(', ')}`)
		}
	} finally {
		await browser.close()
		await server.stop()
	}
}
