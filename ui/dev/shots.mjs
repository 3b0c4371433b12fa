// Makes screenshots of every page at phone, desktop and large size in both languages, into docs/screenshots.
// usage: node dev/shots.mjs [address sign-in-link] — without arguments it starts build/guatu with demo data.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { startServer } from '../../test/browser/help/server.mjs'

const out = process.env.SHOTS ?? join(fileURLToPath(new URL('.', import.meta.url)), '../../docs/screenshots')
mkdirSync(out, { recursive: true })
const only = process.env.ONLY?.split(',')
const server = process.argv[2] ? { address: process.argv[2], link: process.argv[3], stop: async () => {} } : await startServer()
const browser = await openBrowser()
const SIZES = { phone: [360, 760], desktop: [1440, 900], large: [1920, 1080] }
const first = await browser.newPage({ locale: 'zh-CN' })
await first.goto(`${server.address}/${server.link}`)
await first.waitForSelector('.wall, .signin input[name=password]')
if (await first.$('input[name=again]')) {
	await first.fill('input[name=password]', 'shots-pass-2026')
	await first.fill('input[name=again]', 'shots-pass-2026')
	await first.click('.button.main')
	await first.waitForSelector('.wall')
}
const id = await first.evaluate(async () => (await (await fetch('api/r/project?columns=title,milestones,issues_open&filter=light:ge:1;issues_open:gt:0;last_report:filled&sort=-light&limit=1')).json()).rows[0][0])
const pages = { wall: '#/wall', list: '#/list/project', project: '#/project/' + id, report: '#/report/' + id, reports: '#/report', work: '#/work', import: '#/import', issue: '#/new/issue?of=' + id, missing: '#/nothing' }
for (const lang of ['zh', 'en'])
	for (const [size, [width, height]] of Object.entries(SIZES)) {
		await first.setViewportSize({ width, height })
		await first.evaluate((l) => localStorage.setItem('lang', l), lang)
		for (const [name, hash] of Object.entries(pages)) {
			if (only && !only.includes(name) && !only.includes(`${name}-${size}-${lang}`))
				continue
			await first.goto('about:blank')
			await first.goto(`${server.address}/${hash}`)
			await first.waitForSelector('main .page')
			await first.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => {}) // the live feed never ends
			await first.screenshot({ path: join(out, `${name}-${size}-${lang}.png`), fullPage: !['list', 'wall'].includes(name) && process.env.FULL !== '0' })
		}
	}
await browser.close()
await server.stop()
