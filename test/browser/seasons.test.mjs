// The working calendar: a notice pasted, a winter stop entered by keyboard, what moves said before it does, taken back.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, noFaults, openWindow } from './help/page.mjs'

county({ projects: 40, months: 10 })
const open = (hash, more = {}) => openWindow(browser, server, { hash, ...more })

const finishOf = async (page, id) => (await api(page, 'r/project/' + id)).fields.computed_finish

test('a winter stop says which forecasts it would move, moves them, and is taken back', { skip }, async () => {
	const page = await open('#/admin/calendar')
	await page.waitForSelector('.month')
	const year = Number(await page.textContent('.year-pick b'))
	await page.focus('[data-winter]')
	await page.keyboard.press('Enter')
	await page.waitForSelector('.modal')
	assert.equal(await page.isChecked('[name=day-yearly]'), true)
	assert.equal(await page.inputValue('.modal input[aria-label="自"]'), `${year}-11-15`)
	await page.fill('[name=day-reason]', '封冻')
	const row = page.locator('.moves-list tbody tr').first()
	await row.waitFor()
	assert.match(await page.textContent('[data-moves]'), /\d+ 个项目的预计完成日期会变，最多推后 \d+ 天/)
	const id = (await row.locator('a').getAttribute('href')).split('/').pop()
	const [, before, after, days] = await row.locator('td').allTextContents()
	assert.equal(Number(days), (Date.parse(after) - Date.parse(before)) / 864e5)
	assert.equal(await finishOf(page, id), before, 'only looked at')
	await checkAccess(page, 'a day and what moves')
	await page.click('.modal [data-confirm]')
	await page.waitForSelector(`[data-day="${year}-12-01"].is-winter_stop`)
	assert.equal(await finishOf(page, id), after)
	await page.waitForSelector('.seasons :text("封冻")')
	await page.click('.toast :text("撤销")')
	await page.waitForSelector(`[data-day="${year}-12-01"]:not(.is-winter_stop)`)
	assert.equal(await finishOf(page, id), before)
	noFaults(page)
})

test('a year that is not announced says so until its notice is pasted', { skip }, async () => {
	const page = await open('#/admin/calendar/2027', { lang: 'en' })
	await page.waitForSelector('[data-unannounced]:has-text("2027 are not announced")')
	await page.click('[data-notice]')
	await page.fill('[name=notice]', '国务院办公厅关于2027年部分节假日安排的通知\n一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假调休，共7天。2月14日（周日）上班。\n七、国庆节：10月1日至7日放假调休。10月9日（周六）上班。\n中秋节：9月31日放假。')
	await page.click('[data-read]')
	await page.waitForSelector('.notice-unread :text("9月31日")')
	await page.waitForSelector('[data-moves]')
	await checkAccess(page, 'a notice')
	await page.click('.modal [data-confirm]')
	await page.waitForSelector('[data-day="2027-10-04"].is-holiday')
	await page.waitForSelector('[data-day="2027-02-14"].is-make_up')
	assert.equal(await page.locator('[data-unannounced]').count(), 0)
	const { counted, covered } = await api(page, 'calendar?year=2027&from=2027-10-01&days=1')
	assert.deepEqual([covered, counted.office], [true, '2027-10-08'])
	await page.fill('[name=count]', '3')
	await page.waitForSelector('[data-counted]')
	// pasted again, it takes the place of what was entered before
	await page.click('[data-notice]')
	await page.fill('[name=notice]', '2027年\n七、国庆节：10月1日至8日放假调休。10月9日（周六）上班。')
	await page.click('[data-read]')
	await page.waitForSelector('[data-moves]')
	await page.click('.modal [data-confirm]')
	await page.waitForSelector('[data-day="2027-10-08"].is-holiday')
	assert.equal((await api(page, 'calendar?year=2027')).days.filter((d) => d.day === '2027-02-14').length, 0)
	await checkAccess(page, 'the year')
	noFaults(page)
})

test('on a phone the year and its dialog fit', { skip }, async () => {
	const page = await open('#/admin/calendar/2026', { width: 360, height: 760, touch: true })
	await page.waitForSelector('.month')
	const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
	assert.ok(await wide() <= 0, 'nothing stands over the edge')
	await page.tap('[data-day="2026-06-03"]')
	await page.waitForSelector('.modal')
	assert.ok(await wide() <= 0)
	noFaults(page)
})
