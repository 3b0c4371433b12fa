// The map: projects of the ledger's query where they are, with the list beside it, and the office's own layers.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, checkFits, firstRow, goTo, noFaults, openWindow, takeBack } from './help/page.mjs'

county()
/** The list beside names a hundred and says how many more there are. */
const rows = (page, n) => page.waitForFunction((want) => {
	const listed = [...document.querySelectorAll('.side-list li:not(.more)')]
	return listed.length === Math.min(want, 100) && listed.every((li) => li.querySelector('a[href]')) && (want <= 100) === !document.querySelector('[data-more]')
}, n)

test('the map shows what the ledger shows, by the same address', { skip }, async () => {
	for (const [lang, width] of [['zh', 1440], ['en', 360]]) {
		const page = await openWindow(browser, server, { lang, width, height: 800 })
		const all = (await api(page, 'r/project?limit=1&columns=title')).total
		const red = (await api(page, 'r/project?limit=1&columns=title&filter=light:eq:3')).total
		await goTo(page, '/list/project?shape=map')
		await rows(page, all)
		assert.match(await page.textContent('.approval'), /虚构/)
		if (all > 100) {
			await page.click('[data-more]')
			await page.waitForFunction((n) => document.querySelectorAll('.side-list li:not(.more) a[href]').length === Math.min(n, 200), all)
		}
		await checkAccess(page, 'the map ' + lang)
		await checkFits(page, width + ' pixels')
		await page.click('.filters .chip:has(.is-serious)')
		await rows(page, red)
		assert.match(decodeURIComponent(await page.evaluate(() => location.hash)), /filter=light:eq:3/)
		assert.equal((await page.textContent('.list [role=status]')).replace(/\D/g, ''), String(red))
		await page.click('.shapes button >> nth=0') // the same query as a table, and back
		await page.waitForSelector(width < 720 ? '.vgrid-card' : '.vgrid-row:not(.waiting)')
		assert.equal((await page.textContent('.list [role=status]')).replace(/\D/g, ''), String(red))
		await page.click('.shapes button >> nth=-1')
		await rows(page, red)
		// by the keyboard: into the map, closer, and less is in view
		await page.focus('.map-node')
		for (let i = 0; i < 4; i++)
			await page.keyboard.press('+')
		await page.waitForFunction((n) => document.querySelectorAll('.side-list li:not(.more)').length < n, Math.min(red, 100))
		noFaults(page)
		await page.context().close()
	}
})

const box = (x, y) => [[x, y], [x + 0.05, y], [x + 0.05, y + 0.05], [x, y + 0.05], [x, y]]

test('a layer comes in with its datum, is converted, and its approval number stands on the map', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '/list/project?shape=map')
	await page.waitForSelector('.side-list li')
	await page.click('[data-layer-add]')
	await page.setInputFiles('.layer-form input[type=file]', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"type":"nothing"') })
	assert.match(await page.textContent('.layer-form .error'), /不是可读的/)
	const topology = { type: 'Topology', objects: { towns: { type: 'GeometryCollection', geometries: [{ type: 'Polygon', arcs: [[0]], properties: { name: '虚构镇' } }] } }, arcs: [box(121.5, 31.1)] }
	await page.setInputFiles('.layer-form input[type=file]', { name: '规划.topojson', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(topology)) })
	await page.waitForSelector('.layer-form [role=status]')
	const field = (word) => page.locator('.layer-form label', { hasText: word }).locator('input, select')
	await field('原坐标系').selectOption('gcj02')
	await field('审图号').fill('测审（2026）1号')
	await checkAccess(page, 'a layer comes in')
	await page.click('.modal [data-confirm]')
	await page.waitForFunction(() => document.querySelectorAll('.layers label').length === 2)
	await page.waitForSelector('.approval:has-text("测审（2026）1号")')
	const layer = (await api(page, 'r/map_layer?columns=name&filter=name:eq:规划')).rows[0][0]
	const { fields } = await api(page, 'r/map_layer/' + layer)
	assert.equal(fields.datum, 'gcj02')
	const stored = await api(page, 'files/' + fields.file)
	const [x, y] = stored.features[0].geometry.coordinates[0][0]
	assert.ok(Math.abs(x - 121.4955) < 5e-4 && Math.abs(y - 31.102) < 5e-4, `moved back to WGS-84: ${x}, ${y}`)
	assert.equal(stored.features[0].properties.name, '虚构镇')
	noFaults(page)
	await page.context().close()
})

test('a town sees the layers and its own projects, and cannot bring a layer in', { skip }, async () => {
	const page = await openWindow(browser, server, { login: 'zhen01' })
	const mine = (await api(page, 'r/project?limit=1&columns=title')).total
	await goTo(page, '/list/project?shape=map')
	await rows(page, mine)
	assert.equal(await page.$('[data-layer-add]'), null)
	assert.equal(await page.evaluate(async () => (await fetch('api/r/map_layer', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': (await (await fetch('api/session')).json()).csrf }, body: '{"fields":{"name":"x","kind":"other"}}' })).status), 403)
	page.allow(/403/)
	noFaults(page)
	await page.context().close()
})

test('the wall has the map of all projects, which leaves the wheel to the page and leads to the one with the list', { skip }, async () => {
	const page = await openWindow(browser, server, { hash: '#/wall' })
	const box = page.locator('.map-beside')
	await box.waitFor({ state: 'attached' })
	await box.scrollIntoViewIfNeeded()
	await box.locator('canvas').first().waitFor()
	const { x, y, width, height } = await box.boundingBox()
	await page.mouse.move(x + width / 2, y + height / 2)
	const before = await page.evaluate(() => scrollY)
	await page.mouse.wheel(0, -300)
	await page.waitForFunction((was) => scrollY < was, before)
	await page.click('a[href="#/list/project?shape=map"] >> visible=true')
	await page.waitForSelector('.map-side .side-list li')
	noFaults(page)
})

test('a place is typed in its datum, drawn, moved and taken back; a site is drawn by mouse and by keyboard', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [id] = await firstRow(page, 'project?columns=title&filter=place:filled')
	const kept = async () => (await api(page, 'r/project/' + id)).fields
	const was = await kept()
	const edit = async () => {
		await goTo(page, '/edit/project/' + id)
		await page.waitForSelector('[data-field="place"] [data-draw]', { state: 'attached' })
		await page.evaluate(() => document.querySelectorAll('.record-form details').forEach((d) => (d.open = true)))
	}
	const save = async () => {
		await page.click('.form-foot .button.main')
		await page.waitForURL(/#\/project\//)
	}
	// typed as an online map says it, stored as WGS-84
	await edit()
	await page.selectOption('[data-field="place"] .datum', 'gcj02')
	await page.fill('[data-field="place"] input', 'x')
	assert.match(await page.textContent('[data-field="place"] .error'), /经度/)
	await page.fill('[data-field="place"] input', '116.403988, 39.914266')
	await save()
	const { place } = await kept()
	assert.ok(Math.abs(place.coordinates[0] - 116.39775) < 1e-4 && Math.abs(place.coordinates[1] - 39.91286) < 1e-4, String(place.coordinates))
	await takeBack(page)
	assert.deepEqual((await kept()).place, was.place)

	// the point by a click, the site by three clicks and one corner from the keyboard
	await edit()
	await page.click('[data-field="place"] [data-draw]')
	await page.waitForSelector('[data-field="place"] .canvas[data-ready]')
	await page.locator('[data-field="place"] .canvas').click({ position: { x: 90, y: 60 } })
	await page.waitForFunction((old) => ![undefined, old].includes(document.querySelector('[data-field="place"] input')?.value), was.place.coordinates.join(', '))
	await page.click('[data-field="place"] [data-draw]')
	await page.click('[data-field="site"] [data-draw]')
	const canvas = page.locator('[data-field="site"] .canvas')
	await page.waitForSelector('[data-field="site"] .canvas[data-ready]')
	if (was.site)
		await page.click('[data-field="site"] button:has-text("清空")')
	for (const [x, y] of [[80, 60], [220, 60], [220, 160]])
		await canvas.click({ position: { x, y } })
	await canvas.focus()
	await page.keyboard.press('Enter')
	const lines = () => page.inputValue('[data-field="site"] textarea').then((v) => v.split('\n'))
	assert.equal((await lines()).length, 4)
	await page.click('[data-field="site"] [data-back]')
	const three = await lines()
	assert.equal(three.length, 3)
	const box = await canvas.boundingBox() // a corner is dragged to another place
	await page.mouse.move(box.x + 220, box.y + 160)
	await page.mouse.down()
	await page.mouse.move(box.x + 250, box.y + 190, { steps: 4 })
	await page.mouse.up()
	await page.waitForFunction((old) => ![undefined, old].includes(document.querySelector('[data-field="site"] textarea')?.value.split('\n')[2]), three[2])
	assert.deepEqual((await lines()).slice(0, 2), three.slice(0, 2))
	await checkAccess(page, 'drawing a site')
	await save()
	const now = await kept()
	assert.notDeepEqual(now.place, was.place)
	assert.equal(now.site.type, 'Polygon')
	assert.equal(now.site.coordinates[0].length, 4, 'three corners, closed')
	await takeBack(page)
	assert.deepEqual([(await kept()).place, (await kept()).site], [was.place, was.site])

	// where the phone stands; without leave it says so
	await edit()
	await page.click('[data-field="place"] [data-here]')
	await page.waitForSelector('[data-field="place"] .error[role=status]')
	await page.context().grantPermissions(['geolocation'])
	await page.context().setGeolocation({ longitude: 104.5, latitude: 32.25 })
	await page.click('[data-field="place"] [data-here]')
	await page.waitForFunction(() => document.querySelector('[data-field="place"] input')?.value === '104.5, 32.25')
	noFaults(page)
})

test('a site of two parts with a hole is edited border by border: the others stay, a hole is filled, a part goes', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [id, version] = await firstRow(page, 'project?columns=version&sort=number')
	const box = (x, y, size) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
	const [outer, hole, second] = [box(104, 32, 0.1), box(104.04, 32.04, 0.02), box(104.2, 32, 0.1)]
	const status = await page.evaluate(async ([p, v, site]) => {
		const { csrf } = await (await fetch('api/session')).json()
		return (await fetch('api/r/project/' + p, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'If-Match': `"${v}"` }, body: JSON.stringify({ fields: { site } }) })).status
	}, [id, version, { type: 'MultiPolygon', coordinates: [[outer, hole], [second]] }])
	assert.equal(status, 200)
	const site = async () => (await api(page, 'r/project/' + id)).fields.site
	/** Chooses a border, leaves these corners in it, saves. */
	async function edit(border, corners, check = () => {}) {
		await goTo(page, '/edit/project/' + id)
		await page.waitForSelector('[data-field="site"] [data-ring]', { state: 'attached' })
		await page.evaluate(() => document.querySelectorAll('.record-form details').forEach((d) => (d.open = true)))
		await page.selectOption('[data-field="site"] [data-ring]', { label: border })
		await check()
		await page.fill('[data-field="site"] textarea', corners.map((c) => c.join(', ')).join('\n'))
		await page.click('.form-foot .button.main')
		await page.waitForURL(/#\/project\//)
	}
	const three = [[104.2, 32], [104.3, 32], [104.3, 32.05]]
	await edit('第 2 块的外边界', three, async () => {
		assert.deepEqual(await page.$$eval('[data-field="site"] [data-ring] option', (all) => all.map((o) => o.textContent)), ['第 1 块的外边界', '第 1 块的第 1 个洞', '第 2 块的外边界'])
		assert.equal((await page.inputValue('[data-field="site"] textarea')).split('\n').length, 4)
		await checkAccess(page, 'borders')
	})
	assert.deepEqual(await site(), { type: 'MultiPolygon', coordinates: [[outer, hole], [[...three, three[0]]]] })
	await edit('第 1 块的第 1 个洞', [])
	assert.deepEqual(await site(), { type: 'MultiPolygon', coordinates: [[outer], [[...three, three[0]]]] })
	await edit('第 1 块的外边界', [])
	assert.deepEqual(await site(), { type: 'Polygon', coordinates: [[...three, three[0]]] })
	noFaults(page)
})
