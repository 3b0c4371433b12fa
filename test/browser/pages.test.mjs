// The pages as a reader meets them: signing in, the wall, the ledger, a project, both languages, for everybody.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, goTo, isLive, noFaults, openWindow, settled } from './help/page.mjs'

county()

test('a one-time link signs in once', { skip }, async () => {
	const page = await openWindow(browser, server, { login: null, hash: server.link })
	await page.waitForSelector('.wall, input[name=again]')
	if (await page.$('input[name=again]')) {
		await page.fill('input[name=password]', server.password)
		await page.fill('input[name=again]', server.password)
		await page.click('.signin .button.main')
	}
	await page.waitForSelector('.wall .figures')
	noFaults(page)
	const again = await openWindow(browser, server, { login: null, hash: server.link })
	await again.waitForSelector('.problem')
	assert.equal(await again.$('.wall'), null)
	await again.click('a[href="#/signin"]')
	await again.waitForSelector('input[name=login]')
	await checkAccess(again, 'sign in')
})

test('what a page is made from and shows is asked for before its scripts have come, and once', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = (await api(page, 'r/project?columns=title&filter=last_report:filled&limit=1')).rows[0][0]
	await page.addInitScript(() => { // what index.html itself asks for is asked from no file
		const [ask, seen] = [window.fetch, (window.seen = [])]
		window.fetch = (what, options) => {
			seen.push({ what: String(what), early: !new Error().stack.includes('/assets/') })
			return ask(what, options)
		}
	})
	const project = 'api/r/project/' + id
	for (const [hash, data, ready] of [['/wall', ['api/wall'], '.wall .feed'], ['/list/project', [], '.vgrid-row[data-id]'],
		['/project/' + id, [project, 'api/lights/' + id], '.history li b'], ['/report/' + id, [project, project + '/children/report?limit=60'], '.form-foot']]) {
		await goTo(page, hash)
		await page.waitForSelector(ready)
		if (hash === '/list/project') // the rows that it asked for
			data.push('api/' + await page.evaluate(() => localStorage['rows/project']))
		await page.reload()
		await page.waitForSelector(ready)
		const { seen, left } = await page.evaluate(() => ({ seen: window.seen, left: Object.keys(window.begun) }))
		assert.deepEqual(seen.filter((x) => x.early).map((x) => x.what), ['api/session', 'api/registers', ...data], hash)
		assert.deepEqual(left, [], hash)
		await page.waitForFunction(() => [...document.querySelectorAll('link[rel=modulepreload], link[rel=preload]')].map((l) => l.href).every((f) =>
			f.endsWith('.css') ? document.querySelector(`link[rel=stylesheet][href="${f}"], link[rel=stylesheet][href=".${new URL(f).pathname}"]`) : performance.getEntriesByName(f).length)) // each is used
		await isLive(page)
		const asked = await page.evaluate(() => window.seen)
		for (const what of ['api/session', 'api/registers', ...data])
			assert.equal(asked.filter((x) => x.what === what).length, 1, `${hash}: ${what}`)
	}
	noFaults(page)
})

test('wrong passwords are refused, then cost a wait that the page counts down', { skip }, async () => {
	const page = await openWindow(browser, server, { login: null, hash: '' })
	const counted = page.waitForFunction(() => document.querySelector('.wait') && document.querySelector('.signin .button.main')?.disabled) // looked for from now on: it goes by
	let wait = 0
	for (let i = 0; i < 12 && !wait; i++) {
		await page.fill('input[name=login]', 'nobody-here')
		await page.fill('input[name=password]', 'wrong-' + i)
		const answered = page.waitForResponse((r) => r.url().endsWith('/api/session') && r.request().method() === 'POST')
		await page.click('.signin .button.main')
		const answer = await answered
		assert.equal(answer.status(), 401)
		wait = (await answer.json()).wait_seconds ?? 0
		await page.waitForSelector('.problem')
	}
	await counted
	page.allow(/401/)
	noFaults(page)
})

test('the wall: every number opens the list behind it, and the counts agree', { skip }, async () => {
	const page = await openWindow(browser, server)
	await page.waitForSelector('.wall .groups tbody tr')
	const serious = await page.textContent('[data-slot="serious"] b')
	await page.click('[data-slot="serious"]')
	await page.waitForFunction((n) => document.querySelector('.list [role=status]')?.textContent.replace(/\D/g, '') === n, serious)
	assert.match(page.url(), /filter=light:eq:3/)
	await page.goBack()
	await page.waitForSelector('.wall .groups tbody tr')
	const row = page.locator('.wall .groups tbody tr').first()
	const count = (await row.locator('td').nth(1).textContent()).trim()
	await row.locator('td').first().locator('a').click()
	await page.waitForFunction((n) => document.querySelector('.list [role=status]')?.textContent.replace(/\D/g, '') === n, count)
	await page.goBack()
	await page.waitForSelector('.wall .groups tbody tr')
	const silent = page.locator('.wall .groups .silent').first()
	if (await silent.count()) {
		const number = (await silent.textContent()).replace(/\D/g, '')
		await silent.click()
		await page.waitForFunction((n) => document.querySelector('.list [role=status]')?.textContent.replace(/\D/g, '') === n, number)
		await page.goBack()
		await page.waitForSelector('.wall .groups tbody tr')
	}
	for (const name of await page.$$eval('.wall .chips .chip', (all) => all.map((x) => x.textContent))) {
		await page.click(`.wall .chips .chip:has-text("${name}")`)
		await page.waitForSelector('.wall .groups tbody tr')
	}
	noFaults(page)
})

test('the wall on a past day says so and is not live', { skip }, async () => {
	const page = await openWindow(browser, server)
	const { journal, today } = await api(page, 'wall')
	assert.ok(journal > 0)
	const day = new Date(Date.parse(today) - 90 * 864e5).toISOString().slice(0, 10)
	const now = await page.textContent('[data-figure="completed_investment"] b')
	await page.fill('.as-of input', day)
	await page.dispatchEvent('.as-of input', 'change')
	await page.waitForSelector('.wall .page-head .tag.warn')
	await page.waitForFunction((was) => ![undefined, was].includes(document.querySelector('[data-figure="completed_investment"] b')?.textContent), now)
	await page.click('.as-of .button')
	await page.waitForFunction((was) => document.querySelector('[data-figure="completed_investment"] b')?.textContent === was, now)
	noFaults(page)
})

test('the ledger sorts, filters, chooses columns, adds up, and is a link', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '/list/project')
	await page.waitForSelector('.vgrid-row:not(.waiting)')
	const column = (key) => page.$$eval('.vgrid-row', (rows, k) => {
		const at = [...document.querySelectorAll('.vgrid-head .vgrid-cell')].findIndex((c) => c.textContent.startsWith(k))
		return rows.sort((a, b) => a.dataset.row - b.dataset.row).map((r) => r.children[at].textContent)
	}, key)
	const heading = page.locator('.vgrid-head .vgrid-cell', { hasText: '总投资' })
	await heading.click()
	await page.waitForSelector('.vgrid-head [aria-sort=ascending]')
	await heading.click()
	await page.waitForSelector('.vgrid-head [aria-sort=descending]')
	await settled(page) // the heading turns at once, its rows come
	const money = (await column('总投资')).map((v) => (v === '—' ? Infinity : Number(v.replace(/,/g, ''))))
	assert.deepEqual(money, money.slice().sort((a, b) => b - a))
	const total = (await api(page, 'r/project?sums=total_investment&count=only')).sums.total_investment
	const shown = await page.$eval('.vgrid-foot', (foot) => foot.textContent)
	assert.ok(shown.includes(Math.round(total / 1e6).toLocaleString('en-US')), shown)
	await page.click('.filters .chip:has-text("严重")')
	await page.waitForFunction(() => { const rows = [...document.querySelectorAll('.vgrid-row')]; return rows.length && rows.every((r) => r.querySelector('.is-serious')) })
	await page.click('.tools .button:has-text("选择列")')
	await page.click('.modal .rest button:has-text("行业主管部门")')
	await page.click('.modal-foot .button.main')
	await page.waitForSelector('.vgrid-head .vgrid-cell:has-text("行业主管部门")')
	const address = page.url()
	assert.match(address, /filter=light:eq:3/)
	assert.match(address, /sort=-total_investment/)
	const second = await page.context().newPage()
	await second.goto(address)
	await second.waitForSelector('.vgrid-head .vgrid-cell:has-text("行业主管部门")')
	await second.waitForSelector('.vgrid-row .is-serious')
	await page.focus('.vgrid-box')
	for (const key of ['ArrowDown', 'ArrowDown', 'Control+Enter'])
		await page.keyboard.press(key)
	await page.waitForURL(/#\/project\//)
	noFaults(page)
})

test('a filter made by hand: a unit found by typing, and a sum of money', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '/list/project')
	await page.click('.filters .chip:has-text("添加条件")')
	await page.selectOption('.filter-form select', 'total_investment')
	await page.fill('.filter-form .range input >> nth=0', '20000')
	await page.click('.modal-foot .button.main')
	await page.waitForSelector('.filters .chip.on:has-text("总投资")')
	assert.match(page.url(), /total_investment:ge:20000000000/)
	const { rows } = await api(page, 'r/project?columns=lead_unit&filter=lead_unit:filled&limit=1')
	const unit = (await api(page, 'r/unit/' + rows[0][1])).fields.name
	await page.click('.filters .chip:has-text("添加条件")')
	await page.selectOption('.filter-form select', 'lead_unit')
	await page.fill('.filter-form [role=combobox]', unit)
	await page.click(`.filter-form [role=option]:has-text("${unit}")`)
	await page.click('.modal-foot .button.main')
	await page.waitForSelector(`.filters .chip.on:has-text("${unit}")`)
	assert.match(page.url(), /lead_unit:under:/)
	noFaults(page)
})

test('the project page gives reasons, dates, series, problems and history', { skip }, async () => {
	const page = await openWindow(browser, server)
	const { rows } = await api(page, 'r/project?columns=title,milestones&filter=issues_open:gt:0;last_report:filled;light:ge:1&limit=1')
	const [id, title, milestones] = rows[0]
	await goTo(page, '/project/' + id)
	await page.waitForSelector('.why')
	await page.waitForSelector('.history > li b')
	await settled(page)
	assert.equal((await page.textContent('h1')).trim(), title)
	const { lights } = await api(page, 'lights/' + id)
	assert.equal(await page.locator('.why').count(), lights.length)
	const worst = lights.find((l) => l.severity > 0)
	assert.ok((await page.textContent(`.why[data-light="${worst.light}"]`)).includes(worst.rule.zh))
	if (worst.to_green?.zh)
		assert.ok((await page.textContent(`.why[data-light="${worst.light}"] .to-green`)).includes(worst.to_green.zh))
	await page.waitForSelector('#h-milestones')
	await page.waitForFunction((n) => document.querySelectorAll('section[aria-labelledby=h-milestones] tbody tr').length === n, milestones)
	assert.equal(await page.locator('.curve').count(), 3)
	assert.ok(await page.locator('.issue .relay [aria-current=step]').count() > 0)
	const found = await page.textContent('.history')
	assert.doesNotMatch(found, /[0-9a-f]{8}-[0-9a-f]{4}-7/, 'ids have become names')
	noFaults(page)
})

test('the language changes without a reload, on every word', { skip }, async () => {
	const page = await openWindow(browser, server)
	await page.waitForSelector('.wall .figures')
	await page.evaluate(() => (window.notLoadedAgain = true))
	await page.click('.top-button[lang=en]')
	await page.waitForSelector('h1:has-text("Major projects at a glance")')
	assert.equal(await page.getAttribute('html', 'lang'), 'en')
	await goTo(page, '/list/project')
	await page.waitForSelector('.vgrid-head .vgrid-cell:has-text("Project name")')
	await page.click('.top-button[lang=zh-CN]')
	await page.waitForSelector('.vgrid-head .vgrid-cell:has-text("项目名称")')
	assert.equal(await page.evaluate(() => window.notLoadedAgain), true)
	noFaults(page)
})

test('what comes one after another begins with the newest, in words, and adds up only what can be', { skip }, async () => {
	const page = await openWindow(browser, server, { hash: '#/list/report' })
	await page.waitForSelector('.vgrid-row:not(.waiting)')
	await settled(page)
	const newest = (await api(page, 'r/report?columns=period&sort=-period&limit=1')).rows[0][1]
	const cell = async (key) => {
		const at = await page.getAttribute(`.vgrid-head [data-key="${key}"]`, 'aria-colindex')
		return (await page.locator(`.vgrid-row:not(.waiting) [aria-colindex="${at}"]`).first().textContent()).replace('◨', '').trim()
	}
	assert.equal(await cell('period'), newest)
	assert.equal(await cell('visual_progress'), '已填写')
	const sums = await page.locator('.vgrid-foot').textContent()
	assert.equal((sums.match(/[\d,]+/g) ?? []).length, 1, 'done in the period is added up, done since January is not: ' + sums)
	await goTo(page, '#/list/change_request')
	await page.waitForSelector('.vgrid-head [data-key="target_field"]')
	await page.waitForSelector('.vgrid-row:not(.waiting)')
	await settled(page)
	assert.match(await cell('target_field'), /时间|日期|投资/)
	await goTo(page, '#/project/01968924-9c00-7e90-b428-000000000000')
	await page.click('.problem a[href="#/list/project"]')
	await page.waitForSelector('.list')
	page.allow(/404/)
	noFaults(page)
})

test('my work shows the first of each part, and the rest on demand', { skip }, async () => {
	const page = await openWindow(browser, server, { hash: '#/work' })
	const part = page.locator('main .card').first()
	await part.locator('tbody tr').first().waitFor()
	const { overdue } = await api(page, 'work?limit=1')
	assert.equal((await part.locator('.card-head .tab').textContent()).replace(/\D/g, ''), String(overdue))
	assert.equal(await part.locator('tbody tr').count(), Math.min(10, overdue))
	if (overdue > 10)
		await part.locator('[data-whole]').click()
	await settled(page)
	assert.equal(await part.locator('tbody tr').count(), overdue)
	noFaults(page)
})

test('on a phone a unit on the wall is one line, its name beside the numbers', { skip }, async () => {
	const page = await openWindow(browser, server, { width: 360, height: 740, touch: true })
	await page.waitForSelector('.wall .groups tbody tr')
	const heights = await page.$$eval('.wall .groups tbody tr', (all) => all.map((r) => r.getBoundingClientRect().height))
	assert.ok(Math.max(...heights) < 80, String(heights))
	noFaults(page)
})
