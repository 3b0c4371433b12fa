// One entry of a fact changes every screen: a report sent in one window changes the light, the unit's figures and the
// feed of another window, which is not loaded again.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { api, firstRow, goTo, isLive, noFaults, openWindow, sendOn } from './help/page.mjs'

county()

/** A project whose light is serious for its investment alone, so that a good month takes it away: no plan says otherwise. */
async function lateProject(page) {
	const { rows } = await api(page, 'r/project?columns=title,lead_unit,annual_plan_investment,computed_finish&filter=light:eq:3&limit=1000')
	for (const [id, title, unit, plan, computed] of rows) {
		const { lights } = await api(page, 'lights/' + id)
		const serious = lights.filter((l) => l.severity === 3).map((l) => l.light)
		if (plan > 0 && unit && !computed && serious.length === 1 && serious[0] === 'progress')
			return { id, title, unit, plan }
	}
	return null // early in a year nobody is behind with its money
}

/** A project that is serious for its computed finish alone: its reports name no stage that far. */
async function slippedProject(page) {
	const { rows } = await api(page, 'r/project?columns=title,computed_finish,lead_unit,annual_plan_investment&filter=light:eq:3;computed_finish:filled;lead_unit:filled&limit=1000')
	for (const [id, title, computed, unit, plan] of rows) {
		const { lights } = await api(page, 'lights/' + id)
		if (lights.every((l) => l.severity < 2 || l.light === 'schedule'))
			return { id, title, computed, unit, plan: plan || 1_000_000_00 }
	}
	throw new Error('the demo county has no project that is serious for its computed finish alone')
}

test('a report saved in one window changes the light and the unit\'s figures in another', { skip }, async () => {
	const wall = await openWindow(browser, server, { login: 'lingdao' })
	const list = await openWindow(browser, server, { login: 'xiangmuban2' })
	const clerk = await openWindow(browser, server, { login: 'xiangmuban' })
	const late = await lateProject(clerk)
	const project = late ?? await slippedProject(clerk)
	await wall.waitForSelector(`[data-group="${project.unit}"]`)
	await goTo(list, `/list/project?filter=title:text:${encodeURIComponent(project.title)}`)
	await list.waitForSelector('.vgrid-row .light.is-serious')
	await goTo(clerk, '/report/' + project.id)
	for (const page of [wall, list, clerk])
		await isLive(page)
	for (const page of [wall, list])
		await page.evaluate(() => (window.notLoadedAgain = true))
	const figure = (page) => page.textContent(`[data-group="${project.unit}"]`)
	const before = { unit: await figure(wall), done: await wall.textContent('[data-figure="completed_investment"] b'), serious: Number(await wall.textContent('[data-slot="serious"] b')) }

	await clerk.fill('[data-field="investment"] input', String(project.plan / 1e6))
	if (!late) { // the money of today, and a stage that moves the plan
		await clerk.selectOption('[data-field="period_kind"] select', 'day')
		await clerk.selectOption('[data-field="stage"] select', 'commissioning')
	}
	await sendOn(clerk)
	await clerk.waitForURL(/#\/project\//)

	await wall.waitForFunction(([unit, was]) => document.querySelector(`[data-group="${unit}"]`)?.textContent !== was, [project.unit, before.unit])
	await wall.waitForFunction((was) => Number(document.querySelector('[data-slot="serious"] b')?.textContent) === was - 1, before.serious)
	assert.notEqual(await wall.textContent('[data-figure="completed_investment"] b'), before.done)
	const entry = wall.locator('.feed li', { hasText: project.title }).filter({ has: wall.locator('.turn') }).first()
	await entry.waitFor()
	assert.equal(await entry.locator('.turn .light').first().getAttribute('class'), 'light is-serious')
	assert.notEqual(await entry.locator('.turn .light').last().getAttribute('class'), 'light is-serious')
	await list.waitForFunction(() => !document.querySelector('.vgrid-row .light.is-serious'))
	await clerk.waitForSelector('.key-strip .light:not(.is-serious)')
	for (const page of [wall, list])
		assert.equal(await page.evaluate(() => window.notLoadedAgain), true)
	for (const page of [wall, list, clerk])
		noFaults(page)
})

test('a report of a later stage moves the plan: the computed finish, its light and the wall of another window', { skip }, async () => {
	const wall = await openWindow(browser, server, { login: 'lingdao' })
	const clerk = await openWindow(browser, server, { login: 'xiangmuban' })
	const project = await slippedProject(clerk)
	const serious = Number(await wall.textContent('[data-slot="serious"] b'))
	await goTo(clerk, '/report/' + project.id)
	for (const page of [wall, clerk])
		await isLive(page)
	await clerk.selectOption('[data-field="stage"] select', 'commissioning')
	await sendOn(clerk)
	await clerk.waitForURL(/#\/project\//)
	await wall.waitForFunction((was) => Number(document.querySelector('[data-slot="serious"] b')?.textContent) === was - 1, serious)
	const { fields } = await api(clerk, 'r/project/' + project.id)
	assert.ok(fields.computed_finish < project.computed, `${fields.computed_finish}, before ${project.computed}`)
	for (const page of [wall, clerk])
		noFaults(page)
})

test('tabs of one browser share one feed, and both hear', { skip }, async () => {
	const one = await openWindow(browser, server, { login: 'xiangmuban' })
	const two = await one.context().newPage()
	await two.goto(server.address + '/#/wall')
	await isLive(one)
	await isLive(two)
	const { rows } = await api(one, 'r/project?columns=title&limit=1')
	await two.waitForSelector('.feed li')
	await two.evaluate(() => document.querySelectorAll('.feed li').forEach((old) => (old.dataset.old = '')))
	await goTo(one, '/edit/project/' + rows[0][0])
	await one.fill('[data-field="zone"] input', '东片区')
	await one.click('.form-foot .button.main')
	await one.waitForURL(/#\/project\//)
	await two.locator('.feed li:not([data-old])', { hasText: rows[0][1] }).first().waitFor()
	noFaults(one)
})

test('when the server goes away the page says so, and catches up by itself when it is back', { skip }, async () => {
	const page = await openWindow(browser, server, { login: 'lingdao' })
	const clerk = await openWindow(browser, server, { login: 'xiangmuban' })
	await isLive(page)
	await page.evaluate(() => (window.notLoadedAgain = true))
	const { rows } = await api(clerk, 'r/project?columns=title&limit=2')
	await server.end()
	await page.waitForSelector('.live-sign.reconnecting')
	await server.begin()
	await goTo(clerk, '/edit/project/' + rows[1][0])
	await clerk.fill('[data-field="zone"] input', '西片区')
	await clerk.click('.form-foot .button.main')
	await clerk.waitForURL(/#\/project\//)
	await isLive(page)
	await page.locator('.feed li').first().filter({ hasText: rows[1][1] }).waitFor()
	assert.equal(await page.evaluate(() => window.notLoadedAgain), true)
})

test('what is written between the wall\'s answer and the opening of the feed is caught up with; nothing written, nothing is asked', { skip }, async () => {
	let open, reach
	const held = new Promise((resolve) => (open = resolve)), reached = new Promise((resolve) => (reach = resolve))
	let asked = 0
	const page = await openWindow(browser, server, { watch: async (p) => {
		await p.addInitScript(() => delete window.SharedWorker) // a feed of this window, which can be held
		await p.route('**/api/stream*', async (route) => {
			reach()
			await held
			await route.continue()
		})
		p.on('request', (r) => (asked += r.url() === server.address + '/api/wall' ? 1 : 0))
	} })
	await page.waitForSelector('.wall .groups tbody tr')
	await reached
	const [id, version] = await firstRow(page, 'project?columns=version&sort=number')
	const before = asked
	await page.evaluate(async ([p, v]) => {
		const { csrf } = await (await fetch('api/session')).json()
		await fetch('api/r/project/' + p, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'If-Match': `"${v}"` }, body: JSON.stringify({ fields: { title: '订阅之前改的名' } }) })
	}, [id, version])
	assert.equal(await page.locator('.wall .feed :text("订阅之前改的名")').count(), 0)
	open()
	await page.waitForSelector('.wall .feed :text("订阅之前改的名")')
	assert.equal(asked, before + 1)
	noFaults(page)
})
