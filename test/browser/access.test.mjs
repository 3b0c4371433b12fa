// Every page of the product, light and dark, on a phone and on a desktop: nothing that axe finds, nothing wider than the window.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, goTo, noFaults, openWindow, settled } from './help/page.mjs'

county({ administrator: 'guanli' })

/** Address and what is there when it has come; of the office, then of the administrator. */
async function pagesOf(page) {
	const first = async (register, more = '') => (await api(page, `r/${register}?columns=id&limit=1${more}`)).rows[0]?.[0]
	const project = await first('project', '&filter=issues_open:gt:0;last_report:filled')
	const planned = (await api(page, 'r/plan?columns=project&limit=1')).rows[0][1]
	const rows = '.vgrid-row:not(.waiting), .vgrid-card'
	return {
		office: { '/wall': '.groups tbody tr', '/list/project': rows, '/list/project?group=category': rows, '/list/project?shape=board': '.board-card', '/list/project?shape=chart': '.chart canvas', '/list/project?shape=map': '.side-list li',
			[`/list/project?peek=${project}`]: '.peek h2', '/list/unit': rows, ['/project/' + project]: '.history li', [`/project/${project}?as_of=2026-01-31`]: 'main .page', ['/report/' + project]: '.record-form', '/report': '.due', '/work': '.page-head',
			'/import': '.drop-zone', ['/new/issue?of=' + project]: '.record-form', ['/edit/project/' + project]: '.record-form', ['/r/issue/' + (await first('issue'))]: '.history li', ['/r/change_request/' + (await first('change_request'))]: '.history li',
			['/r/unit/' + (await first('unit'))]: '.history li', ['/plan/' + planned]: '[data-gantt] .gantt-row', ['/plan/' + project]: 'main h1', '/plans': '.plans-chart .gantt-row', '/outbox': '.outbox', '/screen': '.screen-panel', '/nothing': '.empty' },
		administrator: { accounts: '.accounts tbody tr', units: '.tree-row', areas: '.tree-row', calendar: '.month', rules: '.plain tbody tr', 'rules/yinchuan': '.rule', registers: '.plain tbody tr', 'registers/issue': '.sentences', mappings: '.admin-part h1', journal: '.journal tbody tr', backups: '.proof', tokens: '.admin-part .lead' },
	}
}

for (const [theme, width, lang] of [['light', 1440, 'zh'], ['dark', 1440, 'en'], ['light', 360, 'en'], ['dark', 360, 'zh']])
	test(`nothing stands in the way of anybody: ${theme}, ${width} pixels`, { skip }, async () => {
		const more = { width, height: 800, touch: width < 500, lang, watch: (page) => page.addInitScript((t) => localStorage.setItem('theme', t), theme) }
		const office = await openWindow(browser, server, more)
		const administrator = await openWindow(browser, server, { login: 'guanli', ...more })
		for (const page of [office, administrator]) // a colour on its way to another is none to judge
			await page.emulateMedia({ reducedMotion: 'reduce' })
		const pages = await pagesOf(office)
		const found = []
		const walk = async (page, list, prefix) => {
			for (const [hash, ready] of Object.entries(list)) {
				await goTo(page, prefix + hash)
				await page.waitForSelector(ready)
				await settled(page)
				await checkAccess(page, `${hash} ${theme} ${width}`).catch((e) => found.push(e.message))
				const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
				if (wide > 0)
					found.push(`${hash} is ${wide} pixels wider than the window`)
			}
			noFaults(page)
			await page.context().close()
		}
		await Promise.all([walk(office, pages.office, ''), walk(administrator, pages.administrator, '/admin/')])
		assert.deepEqual(found, [])
	})
