// How smoothly the ledger scrolls over 100,000 projects, beside Tabulator on the same rows.
//
// Our rows come from the server page by page while scrolling; Tabulator gets all of them at once in memory, its best case.
// The same wheel events go to both, slow, brisk and faster than anybody reads; then both jump to the far end.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { frames, installPeers, line, serve, signIn, timed } from './help.mjs'

const PROJECTS = 100_000
const COLUMNS = ['title', 'light', 'state', 'lead_unit', 'area', 'category', 'total_investment', 'annual_plan_investment', 'completed_investment', 'plan_completion', 'time_variance']
const STEPS = [100, 400, 1600] // pixels a turn of the wheel
const SIZE = { viewport: { width: 1440, height: 900 } }

async function scroll(page, selector) {
	const box = await page.locator(selector).boundingBox()
	await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
	const gaps = {}
	for (const step of STEPS)
		gaps[step] = await frames(page, async () => {
			for (let i = 0; i < 80; i++)
				await page.mouse.wheel(0, step)
		})
	return gaps
}

async function ours(page, address) {
	await signIn(page, address)
	await page.evaluate(() => (location.hash = '/list/unit'))
	await page.waitForSelector('.vgrid-row[data-id]')
	const first = await timed(page, () => page.evaluate((c) => (location.hash = '/list/project?columns=' + c), COLUMNS.join(',')), () => document.querySelector('.vgrid-head [data-key=light]') && document.querySelector('.vgrid-row[data-id]'))
	const gaps = await scroll(page, '.vgrid-box')
	const jump = await timed(page, () => page.evaluate(() => {
		const box = document.querySelector('.vgrid-box')
		box.scrollTop = box.scrollHeight
	}), (last) => document.querySelector(`.vgrid-row[data-row="${last}"][data-id]`) !== null, PROJECTS - 1)
	return { first, gaps, jump }
}

const allRows = (page) => page.evaluate(async (columns) => {
	const all = []
	let after = ''
	while (after !== null) {
		const got = await (await fetch(`api/r/project?limit=1000&columns=${columns}&after=${encodeURIComponent(after)}`)).json()
		for (const r of got.rows)
			all.push(r.map((v) => got.titles[v] ?? v))
		after = got.next
	}
	return all
}, COLUMNS.join(','))

async function theirs(page, rows) {
	const dist = join(installPeers(), 'tabulator-tables/dist')
	const files = {
		'/': ['text/html', '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/t.css"><div id="t" style="height:760px"></div><script src="/t.js"></script>'],
		'/t.js': ['text/javascript', readFileSync(join(dist, 'js/tabulator.min.js'))], '/t.css': ['text/css', readFileSync(join(dist, 'css/tabulator.min.css'))],
		'/rows': ['application/json', JSON.stringify(rows.map((r) => Object.fromEntries([['id', r[0]], ...COLUMNS.map((c, i) => [c, r[i + 1]])])))],
	}
	const peer = createServer((q, a) => {
		const file = files[q.url]
		a.writeHead(file ? 200 : 404, { 'Content-Type': file?.[0] ?? 'text/plain' })
		a.end(file?.[1])
	})
	await new Promise((resolve) => peer.listen(0, '127.0.0.1', resolve))
	await page.goto(`http://127.0.0.1:${peer.address().port}/`)
	const first = await timed(page, () => page.evaluate(async (columns) => {
		const data = await (await fetch('/rows')).json()
		window.table = new Tabulator('#t', { height: 760, data, columns: columns.map((c, i) => ({ title: c, field: c, width: i ? 120 : 260, frozen: i === 0 })) })
	}, COLUMNS), () => document.querySelector('.tabulator-row'))
	const gaps = await scroll(page, '.tabulator-tableholder')
	const jump = await timed(page, () => page.evaluate(() => {
		const box = document.querySelector('.tabulator-tableholder')
		box.scrollTop = box.scrollHeight
	}), (text) => [...document.querySelectorAll('.tabulator-row')].some((r) => r.textContent.includes(text)), String(rows[rows.length - 1][1]))
	peer.closeAllConnections()
	peer.close()
	return { first, gaps, jump }
}

export default async function ledger() {
	const server = await serve(PROJECTS)
	const browser = await openBrowser()
	try {
		const page = await browser.newPage(SIZE)
		const own = await ours(page, server.address)
		const rows = await allRows(page)
		await page.close()
		const other = await browser.newPage(SIZE)
		other.setDefaultTimeout(300_000)
		const peer = await theirs(other, rows)
		const beside = (a, b) => `Tabulator 6.5.3: ${b.toFixed(b < 100 ? 1 : 0)} ms, ${(b / a).toFixed(1)} times`
		for (const step of STEPS) {
			const [a, b] = [own.gaps[step], peer.gaps[step]]
			line(`scrolling by ${step} px, p95 of ${a.frames} frames`, a.p95, 'ms', { under: 20 }, beside(a.p95, b.p95))
			line(`scrolling by ${step} px, longest frame`, a.most, 'ms', null, beside(a.most, b.most))
		}
		line('first rows', own.first, 'ms', null, beside(own.first, peer.first))
		line('to the far end', own.jump, 'ms', null, beside(own.jump, peer.jump))
	} finally {
		await browser.close()
		await server.stop()
	}
}
