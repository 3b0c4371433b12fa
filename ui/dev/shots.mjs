// Makes screenshots of every page at phone, desktop and large size in both languages, dark, in high contrast,
// in large text and as printed, into build/screenshots; copies the ones that the README and the guides show to docs/screenshots.
// usage: node dev/shots.mjs; ONLY=wall,list-phone,project-desktop-en makes those alone, ONLY=dark,plan-large
// those looks; FULL=1 shows the whole length of a page.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { api, openWindow } from '../../test/browser/help/page.mjs'
import { startServer } from '../../test/browser/help/server.mjs'

const root = join(fileURLToPath(new URL('.', import.meta.url)), '../..')
const out = process.env.SHOTS ?? join(root, 'build/screenshots')
const shown = join(root, 'docs/screenshots')
for (const folder of [out, shown])
	mkdirSync(folder, { recursive: true })
const README = ['wall-desktop', 'list-desktop', 'project-desktop', 'import-desktop', 'report-phone', 'wall-phone', 'relay-desktop', 'work-desktop',
	'search-desktop', 'screen-large', 'board-desktop', 'map-desktop', 'outbox-phone', 'accounts-desktop', 'plan-desktop', 'plans-desktop']
const SIZES = { phone: [360, 760], desktop: [1440, 900], large: [1920, 1080] }
const LOOKS = { dark: { theme: 'dark' }, contrast: { contrast: 'high' }, darkcontrast: { theme: 'dark', contrast: 'high' }, large: { text: 'large' }, print: {} }
const only = process.env.ONLY?.split(',')
const wanted = (...names) => !only || names.some((n) => only.includes(n))

const server = await startServer({ projects: 320, months: 18, administrator: 'guanli' })
const browser = await openBrowser()
const office = await openWindow(browser, server)
const keeper = await openWindow(browser, server, { login: 'guanli', hash: '#/admin' })
for (const page of [office, keeper]) // no picture in the middle of a movement
	await page.emulateMedia({ reducedMotion: 'reduce' })
const id = (await api(office, 'r/project?columns=title&filter=light:ge:2;issues_open:gt:0;last_report:filled;days_late:gt:0&sort=-light&limit=1')).rows[0][0]
// a plan in the middle of its works, and late
const planned = (await api(office, 'r/project?columns=title&filter=computed_finish:filled;state:eq:building;light:ge:2&sort=-light&limit=1')).rows[0][0]
const issue = (await api(office, 'r/issue?columns=title&filter=state:eq:answered&limit=1')).rows[0][0]
const ledger = Buffer.from(['2026年重点项目台账', '项目名称,总投资（万元）,计划开工时间,牵头单位,建设内容,备注', '轴承生产线扩建,12000,2026年3月,工信局,年产轴承一百万套,', '城东污水处理厂,十二万块,2026-05-01,住建局,日处理三万吨,可研已批', '环湖公路二期,3.5亿元,2026.6,交通局,二级公路十公里,', '县中学迁建,8600,五月底,教育局,36 个班,', '冷链物流中心,4500,2026-13-01,商务局,库容两万吨,'].join('\n'))
const admin = (part, ready = '.admin-part h1') => ({ page: keeper, hash: '#/admin/' + part, ready })
const PAGES = {
	wall: { hash: '#/wall', ready: '.groups tbody tr' },
	list: { hash: '#/list/project', ready: '.vgrid-row:not(.waiting)' },
	board: { hash: '#/list/project?shape=board', ready: '.board' },
	chart: { hash: '#/list/project?shape=chart', ready: '.list svg, .list canvas' },
	units: { hash: '#/list/unit', ready: '.vgrid-row:not(.waiting)' },
	map: { hash: '#/list/project?shape=map', ready: '.map-node canvas' },
	project: { hash: '#/project/' + id, ready: '.history li b' },
	plan: { hash: '#/plan/' + planned, ready: '[data-gantt] .gantt-row', async then(page) { // to the works that are going on
		await page.locator('[data-gantt] .gantt-row').first().click({ position: { x: 12, y: 12 } })
		for (let i = 0; i < 40; i++)
			await page.keyboard.press('ArrowDown')
	} },
	plans: { hash: '#/plans', ready: '.gantt-row' },
	edit: { hash: '#/edit/project/' + id, ready: '.record-form' },
	report: { hash: '#/report/' + id, ready: '.record-form' },
	reports: { hash: '#/report', ready: '.due' },
	issue: { hash: '#/new/issue?of=' + id, ready: '.record-form' },
	relay: { hash: '#/r/issue/' + issue, ready: '.history li b' },
	work: { hash: '#/work', ready: '.page-head' },
	outbox: { hash: '#/outbox', ready: '.outbox' },
	import: { hash: '#/import/project', ready: '.drop-zone', async then(page) {
		await page.setInputFiles('.drop-zone input[type=file]', { name: '台账.csv', mimeType: 'text/csv', buffer: ledger })
		await page.waitForSelector('.map tbody tr')
	} },
	search: { hash: '#/wall', ready: '.groups tbody tr', async then(page, lang) {
		await page.keyboard.press('/')
		await page.fill('.command-field', lang === 'zh' ? '红灯 工业' : 'overdue industry')
		await page.waitForSelector('#cmd-query')
	} },
	help: { hash: '#/wall', ready: '.groups tbody tr', async then(page) {
		await page.keyboard.press('?')
		await page.waitForSelector('.help-text section')
	} },
	screen: { hash: '#/screen', ready: '.screen-panel' },
	missing: { hash: '#/nothing', ready: '.empty' },
	accounts: admin('accounts', '.accounts tbody tr'), adminunits: admin('units'), areas: admin('areas'), calendar: admin('calendar'), rules: admin('rules'),
	registers: admin('registers'), mappings: admin('mappings'), journal: admin('journal'), backups: admin('backups'), tokens: admin('tokens'),
}

async function shoot(name, size, lang, look) {
	const { page = office, hash, ready, then } = PAGES[name]
	const [width, height] = SIZES[size]
	await page.setViewportSize({ width, height })
	await page.evaluate(([l, more]) => {
		for (const key of ['theme', 'contrast', 'text'])
			localStorage.removeItem(key)
		for (const [key, value] of Object.entries({ lang: l, ...more }))
			localStorage.setItem(key, value)
	}, [lang, LOOKS[look] ?? {}])
	await page.emulateMedia({ media: 'screen' })
	await page.goto('about:blank')
	await page.goto(`${server.address}/${hash}`)
	await page.waitForSelector(ready)
	if (name !== 'screen')
		await page.waitForSelector('.live-sign.live')
	await then?.(page, lang)
	if (look === 'print') // only now: what paper leaves out cannot be waited for
		await page.emulateMedia({ media: 'print' })
	console.log(name, size, lang, look ?? '')
	const path = join(out, [name, size, lang, look].filter(Boolean).join('-') + '.png')
	await page.screenshot({ path, fullPage: process.env.FULL === '1' })
	if (README.includes(`${name}-${size}`) && !look) {
		const copy = join(shown, `${name}-${size}-${lang}.png`)
		copyFileSync(path, copy) // a quarter of the size in 256 colours, where Debian's pngquant is at hand
		spawnSync('pngquant', ['--quality', '80-98', '--skip-if-larger', '--strip', '--ext', '.png', '--force', copy])
	}
}
for (const lang of ['zh', 'en'])
	for (const size of Object.keys(SIZES))
		for (const name of Object.keys(PAGES))
			if (wanted(name, `${name}-${size}`, `${name}-${size}-${lang}`))
				await shoot(name, size, lang)
for (const look of Object.keys(LOOKS))
	for (const name of Object.keys(PAGES))
		for (const size of ['desktop', 'phone'])
			if (wanted('looks', look, `${name}-${look}`))
				await shoot(name, size, 'zh', look)
await browser.close()
await server.stop()
