// The Gantt chart with many tasks: first paint, panning and zooming with links, a bar dragged while the engine replans; beside
// dhtmlx-gantt (MIT edition) on the same tasks, dates and links.
//
// usage: node bench/ui/gantt.mjs [TASKS]      (default: 10000)
//
// Chromium draws in software and shares this machine's cores with the server. Ours is the plan page over a real plan on the
// server: its first paint holds the request, the server's scheduling and the page's own; the peer gets tasks with their
// dates in memory, its best case. The peer's free edition does not schedule, so a drag is not compared. Printed are the 95th
// percentile and the longest of the gaps between animation frames, and for the drag the time from a movement of the
// pointer to dates and rows made anew, and the processor time of it all with the picture, which other work does not lengthen.
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { api, openWindow } from '../../test/browser/help/page.mjs'
import { startServer } from '../../test/browser/help/server.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const many = Number(process.argv[2] ?? 10_000)
const GROUP = 25

/** Chains of 25 under a WBS element each, every chain tied to the one before; a fifth of the links skip a task. */
function plan() {
	const body = {
		guatu_plan: 1, calendars: [{ id: 'c', name: 'five days', week: { 'mon-fri': '08:00-12:00 13:00-17:00' } }],
		projects: [{ id: 'P', name: 'bench', start: '2026-03-02', calendar: 'c' }], wbs: [], tasks: [], links: [],
	}
	for (let i = 0; i < many; i++) {
		const group = Math.floor(i / GROUP)
		if (i % GROUP === 0)
			body.wbs.push({ id: 'w' + group, name: 'Part ' + (group + 1) })
		body.tasks.push({ id: 't' + i, code: 'A' + (1000 + i), name: 'Task ' + (i + 1), wbs: 'w' + group, duration: 1 + ((i * 7) % 9) + 'd' })
		if (i % GROUP)
			body.links.push({ from: 't' + (i - 1), to: 't' + i, type: 'FS' })
		else if (i)
			body.links.push({ from: 't' + (i - GROUP + (group % 7)), to: 't' + i, type: 'SS', lag: '16h' })
		if (i % 5 === 4 && i % GROUP > 2)
			body.links.push({ from: 't' + (i - 2), to: 't' + i, type: 'FS' })
	}
	return body
}

const gaps = {
	start: (page) => page.evaluate(() => {
		window.gaps = []
		let last = performance.now()
		const frame = (now) => {
			window.gaps.push(now - last)
			last = now
			window.frameId = requestAnimationFrame(frame)
		}
		window.frameId = requestAnimationFrame(frame)
	}),
	stop: (page) => page.evaluate(() => {
		cancelAnimationFrame(window.frameId)
		return window.gaps.slice(1).sort((a, b) => a - b)
	}),
}
const p95 = (sorted) => sorted[Math.floor(sorted.length * 0.95)]
async function wheeled(page, selector, dx, dy, control = false) {
	const box = await page.locator(selector).boundingBox()
	await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
	if (control)
		await page.keyboard.down('Control')
	await gaps.start(page)
	for (let i = 0; i < 60; i++)
		await page.mouse.wheel(dx, control ? (i % 30 < 15 ? dy : -dy) : dy)
	const sorted = await gaps.stop(page)
	if (control)
		await page.keyboard.up('Control')
	return `p95 ${p95(sorted).toFixed(1)} ms, longest ${sorted[sorted.length - 1].toFixed(1)} ms of ${sorted.length} frames`
}
const say = (name, text) => console.log(`${name.padEnd(22)} ${text}`)

const server = await startServer({ projects: 20, months: 2 })
const browser = await openBrowser()
try {
	const page = await openWindow(browser, server, { lang: 'en', hash: '#/list/unit' })
	const [id] = (await api(page, 'r/project?columns=title&limit=1&filter=computed_finish:empty:')).rows[0]
	const refused = await page.evaluate(async ([project, body]) => {
		const { csrf } = await (await fetch('api/session')).json()
		const r = await fetch('api/plans/' + project, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ title: 'bench', body }) })
		return r.ok ? '' : r.text()
	}, [id, plan()])
	if (refused)
		throw new Error(refused)
	await page.evaluate(() => (location.hash = '#/plans')) // the page's program and the engine are there, the plan is not
	await page.waitForSelector('.gantt-row')
	const first = await page.evaluate((hash) => new Promise((done) => {
		const begun = performance.now()
		location.hash = hash
		const look = () => (document.querySelector('.plan-page:not(.plans-chart) [data-finish]') && document.querySelector('[data-gantt] .gantt-row') ? requestAnimationFrame(() => done(performance.now() - begun)) : requestAnimationFrame(look))
		look()
	}), '#/plan/' + id)
	say(`guatu, ${many} tasks`, `first paint ${first.toFixed(0)} ms`)
	await page.click('.chip:has-text("Month")')
	say('  pan down', await wheeled(page, '.gantt-chart', 0, 240))
	await page.evaluate(() => (document.querySelector('.gantt-chart').scrollTop = 0))
	say('  pan along', await wheeled(page, '.gantt-chart', 120, 0))
	say('  zoom', await wheeled(page, '.gantt-chart', 0, 60, true))

	// the first task's bar, by the pointer: every movement replans all that follows
	await page.evaluate(() => {
		const c = document.querySelector('.gantt-chart')
		c.scrollTop = c.scrollLeft = 0
	})
	await page.click('.chip:has-text("Week")')
	await page.click('.gantt-row .gantt-text:text-is("Task 1")')
	await page.waitForTimeout(300)
	const engine = await page.context().newCDPSession(page)
	await engine.send('Performance.enable', { timeDomain: 'threadTicks' })
	const script = async () => (await engine.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value * 1000
	const before = await script()
	const spent = await page.evaluate(async () => {
		const chart = document.querySelector('.gantt-chart')
		const box = chart.getBoundingClientRect()
		const y = document.querySelector('.gantt-row.at').getBoundingClientRect().top + 14
		const send = (type, x) => chart.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, button: 0, clientX: x, clientY: y }))
		let at = 0
		for (let x = box.left + 2; x < box.right && !at; x += 3) {
			send('pointermove', x)
			if (chart.style.cursor === 'grab')
				at = x + 3
		}
		if (!at)
			throw new Error('the bar is not in sight')
		chart.setPointerCapture = () => {}
		const spent = []
		send('pointerdown', at)
		for (let i = 1; i <= 40; i++) {
			await new Promise(requestAnimationFrame)
			const begun = performance.now()
			send('pointermove', at + i * 12)
			await new Promise((done) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(done)))) // the page follows in microtasks
			spent.push(performance.now() - begun)
		}
		send('pointerup', at + 40 * 12)
		return spent.sort((a, b) => a - b)
	})
	say('  drag, replanned', `median ${spent[20].toFixed(1)} ms, p95 ${p95(spent).toFixed(1)} ms a movement; ${(((await script()) - before) / 40).toFixed(1)} ms of the page's processor time each, with its picture`)
	const { body, schedule } = await api(page, 'plans/' + id)
	await page.context().close()

	if (!existsSync(join(here, 'node_modules/dhtmlx-gantt')))
		execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
	const dist = join(here, 'node_modules/dhtmlx-gantt')
	const { license, version } = JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8'))
	const dates = new Map(schedule.tasks.map((d) => [d.task, d]))
	const rows = {
		data: [...body.wbs.map((w) => ({ id: w.id, text: w.name, type: 'project', open: true })),
			...body.tasks.map((x) => ({ id: x.id, text: x.name, parent: x.wbs, start_date: dates.get(x.id).start.slice(0, 16).replace('T', ' '), end_date: dates.get(x.id).finish.slice(0, 16).replace('T', ' ') }))],
		links: body.links.map((l, i) => ({ id: i, source: l.from, target: l.to, type: l.type === 'SS' ? '1' : '0' })),
	}
	const css = readFileSync(join(dist, 'codebase/dhtmlxgantt.css'), 'utf8').replace(/@import[^;]+;|@font-face\s*\{[^}]*\}/g, '') // its font comes from elsewhere
	const files = {
		'/': ['text/html', '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/g.css"><div id="g" style="height:760px"></div><script src="/g.js"></script>'],
		'/g.js': ['text/javascript', readFileSync(join(dist, 'codebase/dhtmlxgantt.js'))], '/g.css': ['text/css', css], '/rows': ['application/json', JSON.stringify(rows)],
	}
	const peer = createServer((q, a) => {
		a.writeHead(files[q.url] ? 200 : 404, { 'Content-Type': files[q.url]?.[0] ?? 'text/plain' })
		a.end(files[q.url]?.[1])
	})
	await new Promise((resolve) => peer.listen(0, '127.0.0.1', resolve))
	const other = await browser.newPage({ viewport: { width: 1440, height: 900 } })
	await other.goto(`http://127.0.0.1:${peer.address().port}/`)
	const theirs = await other.evaluate(async () => {
		const rows = await (await fetch('/rows')).json()
		const begun = performance.now()
		gantt.config.date_format = '%Y-%m-%d %H:%i'
		gantt.config.scales = [{ unit: 'year', format: '%Y' }, { unit: 'month', format: '%M' }]
		gantt.config.min_column_width = 40
		gantt.init('g')
		gantt.parse(rows)
		await new Promise(requestAnimationFrame)
		return performance.now() - begun
	})
	say(`dhtmlx-gantt ${version}`, `${license}; first paint ${theirs.toFixed(0)} ms, from memory`)
	say('  pan down', await wheeled(other, '.gantt_task', 0, 240))
	say('  pan along', await wheeled(other, '.gantt_task', 120, 0))
	const zooms = await other.evaluate(async () => {
		const spent = []
		for (let i = 0; i < 10; i++) {
			const begun = performance.now()
			gantt.config.min_column_width = i % 2 ? 40 : 80
			gantt.render()
			await new Promise(requestAnimationFrame)
			spent.push(performance.now() - begun)
		}
		return spent.sort((a, b) => a - b)
	})
	say('  zoom', `median ${zooms[5].toFixed(0)} ms a step`)
	say('  drag, replanned', 'not in this edition')
	peer.close()
} finally {
	await browser.close()
	await server.stop()
}
