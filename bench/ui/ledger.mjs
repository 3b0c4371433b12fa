// How smoothly the ledger scrolls over many projects, beside Tabulator on the same rows.
//
// usage: node bench/ui/ledger.mjs [PROJECTS]      (default: 100000)
//
// Chromium draws in software and shares this machine's cores with the server. Our rows come from the server page by page
// while scrolling; Tabulator gets all of them at once in memory, its best case. The same wheel events go to both; what is
// printed is the 95th percentile and the longest of the gaps between animation frames, and a jump to the far end.
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../test/browser/help/browser.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const build = join(here, '../..', process.env.GUATU_BUILD ?? 'build')
const guatu = join(build, 'guatu')
const projects = Number(process.argv[2] ?? 100_000)
const PASSWORD = 'guatu-demo-2026'
const COLUMNS = ['title', 'light', 'state', 'lead_unit', 'area', 'category', 'total_investment', 'annual_plan_investment', 'completed_investment', 'plan_completion', 'time_variance']

const county = join(build, 'bench', `county-ui-${projects}`)
if (!existsSync(join(county, 'guatu.db'))) {
	mkdirSync(join(build, 'bench'), { recursive: true })
	console.log(`making ${projects} projects, once`)
	execFileSync(guatu, ['demo', '--data', county, '--projects', String(projects), '--months', '1', '--seed', '7'], { stdio: 'ignore' })
}
const server = spawn(guatu, ['serve', '--data', county, '--listen', '127.0.0.1:0', '--print-port'], { stdio: ['ignore', 'pipe', 'inherit'] })
const port = await new Promise((resolve) => server.stdout.on('data', (d) => /^(\d+)\n/.test(String(d)) && resolve(Number(String(d)))))
const address = `http://127.0.0.1:${port}`

/** Wheels down and measures the gaps between animation frames. */
async function scroll(page, selector) {
	const box = await page.locator(selector).boundingBox()
	await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
	await page.evaluate(() => {
		window.gaps = []
		let last = performance.now()
		const frame = (now) => {
			window.gaps.push(now - last)
			last = now
			window.frameId = requestAnimationFrame(frame)
		}
		window.frameId = requestAnimationFrame(frame)
	})
	for (let i = 0; i < 80; i++)
		await page.mouse.wheel(0, 400)
	const gaps = await page.evaluate(() => {
		cancelAnimationFrame(window.frameId)
		return window.gaps.slice(1).sort((a, b) => a - b)
	})
	return { p95: gaps[Math.floor(gaps.length * 0.95)], most: gaps[gaps.length - 1], frames: gaps.length }
}
async function timed(page, what, ready, given) {
	const began = performance.now()
	await what()
	await page.waitForFunction(ready, given)
	return performance.now() - began
}
const show = (name, first, s, jump) => console.log(`${name.padEnd(28)} first rows ${first.toFixed(0).padStart(6)} ms   scroll p95 ${s.p95.toFixed(1)} ms, longest ${s.most.toFixed(1)} ms of ${s.frames} frames   far end ${jump.toFixed(0)} ms`)

const browser = await openBrowser()
try {
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
	page.setDefaultTimeout(300_000)
	await page.goto(`${address}/#/list/unit`)
	await page.fill('input[name=login]', 'xiangmuban')
	await page.fill('input[name=password]', PASSWORD)
	await page.click('.signin .button.main')
	await page.waitForSelector('.vgrid-row[data-id]')
	const first = await timed(page, () => page.evaluate((c) => (location.hash = '/list/project?columns=' + c), COLUMNS.join(',')), () => document.querySelector('.vgrid-head [data-key=light]') && document.querySelector('.vgrid-row[data-id]'))
	const ours = await scroll(page, '.vgrid-box')
	const jump = await timed(page, () => page.evaluate(() => {
		const box = document.querySelector('.vgrid-box')
		box.scrollTop = box.scrollHeight
	}), (last) => document.querySelector(`.vgrid-row[data-row="${last}"][data-id]`) !== null, projects - 1)
	show('guatu, paged by the server', first, ours, jump)

	const rows = await page.evaluate(async (columns) => {
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
	await page.close()

	if (!existsSync(join(here, 'node_modules/tabulator-tables')))
		execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
	const dist = join(here, 'node_modules/tabulator-tables/dist')
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
	const other = await browser.newPage({ viewport: { width: 1440, height: 900 } })
	other.setDefaultTimeout(300_000)
	await other.goto(`http://127.0.0.1:${peer.address().port}/`)
	const theirFirst = await timed(other, () => other.evaluate(async (columns) => {
		const data = await (await fetch('/rows')).json()
		window.table = new Tabulator('#t', { height: 760, data, columns: columns.map((c, i) => ({ title: c, field: c, width: i ? 120 : 260, frozen: i === 0 })) })
	}, COLUMNS), () => document.querySelector('.tabulator-row'))
	const theirs = await scroll(other, '.tabulator-tableholder')
	const theirJump = await timed(other, () => other.evaluate(() => {
		const box = document.querySelector('.tabulator-tableholder')
		box.scrollTop = box.scrollHeight
	}), (title) => [...document.querySelectorAll('.tabulator-row')].some((r) => r.textContent.includes(title)), String(rows[rows.length - 1][1]))
	show('Tabulator 6.5.3, in memory', theirFirst, theirs, theirJump)
	console.log(`ratio of p95: ${(theirs.p95 / ours.p95).toFixed(2)}`)
	peer.close()
} finally {
	await browser.close()
	server.kill('SIGTERM')
}
