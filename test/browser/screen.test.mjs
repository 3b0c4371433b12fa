// The wall of the hall: every panel fits, they take turns, a change arrives by itself, and nothing grows.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { checkAccess, goTo, noFaults, openWindow, settled } from './help/page.mjs'

const PANELS = ['figures', 'lights', 'units', 'areas', 'map', 'curve', 'months', 'stages', 'league', 'changed']
county()

async function openScreen(params, size) {
	const page = await openWindow(browser, server, { login: 'shenji', ...size }) // an account that only reads
	await goTo(page, '/screen?' + params)
	await page.waitForSelector('.screen-panel')
	await settled(page) // the months have come
	return page
}
const inSight = (page) => page.$$eval('.screen-panel', (all) => all.filter((x) => getComputedStyle(x).display !== 'none').sort((a, b) => a.style.order - b.style.order).map((x) => x.dataset.panel))
const inSightNow = (page, panel) => page.waitForSelector(`[data-panel=${panel}]`)
/** What stands out of its box, or is written smaller than can be read from afar (a fiftieth of the height). */
const faultsOf = (page) => page.evaluate(() => {
	const out = []
	const unit = parseFloat(getComputedStyle(document.querySelector('.screen')).getPropertyValue('--u'))
	for (const panel of document.querySelectorAll('.screen-panel')) {
		if (getComputedStyle(panel).display === 'none')
			continue
		const box = panel.getBoundingClientRect()
		if (panel.scrollHeight > panel.clientHeight + 1 || panel.scrollWidth > panel.clientWidth + 1)
			out.push(panel.dataset.panel + ' is larger than its place')
		for (const node of panel.querySelectorAll('b, span, p, td, th, small')) {
			const r = node.getBoundingClientRect()
			const card = node.closest('.big-figure, .big-light, .big-tiles li, td, th')?.getBoundingClientRect() ?? box
			if (!r.width || !node.textContent.trim() || node.closest('.hidden-word, .chart-table'))
				continue
			if (r.right > Math.min(box.right, card.right) + 1 || r.bottom > box.bottom + 1 || r.left < Math.max(box.left, card.left) - 1)
				out.push(`${panel.dataset.panel}: "${node.textContent.trim().slice(0, 20)}" stands out`)
			if (parseFloat(getComputedStyle(node).fontSize) < unit * 2)
				out.push(`${panel.dataset.panel}: "${node.textContent.trim().slice(0, 20)}" is small`)
		}
	}
	if (document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth)
		out.push('the page scrolls')
	return out
})

for (const [width, height, columns] of [[1920, 1080, 1], [3840, 2160, 1], [7680, 2160, 2]])
	for (const lang of ['zh', 'en'])
		test(`every panel fits ${width} by ${height} in ${lang}`, { skip }, async () => {
			const page = await openScreen('pause=1', { width, height, lang })
			const all = await page.$$eval('.screen-panel', (panels) => panels.map((x) => x.dataset.panel))
			assert.deepEqual(PANELS.filter((p) => !all.includes(p) && p !== 'league'), [], 'early in a year there are no ranks yet')
			const seen = new Set()
			for (let turns = 0; seen.size < all.length; turns++) {
				assert.ok(turns < 2 * PANELS.length, `only ${[...seen]}`)
				const now = await inSight(page)
				assert.equal(now.length, columns)
				now.forEach((p) => seen.add(p))
				await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished)))
				assert.deepEqual(await faultsOf(page), [], now.join())
				if (width === 1920)
					await checkAccess(page, now.join())
				await page.keyboard.press('ArrowRight')
			}
			noFaults(page)
			await page.context().close()
		})

test('the figures of a province stay in their cards', { skip }, async () => {
	for (const lang of ['zh', 'en']) {
		const page = await openWindow(browser, server, { login: 'shenji', lang })
		await page.route('**/api/wall', async (route) => {
			const answer = await route.fetch()
			const wall = await answer.json()
			const more = (o) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v * 4321]))
			wall.journal += 0.5 // another answer than the one before
			wall.figures.forEach((f) => (f.value *= f.unit === 'percent' ? 1 : 4321))
			wall.lights = more(wall.lights)
			wall.by_unit.forEach((g) => Object.assign(g, { count: g.count * 43, lights: Object.fromEntries(Object.entries(g.lights).map(([k, v]) => [k, v * 432])) }))
			await route.fulfill({ response: answer, json: wall })
		})
		await goTo(page, '/screen?pause=1&panels=figures,lights,units')
		await page.waitForSelector('.screen-panel')
		for (const panel of ['figures', 'lights', 'units']) {
			await inSightNow(page, panel)
			await settled(page)
			assert.deepEqual(await faultsOf(page), [], `${panel} ${lang}`)
			await page.keyboard.press('ArrowRight')
		}
		noFaults(page)
		await page.context().close()
	}
})

test('panels take turns by themselves, in the order of the address, and stop when told to', { skip }, async () => {
	const page = await openScreen('panels=lights,figures&seconds=3&pause=1', {})
	assert.deepEqual(await inSight(page), ['lights'])
	await page.keyboard.press('Space')
	await page.waitForFunction(() => !location.hash.includes('pause=1'))
	await inSightNow(page, 'figures')
	await inSightNow(page, 'lights')
	await page.keyboard.press('Space')
	await page.waitForFunction(() => location.hash.includes('pause=1'))
	await page.keyboard.press('Escape')
	await page.waitForSelector('.wall')
	noFaults(page)
	await page.context().close()
})

test('a change in another window arrives without loading', { skip }, async () => {
	const screen = await openScreen('panels=figures,league&pause=1', {})
	const office = await openWindow(browser, server)
	await office.waitForSelector('.live-sign.live')
	const before = await screen.textContent('.big-figure b')
	await screen.evaluate(() => (window.sameDocument = true))
	const status = await office.evaluate(async () => {
		const { csrf } = await (await fetch('api/session')).json()
		return (await fetch('api/r/project', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ fields: { title: '大屏试验', category: 'industry' } }) })).status
	})
	assert.equal(status, 201)
	await screen.waitForFunction((b) => ![undefined, b].includes(document.querySelector('.big-figure b')?.textContent), before)
	assert.equal(await screen.evaluate(() => window.sameDocument), true)
	noFaults(screen)
	await screen.context().close()
	await office.context().close()
})

test('two hundred turns leave no more nodes, listeners and memory than twenty', { skip }, async () => {
	const page = await openScreen('pause=1', { width: 1920, height: 1080 })
	const cdp = await page.context().newCDPSession(page)
	const turns = async (n) => {
		for (let i = 0; i < n; i++) {
			await page.keyboard.press('ArrowRight')
			await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
		}
		await cdp.send('HeapProfiler.collectGarbage')
		const { usedSize } = await cdp.send('Runtime.getHeapUsage')
		return { ...await cdp.send('Memory.getDOMCounters'), usedSize }
	}
	await turns(PANELS.length * 2)
	const before = await turns(20)
	const now = await turns(200)
	assert.ok(now.nodes <= before.nodes + 50, `${before.nodes} nodes became ${now.nodes}`)
	assert.ok(now.jsEventListeners <= before.jsEventListeners + 5, `${before.jsEventListeners} listeners became ${now.jsEventListeners}`)
	assert.ok(now.usedSize < before.usedSize * 1.1 + 1e6, `${before.usedSize} bytes became ${now.usedSize}`)
	console.log(`# heap ${Math.round(before.usedSize / 1024)} kB, after 200 turns ${Math.round(now.usedSize / 1024)} kB; nodes ${before.nodes}, ${now.nodes}`)
	noFaults(page)
	await page.context().close()
})
