// Windows for tests: each is a browser of its own person, watched for errors and for requests that leave the server.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { axeSource } from './browser.mjs'
import { slow, slowContext } from './slow.mjs'

const source = (path) => readFileSync(new URL('../../../ui/src/' + path, import.meta.url), 'utf8')
/** How long an offer to take something back stands, and how long a report is waited for: a slow machine needs longer than a person. */
const TIMES = [/const OFFER_MS = ([\d_]+)/.exec(source('base/toast.ts')), /const PATIENCE_MS = ([\d_]+)/.exec(source('pages/ReportPage.vue'))].map((m) => Number(m[1].replace('_', '')))

/** In every page before its own scripts: it counts what is on its way from the server, and those times do not run out. */
function instrument(times) {
	const { fetch: ask, setTimeout: later } = window
	window.underWay = 0
	window.fetch = async (...what) => {
		window.underWay++
		try {
			const answer = await ask(...what)
			await answer.clone().arrayBuffer() // to its last byte
			return answer
		} finally {
			window.underWay--
		}
	}
	window.setTimeout = (run, ms, ...more) => later(run, times.includes(ms) ? 2 ** 31 - 1 : ms, ...more)
}

/** watch: gets the page before anything is loaded, which waits for what it promises. */
export async function openWindow(browser, server, { login = 'xiangmuban', width = 1440, height = 900, lang = 'zh', hash = '#/wall', touch = false, watch = () => {} } = {}) {
	const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', hasTouch: touch })
	await context.addInitScript((l) => localStorage.getItem('lang') ?? localStorage.setItem('lang', l), lang)
	await context.addInitScript(instrument, TIMES)
	context.setDefaultTimeout(120_000) // a wait for a condition, not a measurement: machines may be busy
	if (slow > 1)
		slowContext(context)
	const page = await context.newPage()
	await watch(page)
	const faults = []
	page.on('console', (m) => m.type() === 'error' && faults.push(m.text()))
	page.on('pageerror', (e) => faults.push(String(e)))
	context.on('request', (r) => {
		const url = r.url()
		if (!url.startsWith(server.address + '/') && !/^(data|blob|about):/.test(url))
			faults.push('a request left the server: ' + url)
	})
	page.faults = faults
	page.allow = (pattern) => { // a refusal that the test provoked is also a line in the console
		for (let i = faults.length - 1; i >= 0; i--)
			if (pattern.test(faults[i]))
				faults.splice(i, 1)
	}
	await page.goto(`${server.address}/${hash}`)
	if (login) {
		await page.fill('input[name=login]', login)
		await page.fill('input[name=password]', server.password)
		await page.click('.signin .button.main')
		await page.waitForSelector('main .page')
		if (lang === 'en') // the account's own language wins at sign-in
			await page.evaluate(() => document.documentElement.lang).then((l) => l === 'en' || page.click('.top-button[lang=en]'))
		await page.waitForFunction((l) => document.documentElement.lang.startsWith(l), lang)
	}
	return page
}

export const api = (page, path) => page.evaluate(async (p) => (await fetch('api/' + p)).json(), path)

/** The first row of a list: its id, then the columns that were asked for. */
export const firstRow = async (page, path) => (await api(page, `r/${path}&limit=1`)).rows[0]

/** Waits until the answer is true. (The browser's waitForFunction takes a promise for true.) */
export async function until(ask, within = 60_000) {
	const end = Date.now() + within
	while (!(await ask()))
		assert.ok(Date.now() < end, 'still not so: ' + ask)
}

/** To another page; the one before has gone when this answers. Where only the query is another, what was asked for may still come. */
export async function goTo(page, hash) {
	await page.evaluate((h) => new Promise((done) => {
		const was = location.href
		addEventListener('hashchange', () => requestAnimationFrame(() => setTimeout(done)), { once: true })
		location.hash = h
		if (location.href === was)
			done()
	}), hash)
}

/** Nothing is on its way from the server, and what has come is drawn: for what is asked of a page as a whole. */
export async function settled(page) {
	await page.evaluate(async () => {
		for (let quiet = 0; quiet < 4; quiet = window.underWay ? 0 : quiet + 1)
			await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
	})
}

/** Requests to `pattern` wait from now on: `reached` when the first has come, `open()` lets them all go. */
export async function hold(page, pattern) {
	let open, reach
	const held = new Promise((resolve) => (open = resolve)), reached = new Promise((resolve) => (reach = resolve))
	await page.route(pattern, async (route) => {
		reach()
		await held
		await route.fallback()
	})
	return { reached, open }
}

/** Sends a report on, past the findings of a clerk if there are any. */
export async function sendOn(page) {
	await page.click('.form-foot .button.main')
	await page.waitForFunction(() => document.querySelector('.modal [data-confirm]') || !location.hash.startsWith('#/report/'))
	if (await page.$('.modal [data-confirm]'))
		await page.click('.modal [data-confirm]')
}

export async function isLive(page) {
	await page.waitForSelector('.live-sign.live')
}

/** Nothing that a machine can find. */
export async function checkAccess(page, name) {
	await page.evaluate(axeSource)
	const found = await page.evaluate(async () => {
		const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
		return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`)
	})
	assert.deepEqual(found, [], name)
}

/** Nothing stands over the window's edge. */
export async function checkFits(page, name = '') {
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name + ' is wider than the window')
}

/** A word that comes on show by what `does` does: those that stand there already are not it. */
export async function newToast(page, selector, does) {
	await page.evaluate(() => document.querySelectorAll('.toast').forEach((old) => (old.dataset.old = '')))
	await does()
	return page.waitForSelector(`.toast:not([data-old])${selector}`)
}

/** What was done last is taken back by the word that offers it; the word that it is done comes with the server's answer. */
export async function takeBack(page) {
	await newToast(page, ':has-text("已撤销")', () => page.click('.toast button:has-text("撤销")'))
}

export function noFaults(page) {
	assert.deepEqual(page.faults, [])
}
