// Makes screenshots of every page at phone, desktop and large size in both languages, into build/screenshots, and copies
// the ones that the README and the guides show to docs/screenshots.
// usage: node dev/shots.mjs [address sign-in-link] — without arguments it starts build/guatu with demo data.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { startServer } from '../../test/browser/help/server.mjs'

const root = join(fileURLToPath(new URL('.', import.meta.url)), '../..')
const out = process.env.SHOTS ?? join(root, 'build/screenshots')
const shown = join(root, 'docs/screenshots')
for (const folder of [out, shown])
	mkdirSync(folder, { recursive: true })
const README = ['wall-desktop', 'list-desktop', 'project-desktop', 'import-desktop', 'report-phone', 'wall-phone', 'relay-desktop', 'work-desktop']
const only = process.env.ONLY?.split(',')
const server = process.argv[2] ? { address: process.argv[2], link: process.argv[3], stop: async () => {} } : await startServer({ projects: 320, months: 18 })
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
const id = await first.evaluate(async () => (await (await fetch('api/r/project?columns=title&filter=light:ge:2;issues_open:gt:0;last_report:filled;days_late:gt:0&sort=-light&limit=1')).json()).rows[0][0])
const issue = await first.evaluate(async () => (await (await fetch('api/r/issue?columns=title&filter=state:eq:answered&limit=1')).json()).rows[0][0])
const ledger = Buffer.from(['2026年重点项目台账', '项目名称,总投资（万元）,计划开工时间,牵头单位,建设内容,备注', '轴承生产线扩建,12000,2026年3月,工信局,年产轴承一百万套,', '城东污水处理厂,十二万块,2026-05-01,住建局,日处理三万吨,可研已批', '环湖公路二期,3.5亿元,2026.6,交通局,二级公路十公里,', '县中学迁建,8600,五月底,教育局,36 个班,', '冷链物流中心,4500,2026-13-01,商务局,库容两万吨,'].join('\n'))
const pages = {
	wall: ['#/wall', '.groups tbody tr'], list: ['#/list/project', '.vgrid-row:not(.waiting)'], project: ['#/project/' + id, '.history li b'], report: ['#/report/' + id, '.record-form'],
	reports: ['#/report', '.due'], relay: ['#/r/issue/' + issue, '.history li b'], work: ['#/work', '.page-head'], import: ['#/import/project', '.drop'], issue: ['#/new/issue?of=' + id, '.record-form'], units: ['#/list/unit', '.vgrid-row:not(.waiting)'], missing: ['#/nothing', '.empty'],
}
for (const lang of ['zh', 'en'])
	for (const [size, [width, height]] of Object.entries(SIZES)) {
		await first.setViewportSize({ width, height })
		await first.evaluate((l) => localStorage.setItem('lang', l), lang)
		for (const [name, [hash, ready]] of Object.entries(pages)) {
			if (only && !only.includes(name) && !only.includes(`${name}-${size}`))
				continue
			await first.goto('about:blank')
			await first.goto(`${server.address}/${hash}`)
			await first.waitForSelector(ready)
			if (name === 'import') {
				await first.setInputFiles('.drop input[type=file]', { name: '台账.csv', mimeType: 'text/csv', buffer: ledger })
				await first.waitForSelector('.map tbody tr')
			}
			if (name === 'report' && size !== 'phone')
				await first.waitForSelector('.el-date-editor')
			await first.waitForSelector('.live.live')
			const path = join(out, `${name}-${size}-${lang}.png`)
			await first.screenshot({ path, fullPage: process.env.FULL === '1' })
			if (README.includes(`${name}-${size}`))
				copyFileSync(path, join(shown, `${name}-${size}-${lang}.png`))
		}
	}
// a quarter of the size in 256 colours, where Debian's pngquant is at hand
for (const name of readdirSync(shown))
	spawnSync('pngquant', ['--quality', '80-98', '--skip-if-larger', '--strip', '--ext', '.png', '--force', join(shown, name)])
await browser.close()
await server.stop()
