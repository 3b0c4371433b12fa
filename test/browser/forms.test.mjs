// Entering facts: a report on a phone, steps, two people at one record, and a ledger that comes in.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, firstRow, goTo, hold, newToast, noFaults, openWindow, sendOn } from './help/page.mjs'

county()

// 1 x 1 pixel
const PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

test('a report on a phone: last time beside, a draft that survives, checks, a photo, sent', { skip }, async () => {
	const page = await openWindow(browser, server, { width: 360, height: 740, touch: true })
	const [id] = await firstRow(page, 'project?columns=title,last_report&filter=last_report:filled;state:eq:building&sort=last_report')
	await goTo(page, '/report/' + id)
	await page.waitForSelector('.record-form')
	assert.match(await page.textContent('[data-field="investment"]'), /上期/)
	await page.fill('[data-field="investment"] input', '12x')
	await page.click('.form-foot .button.main')
	assert.match(await page.textContent('[data-field="investment"] .error'), /数字/)
	await page.fill('[data-field="investment"] input', '1234.56')
	await page.click('[data-field="investment_year"] .beside button')
	assert.notEqual(await page.inputValue('[data-field="investment_year"] input'), '')
	await page.reload()
	await page.waitForSelector('.restored')
	assert.equal(await page.inputValue('[data-field="investment"] input'), '1234.56')
	await page.click('.form-foot .button.main')
	await page.waitForSelector('.findings')
	assert.match(await page.textContent('.findings'), /形象进度/)
	await checkAccess(page, 'checks before sending')
	await page.click('.findings li:has-text("形象进度") button')
	await page.fill('[data-field="visual_progress"] textarea', '四层楼板浇筑完成')
	await page.evaluate(() => document.querySelector('[data-field="photos"]').closest('details').setAttribute('open', ''))
	await page.setInputFiles('[data-field="photos"] input[type=file]', { name: '现场.png', mimeType: 'image/png', buffer: PHOTO })
	await page.waitForSelector('[data-field="photos"] img')
	await sendOn(page)
	await page.waitForURL(/#\/project\//)
	const reports = (await api(page, `r/project/${id}/children/report?limit=5`)).records
	const stored = reports.find((r) => r.fields.investment === 1234560000)
	assert.ok(stored, 'the report is stored to the last 分')
	assert.equal(stored.state, 'submitted')
	assert.equal(stored.fields.photos.length, 1)
	assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('draft:')).length), 0)
	noFaults(page)
})

test('two people at one record: the second sees both versions field by field and decides', { skip }, async () => {
	const one = await openWindow(browser, server, { login: 'xiangmuban' })
	const two = await openWindow(browser, server, { login: 'xiangmuban2' })
	const id = (await api(one, 'r/project?columns=title&limit=2')).rows[1][0]
	for (const page of [one, two]) {
		await goTo(page, '/edit/project/' + id)
		await page.waitForSelector('[data-field="zone"] input')
	}
	await one.fill('[data-field="zone"] input', '一号片区')
	await one.fill('[data-field="address"] input', '滨河路 1 号')
	await one.click('.form-foot .button.main')
	await one.waitForURL(/#\/project\//)
	await two.fill('[data-field="zone"] input', '二号片区')
	await two.fill('[data-field="industry_chain"] input', '装备')
	await two.click('.form-foot .button.main')
	await two.waitForSelector('.conflict')
	const row = two.locator('.conflict tr', { hasText: '片区' }).first()
	assert.match(await row.textContent(), /二号片区[\s\S]*一号片区/)
	assert.match(await row.getAttribute('class'), /clash/)
	await checkAccess(two, 'conflict dialog')
	await row.locator('input[type=radio]').nth(1).check()
	await two.click('.modal-foot .button.main')
	await two.waitForURL(/#\/project\//)
	const { fields } = await api(two, 'r/project/' + id)
	assert.deepEqual([fields.zone, fields.address, fields.industry_chain], ['一号片区', '滨河路 1 号', '装备'])
	two.allow(/409/)
	noFaults(one)
	noFaults(two)
})

test('a small ledger with mistakes: each has its place and advice, the sound rows come in after confirming', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '/import/project')
	const before = (await api(page, 'r/project?count=only')).total
	const [, area] = await firstRow(page, 'area?columns=name&filter=level:eq:town')
	const rows = [['2026年重点项目台账'], ['项目名称', '总投资（万元）', '计划开工时间', '建设地点', '档案盒号'], ['测试轴承厂', '12000', '2026年3月', area, 'A1'],
		['测试污水厂', '十二万块', '2026-05-01', area, 'A2'], ['测试公路', '3.5亿元', '2026.6', area, 'A3'], ['', '500', '2026-07-01', area, 'A4']]
	const text = rows.map((r) => r.join(',')).join('\n') + '\n'
	await page.setInputFiles('.drop-zone input[type=file]', { name: '台账.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
	await page.waitForSelector('.map tbody tr')
	const trouble = page.locator('section[aria-labelledby=h-problems] tbody tr', { hasText: '十二万块' })
	await trouble.waitFor()
	const cells = await trouble.locator('td').allTextContents()
	assert.match(cells[0], /^B\b/)
	assert.match(cells[4], /第 4 行/)
	assert.equal((await api(page, 'r/project?count=only')).total, before, 'nothing is stored before confirming')
	assert.equal(await page.inputValue('[data-column="项目名称"] select'), 'title')
	await page.selectOption('[data-column="档案盒号"] select', 'external_id')
	await page.waitForFunction(() => document.querySelector('[data-column="档案盒号"] .tag')?.textContent.includes('您的选择'))
	await page.selectOption('[data-constants] select', 'category')
	await page.fill('[data-constants] input', '交通')
	await page.click('[data-constants] button[type=submit]')
	await page.waitForSelector('[data-constants] .tag:has-text("交通")')
	assert.equal(await page.inputValue('[data-column="档案盒号"] select'), 'external_id', 'what was chosen before stays')
	await checkAccess(page, 'import preview')
	await page.click('.summary [data-confirm]')
	await page.waitForSelector('h2:has-text("结果")')
	const refused = await page.locator('tbody tr', { hasText: '未导入' }).count()
	const after = (await api(page, 'r/project?count=only')).total
	assert.equal(refused, 1, 'the row without a name')
	assert.equal(after - before, 3)
	const found = await api(page, 'r/project?columns=title,total_investment,external_id,category&filter=' + encodeURIComponent('title:text:测试公路'))
	assert.deepEqual(found.rows[0].slice(1), ['测试公路', 35000000000, 'A3', 'transport'])
	await checkAccess(page, 'import result')
	noFaults(page)
})

test('what is no ledger is refused with a reason, and the page goes on', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '/import/project')
	await page.setInputFiles('.drop-zone input[type=file]', { name: '坏.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004 not a workbook') })
	await page.waitForSelector('.problem')
	assert.ok((await page.textContent('.problem')).length > 10)
	await page.waitForSelector('.drop-zone')
	page.allow(/4\d\d/)
	noFaults(page)
})

test('a name typed into a form stays text: nothing in it runs', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '/new/project')
	const name = '<img src=x onerror="window.ran=1"><b>名</b>'
	await page.fill('[data-field="title"] input', name)
	await page.click('[data-field="area"] [role=combobox]')
	await page.click('[data-field="area"] [role=option] >> nth=0')
	await page.click('.form-foot .button.main')
	await page.waitForURL(/#\/project\//)
	await page.waitForFunction((n) => document.querySelector('h1')?.textContent.trim() === n, name)
	await goTo(page, '/list/project?filter=' + encodeURIComponent('title:text:onerror'))
	await page.waitForSelector('.vgrid-row:has-text("onerror")')
	assert.equal(await page.evaluate(() => window.ran), undefined)
	noFaults(page)
})

test('a step taken by mistake and a deletion go back: by the offer, by Ctrl+Z, from the history', { skip }, async () => {
	const page = await openWindow(browser, server, { login: 'xiangmuban' })
	const [project] = await firstRow(page, 'project?columns=title&filter=state:eq:building')
	const id = await page.evaluate(async (of) => {
		const { csrf } = await (await fetch('api/session')).json()
		return (await (await fetch('api/r/issue', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ fields: { project: of, title: '进场道路不通', kind: 'works' } }) })).json()).id
	}, project)
	const part = async () => {
		const { state, state_since, fields, clocks } = await api(page, 'r/issue/' + id)
		return JSON.stringify({ state, state_since, fields, clocks })
	}
	const before = await part()
	const accept = async () => {
		await page.click('[data-step=accept]')
		await page.click('.modal [data-confirm]')
		await page.waitForSelector('[data-step=assign]') // by the feed or by the answer; the offer comes with the answer
		await page.waitForSelector('.toast button:has-text("撤销")')
	}
	await goTo(page, '/r/issue/' + id)
	await accept()
	await page.click('.toast button:has-text("撤销")')
	await page.waitForSelector('[data-step=accept]')
	assert.equal(await part(), before)

	await accept()
	await page.keyboard.press('Control+z')
	await page.waitForSelector('[data-step=accept]')
	assert.equal(await part(), before)

	await accept()
	await page.reload() // no offer any more: the history has it
	await page.waitForSelector('[data-undo-last]')
	const sent = await hold(page, '**/undo')
	await page.click('[data-undo-last]')
	await sent.reached
	assert.ok(await page.isDisabled('[data-undo-last]'), 'pressed once')
	sent.open()
	await page.waitForSelector('[data-step=accept]')
	assert.equal(await part(), before)
	await page.waitForSelector('.history li:first-child:has-text("撤销办理")')
	assert.equal(await page.locator('[data-undo-last]').count(), 0, 'an undo is not undone')

	await page.click('.page-head .button.danger')
	await page.fill('.modal textarea', '误删')
	await page.click('.modal .button.danger')
	await page.waitForURL(/#\/project\//)
	await page.waitForSelector('.toast button:has-text("撤销")')
	await newToast(page, ':has-text("已撤销")', () => page.keyboard.press('Control+z'))
	assert.equal(await part(), before)
	await goTo(page, '/r/issue/' + id)
	await page.waitForSelector('.history li:first-child:has-text("恢复")')
	await checkAccess(page, 'a record whose step was undone')

	// somebody changed it meanwhile: nothing is done, and it is said
	const two = await openWindow(browser, server, { login: 'xiangmuban2', hash: '#/r/issue/' + id })
	await accept()
	await two.click('[data-step=assign]')
	await two.fill('.modal [role=combobox]', '工业和信息')
	await two.click('.modal [role=option]:has-text("工业和信息化局")')
	await two.click('.modal [data-confirm]')
	await two.waitForSelector('[data-step=take_up]')
	await page.click('.toast button:has-text("撤销")')
	await page.waitForSelector('.toast.bad')
	page.allow(/409/)
	noFaults(page)
	noFaults(two)
})
