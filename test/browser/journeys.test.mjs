// The main journeys, hand in hand: each step by the role that takes it, in Chinese and in English, over one county. What a role
// may do is read from the tables of test/golden/access.tsv: it is offered, and what it may not do is not in the page at all.
// The English page holds no Chinese but data, and neither page holds the name of a word instead of the word.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, goTo, noFaults, openWindow, settled, until } from './help/page.mjs'
import { checkWords, hearData } from './help/words.mjs'

county({ administrator: 'guanli' })
const table = readFileSync(new URL('../golden/access.tsv', import.meta.url), 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split('\t'))
/** With the own record. */
const may = (role, register, verb) => table.find((l) => l[0] === register && l[1] === verb)[table[0].indexOf(role)][0] === 'y'
const LOGINS = { administrator: 'guanli', office: 'xiangmuban', leader: 'lingdao', commander: 'zhihui1', department: 'gongxin', town: 'zhen01', service_officer: 'fuwu1', enterprise: 'qiye', auditor: 'shenji' }

const LANGS = ['zh', 'en']
/** One journey in both languages, over the same windows: nobody signs in twice. */
function journey(name, run) {
	for (const lang of LANGS)
		test(`${name}, ${lang}`, { skip }, () => run(lang))
}

const windows = new Map() // one per role, each a browser of its own person
async function as(role, lang, more = {}) {
	const key = role + (more.width ?? '')
	if (!windows.has(key))
		windows.set(key, await openWindow(browser, server, { login: LOGINS[role] ?? role, lang, watch: hearData, ...more }))
	const page = windows.get(key)
	await speak(page, lang)
	return page
}
async function speak(page, lang) {
	if ((await page.evaluate(() => document.documentElement.lang.slice(0, 2))) !== lang)
		await page.click(`.top-button[lang^=${lang}]`)
	await page.waitForFunction((l) => document.documentElement.lang.startsWith(l), lang)
	// what was said before was said in the other language
	await page.evaluate(() => document.querySelectorAll('.toast > .button.quiet').forEach((close) => close.click()))
	await page.waitForSelector('.toast', { state: 'detached' })
}
async function to(page, hash, ready) {
	await goTo(page, hash)
	await page.waitForSelector(ready)
}
/** A step of the record in sight, with what it asks for. */
async function step(page, name, fill = async () => {}) {
	await page.click(`[data-step="${name}"]`)
	await page.waitForSelector('.modal [data-confirm]')
	await fill(page.locator('.modal'))
	await page.click('.modal [data-confirm]')
	await page.waitForSelector('.modal', { state: 'detached' })
}
const stepsOf = (page) => page.$$eval('.page-head [data-step]', (all) => all.map((b) => b.dataset.step))

journey('administrator: an account for an enterprise, whose link signs it in; a rule is tried on past months', async (lang) => {
	const page = await as('administrator', lang, { hash: '#/admin/accounts' })
	await to(page, '/admin/accounts', '[data-new]')
	const login = { zh: 'qiye2', en: 'qiye' }[lang]
	const units = (await api(page, 'r/unit?columns=name&limit=1000&filter=kind:eq:enterprise')).rows
	const owners = (await api(page, 'r/project?columns=owner_unit&limit=1000&filter=state:eq:building')).rows.map((r) => r[1])
	const built = (u) => owners.filter((o) => o === u[0]).length
	const [, company] = units.reduce((a, b) => (built(b) > built(a) ? b : a))
	await page.click('[data-new]')
	await page.fill('[name=new-login]', login)
	await page.fill('[name=new-name]', '企业专员')
	await page.check('.checks input[value=enterprise]')
	await page.fill('.modal [role=combobox][aria-label="' + { zh: '单位', en: 'Unit' }[lang] + '"]', company)
	await page.click(`.modal [role=option]:has-text("${company}")`)
	await page.click('.modal-foot .button.main')
	const link = await page.inputValue('.secret input')
	await page.click('.modal-foot .button')
	await checkWords(page, 'accounts')
	const other = await openWindow(browser, server, { login: null, hash: new URL(link).hash, lang, watch: hearData })
	await other.fill('input[name=password]', server.password)
	await other.fill('input[name=again]', server.password)
	await other.click('.signin .button.main')
	await other.waitForSelector('main .page')
	await checkWords(other, 'a first sign-in')
	if (login !== LOGINS.enterprise)
		await other.context().close()
	else
		windows.set('enterprise', other)
	await to(page, '/admin/rules/standard', '.rule[data-light="progress"]')
	await page.click('[data-edit]')
	for (const bound of ['progress/0/high', 'progress/1/low'])
		await page.fill(`[data-bound="${bound}"]`, '-60')
	await page.click('[data-preview]')
	await page.waitForSelector('.preview tbody tr')
	await checkWords(page, 'rule preview')
	await to(page, '/admin/office', '[name=office-zh]')
	await checkWords(page, 'the office')
	const was = await page.textContent('.brand .office')
	const [zh, en] = ['清河县重大项目办', 'Qinghe Major Projects Office']
	await page.fill('[name=office-zh]', zh)
	await page.fill('[name=office-en]', en)
	await page.click('.admin-part .button.main')
	await page.waitForSelector(`.brand .office:has-text("${{ zh, en }[lang]}")`)
	assert.ok((await page.title()).endsWith({ zh, en }[lang]))
	await page.click('.toast .button.small') // as it was, for the others
	await page.waitForSelector(`.brand .office:has-text("${was}")`)
	noFaults(page)
})

for (const lang of LANGS)
	test(`every role, ${lang}: the wall, the ledger, a project and the work of its own; offered is what it may do, and nothing else`, { skip }, async () => {
		const walk = async (role) => {
			const page = await as(role, lang)
			await to(page, '/wall', '.wall .figures')
			await page.waitForSelector('.wall .groups tbody tr')
			await checkWords(page, `${role}: wall`)
			const offers = async (selector, allowed, what) => assert.equal(await page.locator(selector).count() > 0, allowed, `${role}: ${what}`)
			await offers('nav.nav a[href="#/report"]', may(role, 'report', 'create'), 'report in the bar')
			await offers('#menu-lists a[href="#/import"]', may(role, 'project', 'import'), 'import in the menu')
			await offers('#menu-lists a[href="#/admin"]', may(role, 'account', 'read'), 'administration in the menu')
			await to(page, '/list/project', '.vgrid-row[data-id]')
			await checkWords(page, `${role}: ledger`)
			await offers('.page-head a[href="#/new/project"]', may(role, 'project', 'create'), 'a new project')
			await page.focus('.vgrid-box')
			await page.keyboard.press('ArrowDown')
			await page.keyboard.press('Space')
			await page.waitForSelector('.ticked-bar')
			await offers('[data-bulk]', may(role, 'project', 'update'), 'changing many at once')
			const { rows } = await api(page, 'r/project?columns=title&limit=1&sort=-light&filter=state:eq:building;last_report:filled')
			const id = rows[0][0]
			await to(page, '/project/' + id, '.history > li b')
			await page.waitForSelector('.why')
			await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
			await settled(page)
			await checkWords(page, `${role}: project`)
			await offers(`.page-head a[href="#/report/${id}"]`, may(role, 'report', 'create'), 'reporting')
			await offers(`.page-head a[href="#/new/issue?of=${id}"]`, may(role, 'issue', 'create'), 'an issue')
			await offers(`.page-head a[href="#/edit/project/${id}"]`, may(role, 'project', 'update'), 'editing')
			await offers(`.milestones a[href="#/new/milestone?of=${id}"]`, may(role, 'milestone', 'create'), 'a milestone')
			const offered = await page.$$eval('.step-line [data-step]', (all) => all.map((b) => b.dataset.step))
			assert.deepEqual(offered.filter((s) => !may(role, 'project', ':' + s)), [], `${role}: steps`)
			assert.equal(offered.includes('complete'), may(role, 'project', ':complete'), `${role}: completing`)
			// whatever is offered opens; that does not hang on the language
			for (const href of lang === 'en' ? [] : new Set(await page.$$eval('.page-head a[href^="#/"], #menu-lists a[href^="#/"]', (all) => all.map((a) => a.getAttribute('href'))))) {
				await to(page, href.slice(1), 'main .page h1, main h1')
				await settled(page)
				assert.equal(await page.$('main .problem, main .empty a[href="#/wall"]'), null, `${role}: ${href}`)
			}
			noFaults(page)
		}
		const roles = Object.keys(LOGINS)
		for (let i = 0; i < roles.length; i += 3)
			await Promise.all(roles.slice(i, i + 3).map(walk))
	})

for (const role of ['leader', 'department'])
	journey(`${role}: a red project found by words, why it is red, what turns it green, and a day gone by`, async (lang) => {
		const words = { zh: '红灯 工业', en: 'red industry' }[lang]
		const page = await as(role, lang)
		await to(page, '/wall', '.wall .groups tbody tr')
		await page.keyboard.press('/')
		await page.waitForSelector('.command-field')
		await page.keyboard.type(words)
		await page.waitForSelector('#cmd-query')
		await page.keyboard.press('Enter')
		await page.waitForSelector('.vgrid-row[data-id]')
		const id = await page.getAttribute('.vgrid-row[data-id]', 'data-id')
		await page.focus('.vgrid-box')
		await page.keyboard.press('ArrowDown')
		await page.keyboard.press('Control+Enter')
		await page.waitForURL(/#\/project\//)
		await page.waitForSelector('.why')
		const shown = page.url().split('/').pop()
		const { lights } = await api(page, 'lights/' + shown)
		const red = lights.find((l) => l.severity === 3)
		const reason = page.locator(`.why[data-light="${red.light}"]`)
		assert.ok((await reason.textContent()).includes(red.rule[lang]), 'the rule in words')
		assert.ok((await reason.locator('.to-green').textContent()).includes(red.to_green[lang]), 'what turns it green')
		assert.ok(id)
		const day = await page.evaluate(() => new Date(Date.now() - 60 * 864e5).toISOString().slice(0, 10))
		await page.fill('.past-bar input[type=date]', day)
		await page.dispatchEvent('.past-bar input[type=date]', 'change')
		await page.waitForSelector('.past-note')
		await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
		assert.equal(await page.locator('.step-line, .page-head a[href^="#/edit"], .page-head a[href^="#/report"]').count(), 0, 'nothing is changed in the past')
		await checkWords(page, 'a past day')
		await page.click('[data-now]')
		await page.waitForSelector('.past-note', { state: 'detached' })
		noFaults(page)
	})

for (const role of ['town', 'service_officer', 'enterprise'])
	journey(`${role}: a report on a phone; who wrote it does not verify it, somebody else does`, async (lang) => {
		const page = await as(role, lang, { width: 360, height: 740, touch: true })
		const { rows } = await api(page, 'r/project?columns=title&limit=2&filter=state:eq:building')
		const id = rows[lang === 'zh' ? 0 : rows.length - 1][0]
		const [typed, kept] = { zh: ['321.09', 321090000], en: ['432.1', 432100000] }[lang]
		await to(page, '/report/' + id, '.record-form')
		await page.fill('[data-field="investment"] input', typed)
		await page.click('.form-foot .button.main')
		await page.waitForSelector('.modal [data-confirm]')
		await checkWords(page, 'report')
		await page.click('.modal [data-confirm]')
		await page.waitForURL(/#\/project\//)
		const report = (await api(page, `r/project/${id}/children/report?limit=20`)).records.find((r) => r.fields.investment === kept && r.state === 'submitted')
		assert.ok(report, 'stored and submitted')
		await to(page, '/r/report/' + report.id, '.history li b')
		assert.deepEqual((await stepsOf(page)).filter((s) => s === 'verify'), [])
		const office = await as('office', lang)
		await to(office, '/r/report/' + report.id, '.page-head [data-step="verify"]')
		await step(office, 'verify')
		await office.waitForSelector('.page-head .tag.good')
		noFaults(page)
		noFaults(office)
		await page.context().close()
		windows.delete(role + 360)
	})

journey('an issue from hand to hand: the enterprise raises it, the office assigns it, the department answers, another closes it', async (lang) => {
	const firm = await as('enterprise', lang)
	const title = { zh: '工地没有电', en: 'No power on the site' }[lang]
	const project = (await api(firm, 'r/project?columns=title&limit=1')).rows[0][0]
	await to(firm, '/new/issue?of=' + project, '.record-form')
	await firm.fill('[data-field="title"] input', title)
	await firm.selectOption('[data-field="kind"] select', 'works')
	await firm.click('.form-foot .button.main')
	await firm.waitForURL(/#\/project\//)
	await firm.click('.issue-head a:has-text("' + title + '")')
	await firm.waitForSelector('.history li b')
	const id = firm.url().split('/').pop()
	const record = '/r/issue/' + id
	assert.deepEqual(await stepsOf(firm), [], 'who raised it does not move it')
	await checkWords(firm, 'an issue')

	const office = await as('office', lang)
	await to(office, record, '[data-step="accept"]')
	await step(office, 'accept')
	await office.waitForSelector('[data-step="assign"]')
	await office.click('[data-step="assign"]')
	await office.click('.modal [data-confirm]')
	assert.match(await office.textContent('.modal [data-field="lead_unit"] .error'), { zh: /必填/, en: /required/i }[lang])
	await checkWords(office, 'step dialog')
	if (lang === 'zh')
		await checkAccess(office, 'step dialog')
	await office.fill('.modal [role=combobox]', '工业和信息')
	await office.click('.modal [role=option]:has-text("工业和信息化局")')
	await office.click('.modal [data-confirm]')
	await office.waitForSelector('.page-head .tag:has-text("' + { zh: '已交办', en: 'Assigned' }[lang] + '")')
	await office.waitForSelector('.clocks li')

	const desk = await as('department', lang)
	await to(desk, '/work', `a[href="#${record}"]`)
	await checkWords(desk, 'the work of the department')
	await desk.click(`a[href="#${record}"] >> nth=0`)
	await desk.waitForSelector('[data-step="take_up"]')
	assert.ok(!(await stepsOf(desk)).includes('verify') && !(await stepsOf(desk)).includes('close'))
	await step(desk, 'take_up')
	await desk.waitForSelector('[data-step="answer"]')
	await step(desk, 'answer', (box) => box.locator('[data-field="answer"] textarea').fill('connected'))
	await desk.waitForFunction(() => !document.querySelector('[data-step="answer"]'))

	const second = await as('xiangmuban2', lang)
	await to(second, record, '[data-step="verify"]')
	await step(second, 'verify')
	await second.waitForSelector('[data-step="close"]')
	await step(second, 'close', (box) => box.locator('[data-field="satisfaction"] select').selectOption({ index: 1 }))
	await second.waitForSelector('.page-head .tag:has-text("' + { zh: '已销号', en: 'Closed' }[lang] + '")')
	await firm.waitForSelector('.page-head .tag.good') // the one who raised it sees it without asking
	for (const page of [firm, office, desk, second])
		noFaults(page)
})

journey('an approved date: not in the form, changed by request; who asks does not rule, the leader does', async (lang) => {
	const town = await as('town', lang)
	const found = (await api(town, 'r/milestone?columns=project,planned,name&limit=1&filter=first_approved:filled;actual:empty;planned:filled')).rows[0]
	const [milestone, project, planned, name] = found
	await to(town, '/edit/milestone/' + milestone, '[data-field="planned"]')
	assert.equal(await town.locator('[data-field="planned"] input:not([disabled])').count(), 0, 'an approved date is not open in the form')
	await to(town, '/project/' + project, '.milestones tbody tr')
	await town.click(`.milestones a[href*="${milestone}"][href*="change_request"]`)
	await town.waitForSelector('[data-field="reason"]')
	await town.waitForSelector(`.page :text("${planned}")`)
	assert.equal(await town.locator('[data-field="target_record"], [data-field="new_amount"]').count(), 0, 'nobody types the id of a record')
	const wanted = new Date(Date.parse(planned) + 20 * 864e5).toISOString().slice(0, 10)
	await town.fill('[data-field="new_date"] input', wanted)
	await town.keyboard.press('Tab')
	await town.fill('[data-field="reason"] input', '供电线路改迁')
	await town.click('.form-foot .button.main')
	await town.waitForURL(/#\/project\//)
	const request = (await api(town, `r/change_request?columns=project&filter=project:eq:${project};state:eq:requested;target_record:eq:${milestone}`)).rows[0][0]
	await to(town, '/r/change_request/' + request, '.history li b')
	assert.ok(!(await stepsOf(town)).includes('approve'))

	const leader = await as('leader', lang)
	await to(leader, '/r/change_request/' + request, '[data-step="approve"]')
	await settled(leader)
	assert.ok((await leader.textContent('main .page')).includes(name), 'it says what is to change')
	await checkWords(leader, 'a change request')
	await step(leader, 'approve')
	await until(async () => (await api(leader, 'r/milestone/' + milestone)).fields.planned === wanted)
	const { fields } = await api(leader, 'r/milestone/' + milestone)
	assert.notEqual(fields.first_approved, wanted, 'the first promise stays')
	noFaults(town)
	noFaults(leader)
})

journey('department: a cell changed in the ledger and undone, and an export of exactly what is shown; the auditor has no way in', async (lang) => {
	const page = await as('department', lang)
	await to(page, '/list/project?columns=title,zone&sort=title&filter=light:ge:1', '.vgrid-row[data-id]')
	const id = await page.getAttribute('.vgrid-row[data-id][data-row="0"]', 'data-id')
	const was = (await api(page, 'r/project/' + id)).fields.zone ?? null
	await page.click('.vgrid-row[data-row="0"] .vgrid-cell >> nth=2')
	await page.keyboard.press('F2')
	await page.waitForSelector('.cell-editor input')
	await page.keyboard.type('north gate')
	await page.keyboard.press('Enter')
	await until(async () => (await api(page, 'r/project/' + id)).fields.zone === 'north gate')
	await page.click('.toast .button.small')
	await until(async () => ((await api(page, 'r/project/' + id)).fields.zone ?? null) === was)
	await page.click('.page-head .button:has-text("' + { zh: '导出', en: 'Export' }[lang] + '")')
	const href = await page.getAttribute('.drop a:has-text("CSV")', 'href')
	const lines = (await page.evaluate(async (h) => (await fetch(h)).text(), href)).trim().split(/\r?\n/)
	const { rows } = await api(page, 'r/project?columns=title&sort=title&filter=light:ge:1&limit=1000')
	assert.deepEqual(lines.slice(1).map((l) => l.slice(0, 36)), rows.map((r) => r[0]))
	await page.keyboard.press('Escape')
	const auditor = await as('auditor', lang)
	await to(auditor, '/list/project?columns=title,zone', '.vgrid-row[data-id]')
	await auditor.click('.vgrid-row[data-row="0"] .vgrid-cell >> nth=2')
	await auditor.keyboard.press('F2')
	await auditor.keyboard.press('x')
	assert.equal(await auditor.locator('.cell-editor').count(), 0)
	noFaults(page)
	noFaults(auditor)
})

journey('office: a sheet comes in, one row is refused with its reason', async (lang) => {
	const page = await as('office', lang)
	const name = { zh: '旅程轴承厂', en: 'Journey Bearings' }[lang]
	const area = (await api(page, 'r/area?columns=name&filter=level:eq:town&limit=1')).rows[0][1]
	await to(page, '/wall', '.wall .figures') // the import of the other language is on show
	await to(page, '/import/project', '.drop-zone')
	const text = `项目名称,总投资（万元）,计划开工时间,建设地点\n${name},12000,2026年3月,${area}\n,500,2026-07-01,${area}\n`
	await page.setInputFiles('.drop-zone input[type=file]', { name: 'Sheet 1.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
	await page.waitForSelector('.map tbody tr')
	await checkWords(page, 'import')
	await page.click('.summary [data-confirm]')
	await until(async () => (await api(page, 'r/project?count=only&filter=' + encodeURIComponent('title:eq:' + name))).total === 1)
	noFaults(page)
})

journey('a plan is looked at by who may not write it, and says when it ends; the big screen says what the wall says', async (lang) => {
	const leader = await as('leader', lang)
	const planned = (await api(leader, 'r/plan?columns=project&limit=1')).rows[0][1]
	await to(leader, '/plan/' + planned, '[data-gantt] .gantt-row')
	const { schedule } = await api(leader, 'plans/' + planned)
	await leader.waitForSelector(`[data-finish]:has-text("${schedule.finish.slice(0, 10)}")`)
	await settled(leader)
	assert.equal(await leader.locator('[data-save], [data-add]').count(), 0, 'who may not write it is not asked to')
	await checkWords(leader, 'a plan')
	const { figures } = await api(leader, 'wall')
	await to(leader, '/screen?panels=figures', '.big-figure')
	await checkWords(leader, 'big screen')
	assert.ok((await leader.textContent('.big-figures')).includes(String(figures.find((f) => f.name === 'projects').value)))
	await to(leader, '/wall', '.wall .figures')
	noFaults(leader)
})
