// One project's page: three curves apart, both slips, the relay, changes with their ruling, photos by keyboard, and any past day.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { photos } from './help/jpeg.mjs'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, checkFits, goTo, noFaults, openWindow, settled } from './help/page.mjs'

county()

const query = (filter, columns, more = '') => `${columns ? 'columns=' + columns + '&' : ''}filter=${encodeURIComponent(filter)}${more}`
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 864e5)
/** Every chart comes when it is in sight. */
async function lookAtAll(page) {
	await page.evaluate(async () => {
		for (const c of document.querySelectorAll('.curve-chart')) {
			c.scrollIntoView()
			await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
		}
	})
}
async function send(page, path, body, version) {
	const answer = await page.evaluate(async ([p, b, v]) => {
		const { csrf } = await (await fetch('api/session')).json()
		const headers = { 'X-CSRF-Token': csrf, ...(v ? { 'If-Match': `"${v}"` } : {}) }
		let content
		if (b.file) {
			content = new FormData()
			content.append('file', new Blob([Uint8Array.from(atob(b.file), (x) => x.charCodeAt(0))], { type: 'image/jpeg' }), b.name)
		} else {
			headers['Content-Type'] = 'application/json'
			content = JSON.stringify(b)
		}
		const got = await fetch('api/' + p, { method: 'POST', headers, body: content })
		return { status: got.status, body: await got.json() }
	}, [path, body, version])
	assert.ok(answer.status < 300, JSON.stringify(answer.body))
	return answer.body
}

async function sendReport(page, fields) {
	const made = await send(page, 'r/report', { fields })
	await send(page, `r/report/${made.id}/steps/submit`, { fields: {} }, made.version)
}

test('earned value stands beside the curves, as the approved baseline measures it', { skip }, async () => {
	const page = await openWindow(browser, server)
	const plans = (await api(page, 'r/plan?' + query('state:eq:in_force', 'project', '&limit=60'))).rows.map((r) => r[1])
	let id, earned
	for (id of plans) {
		earned = (await api(page, 'plans/' + id)).earned
		if (earned.baseline && earned.series.some((s) => s.series === 'work' && s.spi_t < 0.9 && s.earned < s.planned_total))
			break
	}
	const work = earned.series.find((s) => s.series === 'work')
	assert.ok(work.spi_t < 0.9 && earned.baseline, 'the demo has a plan behind its baseline')
	await goTo(page, '/project/' + id)
	const row = page.locator('.earned [data-series=work]')
	await row.waitFor()
	const cells = await row.locator('td').allTextContents()
	assert.equal(cells[0], (work.planned / work.planned_total * 100).toFixed(1) + '%')
	assert.equal(cells[1], (work.earned / work.planned_total * 100).toFixed(1) + '%')
	assert.equal(cells[3], work.spi_t.toFixed(2))
	assert.equal(cells[4], work.forecast_finish.slice(0, 10))
	assert.ok(await row.locator('td.behind').count() >= 1, 'what is behind looks so')
	assert.match(await page.textContent('.earned'), new RegExp(earned.baseline))
	noFaults(page)
})

test('curves: money, work and quantities each apart, with a table, and the plan where there is one', { skip }, async () => {
	const page = await openWindow(browser, server)
	let id, newest, wanted // a project with a plan of the year that it reported last
	for ([id] of (await api(page, 'r/project?' + query('state:eq:building;last_report:filled', 'title', '&limit=60'))).rows) {
		newest = (await api(page, `r/project/${id}/children/report?limit=1`)).records[0].fields.period;
		[wanted] = (await api(page, 'r/year_plan?' + query(`project:eq:${id};year:eq:${newest.slice(0, 4)};annual_plan_investment:filled`, 'annual_plan_investment'))).rows
		if (wanted)
			break
	}
	await sendReport(page, { project: id, period_kind: 'week', period: newest.slice(0, 8) + '14', work_volume: 1_200_000_00, physical_item: '桩基', physical_unit: 'pile', physical_volume: 40 })
	await sendReport(page, { project: id, period_kind: 'week', period: newest.slice(0, 8) + '07', work_volume: 300_000_00, physical_item: '钢筋', physical_unit: 't', physical_volume: 12.5 })
	await goTo(page, '/project/' + id)
	await page.waitForSelector('[data-curve=quantity] .chart-table td', { state: 'attached' })
	await lookAtAll(page)
	await page.waitForFunction(() => document.querySelectorAll('.curve canvas').length === 4)
	const titles = await page.locator('.curve h3').allTextContents()
	assert.equal(titles.filter((x) => /桩基|钢筋/.test(x)).length, 2, 'piles and tonnes are two curves')
	const table = (name) => page.locator(`[data-curve=${name}] .chart-table`).first().textContent()
	assert.match(await table('investment'), /计划/)
	assert.match(await table('work'), /150.0 万元/)
	assert.doesNotMatch(await table('work'), /计划/, 'no plan of work, none drawn')
	await page.click('[data-curve=investment] .chart-tools button >> nth=0')
	const last = await page.locator('[data-curve=investment] tbody tr').last().textContent()
	assert.ok(last.startsWith(newest.slice(0, 4) + '-12'))
	const [, number, unit] = /([\d,.]+) ([亿万])元$/.exec(last)
	const yuan = Number(number.replace(/,/g, '')) * (unit === '亿' ? 1e8 : 1e4)
	assert.ok(Math.abs(yuan / (wanted[1] / 100) - 1) < 0.01, last)
	noFaults(page)
})

test('milestones slip from both approvals; changes say old, new, why and how it was ruled', { skip }, async () => {
	const page = await openWindow(browser, server)
	const requests = await api(page, 'r/change_request?' + query('state:in:approved,refused', 'project,old_date,new_date,reason,ruling', '&limit=1'))
	const [, id, old, fresh, reason, ruling] = requests.rows[0]
	await goTo(page, '/project/' + id)
	const row = page.locator('.changes-table tbody tr').first()
	await row.waitFor()
	await settled(page)
	const text = await row.textContent()
	for (const part of [old, fresh, reason, ruling, `推后 ${days(old, fresh)} 天`])
		assert.ok(text.includes(part), `${part} in ${text}`)
	const { records } = await api(page, `r/project/${id}/children/milestone?limit=50`)
	const done = records.find((m) => m.fields.actual && m.fields.actual !== m.fields.first_approved)
	const line = page.locator('.milestones tbody tr', { hasText: done.fields.name }).first()
	const n = days(done.fields.first_approved, done.fields.actual)
	assert.equal((await line.locator('[data-slip=first]').textContent()).trim(), n > 0 ? `晚 ${n} 天` : `早 ${-n} 天`)
	assert.equal((await line.locator('[data-date]').allTextContents()).length, 5, 'first, planned, forecast, computed, actual')
	noFaults(page)
})

test('an open issue tells who holds it, for how long, and when the next level will know', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [issue, id] = (await api(page, 'r/issue?' + query('state:in:assigned,handling', 'project', '&limit=1'))).rows[0]
	const { clocks } = await api(page, 'r/issue/' + issue)
	const clock = clocks.filter((c) => !c.stopped).sort((a, b) => (a.due < b.due ? -1 : 1))[0]
	const { today } = await api(page, 'session')
	await goTo(page, '/project/' + id)
	const box = page.locator(`[data-issue="${issue}"]`)
	await box.locator('[aria-current=step]').waitFor()
	await settled(page)
	assert.equal(await box.locator('[data-holder]').textContent(), clock.holder?.title ?? '项目办')
	assert.equal(await box.locator('[data-held]').textContent(), `已 ${days(clock.held_since.slice(0, 10), today)} 天`)
	const next = clock.next_level_at ? Math.max(0, days(today, clock.next_level_at.slice(0, 10))) : null
	assert.equal((await box.locator('[data-next-level]').textContent()).trim(), next == null ? '不再提级' : next ? `${next} 天后提级` : '今天提级')
	assert.ok(await box.locator('.relay .run').count() > 0, 'the legs before it')
	noFaults(page)
})

test('photos enlarge by keyboard, turn by arrows, and Escape gives the focus back', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [id] = (await api(page, 'r/project?' + query('state:eq:building;last_report:filled', 'title', '&limit=2'))).rows[1]
	const ids = []
	for (const [i, jpeg] of (await photos(page, 2, 320, 240)).entries())
		ids.push((await send(page, 'files', { file: jpeg.toString('base64'), name: `现场${i}.jpg` })).id)
	await send(page, 'r/report', { fields: { project: id, period_kind: 'day', period: (await api(page, 'session')).today, visual_progress: '三层楼板浇筑', photos: ids } })
	await goTo(page, '/project/' + id)
	const small = page.locator('.photo-row button')
	await small.nth(1).waitFor()
	assert.equal(await small.count(), 2)
	await small.first().focus()
	await page.keyboard.press('Enter')
	await page.waitForSelector('.lightbox[open]')
	const shown = () => page.getAttribute('.lightbox-picture img', 'src')
	assert.ok((await shown()).endsWith(ids[0]))
	await page.keyboard.press('ArrowRight')
	assert.ok((await shown()).endsWith(ids[1]))
	await page.keyboard.press('ArrowRight')
	assert.ok((await shown()).endsWith(ids[1]), 'stays at the last one')
	assert.match(await page.textContent('.lightbox [role=status]'), /2.*2/)
	await page.keyboard.press('Home')
	assert.ok((await shown()).endsWith(ids[0]))
	await checkAccess(page, 'lightbox')
	await page.keyboard.press('Escape')
	await page.waitForSelector('.lightbox', { state: 'detached' })
	assert.equal(await page.evaluate(() => document.activeElement === document.querySelector('.photo-row button')), true)
	noFaults(page)
})

test('a past day: its date, lights, milestones, reports and changes, in the address and by the slider', { skip }, async () => {
	const page = await openWindow(browser, server)
	const changed = await api(page, 'r/change_request?' + query('state:eq:approved', 'project,old_date,new_date,ruled_at', '&limit=1'))
	const [, id, old, fresh, ruled] = changed.rows[0]
	const day = new Date(Date.parse(ruled.slice(0, 10)) - 864e5).toISOString().slice(0, 10)
	await goTo(page, `/project/${id}?as_of=${day}`)
	await page.waitForSelector(`.past-note:has-text("${day}")`)
	const finish = () => page.textContent('[data-fact=planned_finish] dd')
	assert.equal((await finish()).trim(), old)
	assert.equal(await page.locator('.step-line, .page-head a[href*="/edit/"], .page-head a[href*="/report/"]').count(), 0, 'nothing is done in the past')
	const then = await api(page, `lights/${id}?as_of=${day}`)
	await page.waitForFunction((n) => document.querySelectorAll('.why').length === n, then.lights.length)
	await page.waitForSelector('.project[aria-busy=false]')
	await settled(page)
	const { total } = await api(page, 'r/report?' + query(`project:eq:${id}`, 'period', `&as_of=${day}`))
	if (await page.locator('.reports p .button').count())
		await page.click('.reports p .button')
	await page.waitForFunction((n) => document.querySelectorAll('.reports tbody tr').length === n, total)
	assert.ok((await page.textContent('.history')).indexOf(fresh) < 0, 'what happened later is not told')
	await checkAccess(page, 'a past day')
	await page.click('.past-bar button:has-text("下一次改动")')
	await page.waitForFunction((d) => document.querySelector('[data-fact=planned_finish] dd')?.textContent.trim() === d, fresh)
	await page.focus('.past-bar input[type=range]')
	await page.keyboard.press('Home')
	await page.waitForFunction((d) => document.querySelector('[data-fact=planned_finish] dd')?.textContent.trim() === d, old)
	assert.match(page.url(), /as_of=\d{4}-\d\d-\d\d/)
	await page.click('[data-now]')
	await page.waitForSelector('.past-note', { state: 'detached' })
	await page.waitForFunction((d) => document.querySelector('[data-fact=planned_finish] dd')?.textContent.trim() === d, fresh)
	assert.doesNotMatch(page.url(), /as_of/)
	await goTo(page, `/project/${id}?as_of=2001-01-01`)
	await page.waitForSelector('.past-note:has-text("2001-01-01")')
	await settled(page)
	assert.equal(await page.locator('.why, .key-strip').count(), 0)
	page.allow(/404/) // there were no lights then
	noFaults(page)
})

for (const [lang, width] of [['zh', 1440], ['en', 1440], ['zh', 360], ['en', 360]])
	test(`it fits and is accessible, ${lang} ${width}`, { skip }, async () => {
		const page = await openWindow(browser, server, { lang, width, touch: width < 500 })
		const [id] = (await api(page, 'r/project?' + query('issues_open:gt:0;last_report:filled;light:ge:1', 'title', '&limit=1'))).rows[0]
		await goTo(page, '/project/' + id)
		await page.waitForSelector('.issue [aria-current=step]')
		await page.waitForSelector('.history > li b')
		await lookAtAll(page)
		await page.waitForFunction(() => document.querySelectorAll('.curve canvas').length >= 2)
		await settled(page)
		await checkFits(page)
		if (lang === 'en')
			assert.match(await page.textContent('#h-curves'), /Three curves/)
		await checkAccess(page, `project ${lang} ${width}`)
		noFaults(page)
		await page.context().close()
	})

test('on paper it is whole: no buttons, no slider, and nothing wider than the sheet', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [id, title] = (await api(page, 'r/project?' + query('last_report:filled', 'title', '&limit=1'))).rows[0]
	await goTo(page, '/project/' + id)
	await page.waitForSelector('.milestones tbody tr')
	await settled(page)
	await page.emulateMedia({ media: 'print' })
	await page.setViewportSize({ width: 695, height: 1000 }) // A4, less its margins
	assert.equal(await page.isVisible('.past-bar'), false)
	assert.equal(await page.isVisible('.page-head .button'), false)
	assert.equal((await page.textContent('h1')).trim(), title)
	const wide = await page.evaluate(() => [...document.querySelectorAll('.project table')].filter((x) => x.getBoundingClientRect().right > innerWidth + 1).map((x) => x.closest('section').getAttribute('aria-labelledby')))
	assert.deepEqual(wide, [])
	const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g).length
	assert.ok(sheets <= 3, `${sheets} sheets`)
	noFaults(page)
})
