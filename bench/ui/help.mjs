// What the benches of the pages share: counties kept between runs, a server, a window signed in, frames, and how a figure is printed.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const build = join(root, process.env.GUATU_BUILD ?? 'build')
const guatu = join(build, 'guatu')
const PASSWORD = 'guatu-demo-2026'

/** Installs what only benches need, once. */
export function installPeers() {
	const here = join(root, 'bench/ui')
	if (!existsSync(join(here, 'node_modules/.package-lock.json')))
		execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
	return join(here, 'node_modules')
}

/** A server over the county of so many projects, which is made once and kept; stop() ends it. */
export async function serve(projects, months = 1) {
	const data = join(build, 'bench', `county-ui-${projects}-${months}`)
	if (!existsSync(join(data, 'guatu.db'))) {
		mkdirSync(join(build, 'bench'), { recursive: true })
		console.log(`making ${projects} projects, once`)
		execFileSync(guatu, ['demo', '--data', data, '--projects', String(projects), '--months', String(months), '--seed', '7'], { stdio: 'ignore' })
	}
	const child = spawn(guatu, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--print-port'], { stdio: ['ignore', 'pipe', 'inherit'] })
	const port = await new Promise((resolve, reject) => {
		child.stdout.on('data', (d) => /^(\d+)\n/.test(String(d)) && resolve(parseInt(String(d), 10)))
		child.once('exit', (code) => reject(new Error(`guatu serve ended with ${code}`)))
	})
	return {
		address: `http://127.0.0.1:${port}`, port,
		stop: () => new Promise((resolve) => {
			child.once('exit', resolve)
			child.kill('SIGTERM')
		}),
	}
}

/** Signs in as the project office and waits for the wall. */
export async function signIn(page, address) {
	page.setDefaultTimeout(300_000)
	await page.goto(address + '/#/wall')
	await page.fill('input[name=login]', 'xiangmuban')
	await page.fill('input[name=password]', PASSWORD)
	await page.click('.signin .button.main')
	await page.waitForSelector('main .page')
}

/** What a page asks the server, as JSON. */
export const api = (page, path) => page.evaluate(async (p) => (await fetch('api/' + p)).json(), path)

/** The gaps between animation frames while `act` goes on: {p95, most, frames}. */
export async function frames(page, act) {
	await page.evaluate(() => {
		window.gaps = []
		let last = 0
		const frame = (now) => {
			if (last)
				window.gaps.push(now - last)
			last = now
			window.frameId = requestAnimationFrame(frame)
		}
		window.frameId = requestAnimationFrame(frame)
	})
	await act()
	const gaps = await page.evaluate(() => {
		cancelAnimationFrame(window.frameId)
		return window.gaps.sort((a, b) => a - b)
	})
	return { p95: gaps[Math.floor(gaps.length * 0.95)], most: gaps[gaps.length - 1], frames: gaps.length }
}

/** Milliseconds from `act` until `ready` holds in the page. */
export async function timed(page, act, ready, given) {
	const began = performance.now()
	await act()
	await page.waitForFunction(ready, given)
	return performance.now() - began
}

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]

export function title(text) {
	console.log(`\n== ${text} (load ${loadavg()[0].toFixed(1)})`)
}
const round = (n) => (n >= 100 ? n.toFixed(0) : n.toFixed(1))

/** One figure. aim: {under: n} or {least: n}; the ratio says how much of the aim is used up, and 'missed' where it is not met. */
export function line(what, value, unit, aim, beside = '') {
	const [sign, limit] = !aim ? ['', 0] : aim.under != null ? ['<', aim.under] : ['>=', aim.least]
	const met = !aim || (sign === '<' ? value < limit : value >= limit)
	const judged = aim ? `aim ${sign} ${limit}`.padEnd(13) + (value / limit).toFixed(2).padStart(6) + (met ? '' : '  missed') : ''
	console.log([what.padEnd(46), `${round(value)} ${unit}`.padStart(11), ' ', judged, beside && ' ' + beside].join(' ').trimEnd())
}
