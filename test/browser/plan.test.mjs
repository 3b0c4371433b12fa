// A project's plan: imported, read, moved by keyboard, undone, saved, planned backwards; all projects at once.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, firstRow, goTo, hold, isLive, newToast, noFaults, openWindow, settled } from './help/page.mjs'

county({ projects: 320, months: 14 })
const root = fileURLToPath(new URL('../../', import.meta.url))
let folder
before(() => (folder = mkdtempSync(join(tmpdir(), 'guatu-plan-'))))
after(() => rmSync(folder, { recursive: true }))

const tasks = [['A', '清表', 40], ['B', '基础', 80], ['C', '主体', 120], ['D', '管网', 24], ['E', '验收', 8]]
const links = [['A', 'B', 'FS', 0], ['B', 'C', 'FS', 0], ['A', 'D', 'SS', 16], ['C', 'E', 'FS', 0], ['D', 'E', 'FS', 0]]
/** Five tasks as Primavera writes them; 管网 has float, the others are critical. */
function xer() {
	const table = (name, columns, rows) => [`%T\t${name}`, `%F\t${columns.join('\t')}`, ...rows.map((r) => `%R\t${r.join('\t')}`)]
	const week = [1, 2, 3, 4, 5, 6, 7].map((d) => `(0||${d}()(${d === 1 || d === 7 ? '' : '(0||0(s|08:00|f|12:00)())(0||1(s|13:00|f|17:00)())'}))`).join('')
	return [
		'ERMHDR\t8.0\t2026-03-01\tProject\tadmin\tadmin\tdb\tProject Management\tCNY',
		...table('CALENDAR', ['clndr_id', 'default_flag', 'clndr_name', 'proj_id', 'clndr_type', 'day_hr_cnt', 'week_hr_cnt', 'month_hr_cnt', 'year_hr_cnt', 'clndr_data'],
			[[1, 'Y', '五天', '', 'CA_Base', 8, 40, 172, 2000, `(0||CalendarData()((0||DaysOfWeek()(${week}))(0||Exceptions()())))`]]),
		...table('PROJECT', ['proj_id', 'proj_short_name', 'clndr_id', 'plan_start_date', 'last_recalc_date', 'critical_path_type', 'critical_drtn_hr_cnt'], [[10, 'P', 1, '2027-03-01 08:00', '2027-03-01 08:00', 'CT_TotFloat', 0]]),
		...table('PROJWBS', ['wbs_id', 'proj_id', 'seq_num', 'proj_node_flag', 'wbs_short_name', 'wbs_name', 'parent_wbs_id'], [[20, 10, 1, 'Y', 'P', '泵站', '']]),
		...table('TASK', ['task_id', 'proj_id', 'wbs_id', 'clndr_id', 'phys_complete_pct', 'complete_pct_type', 'task_type', 'duration_type', 'status_code', 'task_code', 'task_name', 'remain_drtn_hr_cnt', 'target_drtn_hr_cnt', 'target_start_date', 'target_end_date'],
			tasks.map(([code, name, hours], i) => [100 + i, 10, 20, 1, 0, 'CP_Drtn', 'TT_Task', 'DT_FixedDrtn', 'TK_NotStart', code, name, hours, hours, '2027-03-01 08:00', '2027-03-02 17:00'])),
		...table('TASKPRED', ['task_pred_id', 'task_id', 'pred_task_id', 'proj_id', 'pred_proj_id', 'pred_type', 'lag_hr_cnt'],
			links.map(([from, to, type, lag], i) => [200 + i, 100 + tasks.findIndex((x) => x[0] === to), 100 + tasks.findIndex((x) => x[0] === from), 10, 10, 'PR_' + type, lag])),
		'%E', '',
	].join('\r\n')
}

const cell = (page, name, what) => page.$$eval('[data-gantt] .gantt-row', (rows, [n, id]) => rows.find((r) => r.querySelector('[data-id=name] .gantt-text').textContent === n)?.querySelector(`[data-id=${id}]`).textContent, [name, what])
const until = (page, name, what, text) => page.waitForFunction(([n, id, t]) => [...document.querySelectorAll('[data-gantt] .gantt-row')].find((r) => r.querySelector('[data-id=name] .gantt-text')?.textContent === n)?.querySelector(`[data-id=${id}]`)?.textContent === t, [name, what, text])
const saved = (page) => page.waitForFunction(() => document.querySelector('[data-save]')?.disabled && !document.querySelector('.page-head .tag.warn'))
/** Once the page knows it. */
const hasEngine = async (page) => await page.getAttribute('[data-gantt][data-engine]', 'data-engine') === 'true'
const real = (path) => [process.env.GUATU_SHARED, join(root, '../shared')].map((folder) => folder && join(folder, 'data', path)).find((x) => x && existsSync(x))
const choose = (page, name) => page.click(`[data-gantt] .gantt-row .gantt-text:text-is("${name}")`)

/** A project without a plan. */
async function openPlan(page) {
	const [id] = await firstRow(page, 'project?columns=title&sort=title&filter=computed_finish:empty:')
	await goTo(page, '#/plan/' + id)
	await page.waitForSelector('.plan-none')
	return id
}
async function imported(page) {
	const id = await openPlan(page)
	const file = join(folder, 'pump.xer')
	writeFileSync(file, xer())
	await page.setInputFiles('[data-import]', file)
	await page.waitForSelector('[data-gantt] .gantt-row')
	await settled(page)
	return id
}

test('a Primavera file becomes a plan: its critical chain, a move by keyboard that pushes what follows, undo, save', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = await imported(page)
	await checkAccess(page, 'plan')
	assert.deepEqual(await page.$$eval('[data-gantt] .gantt-row.critical', (rows) => rows.map((r) => r.querySelector('[data-id=name]').textContent)), ['清表', '基础', '主体', '验收'])
	assert.equal(await cell(page, '管网', 'predecessors'), '1SS+2d')
	assert.equal(await cell(page, '清表', 'start'), '2027-03-01')
	const old = await cell(page, '验收', 'finish')
	await choose(page, '清表')
	await page.waitForFunction(() => document.querySelector('.plan-why')?.textContent)
	for (let i = 0; i < 5; i++) // Alt+Right, a day each time; Saturday's is Monday
		await page.keyboard.press('Alt+ArrowRight')
	const engine = await hasEngine(page)
	await page.waitForSelector('.page-head .tag.warn')
	if (engine) {
		await until(page, '清表', 'start', '2027-03-08')
		const moved = await cell(page, '验收', 'finish')
		assert.ok(moved > old, `${moved} after ${old}`)
		for (let i = 0; i < 5; i++)
			await page.keyboard.press('Control+z')
		await until(page, '清表', 'start', '2027-03-01')
		assert.equal(await cell(page, '验收', 'finish'), old)
		assert.ok(await page.$eval('[data-save]', (b) => b.disabled))
		for (let i = 0; i < 5; i++)
			await page.keyboard.press('Control+y')
	}
	await page.keyboard.press('Control+s')
	await saved(page)
	await until(page, '清表', 'start', '2027-03-08')
	const { body, schedule } = await api(page, 'plans/' + id)
	assert.deepEqual(body.tasks[0].constraint, { kind: 'start_not_earlier', date: '2027-03-06T00:00' })
	// what the page drew is what the server says
	for (const x of body.tasks)
		assert.equal(await cell(page, x.name, 'start'), schedule.tasks.find((d) => d.task === x.id).start.slice(0, 10), x.name)
	await page.keyboard.press('Control+z') // what was saved is taken back too, and saved again
	await page.waitForSelector('.page-head .tag.warn')
	await page.keyboard.press('Control+s')
	await saved(page)
	assert.deepEqual((await api(page, 'plans/' + id)).body.tasks[0].constraint, engine ? { kind: 'start_not_earlier', date: '2027-03-05T00:00' } : undefined)
	noFaults(page)
})

test('what others report meanwhile takes nothing back: neither what is being changed nor the way back', { skip }, async () => {
	const page = await openWindow(browser, server, { watch: (p) => p.addInitScript(() => { // an engine that comes late
		const ask = window.fetch
		const held = new Promise((open) => (window.letEngine = open))
		window.fetch = (what, options) => (String(what).includes('engine-') ? ((window.engineAsked = true), held.then(() => ask(what, options))) : ask(what, options))
	}) })
	const id = await openPlan(page)
	await page.setInputFiles('[data-import]', { name: 'pump.xer', mimeType: 'text/plain', buffer: Buffer.from(xer()) })
	await page.waitForSelector('[data-gantt] .gantt-row')
	await page.waitForFunction(() => window.engineAsked || document.querySelector('[data-engine=false]'))
	await isLive(page)
	const report = (day) => page.evaluate(async ([project, period]) => {
		const { csrf } = await (await fetch('api/session')).json()
		return (await fetch('api/r/report', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ fields: { project, period_kind: 'day', period, visual_progress: '桩基' } }) })).status
	}, [id, day])
	await choose(page, '清表')
	const late = await hold(page, '**/api/plans/' + id)
	assert.equal(await report('2026-03-03'), 201)
	await late.reached
	await page.keyboard.press('Alt+ArrowRight')
	await page.waitForSelector('.page-head .tag.warn')
	late.open()
	await page.evaluate(() => window.letEngine())
	if (await hasEngine(page))
		await until(page, '清表', 'start', '2027-03-02') // also what was changed before the engine came
	await settled(page)
	assert.ok(await page.isVisible('.page-head .tag.warn'), 'what was changed is still there')
	await page.keyboard.press('Control+s')
	await saved(page)
	assert.equal((await api(page, 'plans/' + id)).body.tasks[0].constraint.kind, 'start_not_earlier')
	const again = page.waitForResponse((r) => r.url().endsWith('/api/plans/' + id) && r.request().method() === 'GET')
	assert.equal(await report('2026-03-04'), 201)
	await again
	await settled(page)
	await page.keyboard.press('Control+z')
	await page.waitForSelector('.page-head .tag.warn')
	noFaults(page)
})

test('a plan with a loop says so beside the empty dates; nothing is called good where no finish is required', { skip }, async () => {
	const page = await openWindow(browser, server)
	const file = join(folder, 'loop.json')
	const ring = [{ from: 'A', to: 'B' }, { from: 'B', to: 'A' }]
	writeFileSync(file, JSON.stringify({ guatu_plan: 1, projects: [{ id: 'P', start: '2026-03-02' }], links: ring, tasks: ['A', 'B', 'C'].map((id) => ({ id, name: id, duration: '5d', ...(id === 'A' ? { constraint: { kind: 'finish_not_later', date: '2027-06-01' } } : {}) })) }))
	await openPlan(page)
	await page.setInputFiles('[data-import]', file)
	await page.waitForSelector('.plan-side .plan-findings .tag.bad:text-is("P001")')
	assert.deepEqual([await cell(page, 'A', 'start'), await cell(page, 'B', 'start')], ['', ''])
	assert.match(await page.textContent('.page-head [data-undated]'), /2/)
	await choose(page, 'A')
	await page.waitForSelector('.plan-set:has-text("约束：完成不晚于 2027-06-01")')
	await page.click('[data-sure]')
	await page.waitForSelector('[data-chance]')
	assert.equal(await page.locator('[data-chance] .ahead').count(), 0)
	await page.click('[data-back-open]') // asks for the finish there is
	await page.keyboard.press('Enter')
	await page.waitForSelector('.back-answer [data-undated]')
	assert.doesNotMatch(await page.textContent('.back-say'), /压缩计划也赶不上/)
	noFaults(page)
})

test('a finding leads to its task: chosen, and scrolled into sight, by pointer and by keyboard', { skip }, async () => {
	const page = await openWindow(browser, server)
	const file = join(folder, 'long.json'), names = [...Array(90)].map((_, i) => 'T' + i)
	writeFileSync(file, JSON.stringify({ guatu_plan: 1, projects: [{ id: 'P', start: '2026-03-02' }], tasks: names.map((id) => ({ id, name: id, duration: '1d' })),
		links: [...names.slice(1, 60).map((to, i) => ({ from: names[i], to })), { from: 'T59', to: 'gone' }, { from: 'T80', to: 'T81' }, { from: 'T81', to: 'T80' }] }))
	await openPlan(page)
	await page.setInputFiles('[data-import]', file)
	await page.waitForSelector('[data-finding]:has-text("T80")')
	const finding = (id, name) => page.locator(`.plan-findings li:has(.tag:text-is("${id}")) [data-finding]`, { hasText: name }).first()
	const shows = (name) => page.waitForFunction((n) => {
		const row = document.querySelector('[data-gantt] .gantt-row.at'), box = document.querySelector('[data-gantt]').getBoundingClientRect(), at = row?.getBoundingClientRect()
		return row?.querySelector('[data-id=name] .gantt-text').textContent === n && document.querySelector('.plan-side .plan-name')?.textContent.includes(n) && at.top >= box.top - 1 && at.bottom <= box.bottom + 1 && at.top >= 0 && at.bottom <= innerHeight + 1
	}, name)
	assert.equal(await page.locator('[data-gantt] .gantt-row [data-id=name] .gantt-text:text-is("T80")').count(), 0) // far below
	await finding('P001', 'T80').click()
	await shows('T80')
	await finding('P002', 'gone').focus() // the task it comes from, as where it leads is not in the plan
	await page.keyboard.press('Enter')
	await shows('T59')
	await finding('P001', 'T80').focus()
	await page.keyboard.press('Space')
	await shows('T80')
	await finding('P002', 'gone').click()
	await shows('T59')
	await page.setViewportSize({ width: 420, height: 800 }) // the chart stands above its findings
	await finding('P001', 'T80').click()
	await shows('T80')
	await checkAccess(page, 'findings')
	noFaults(page)
})

test('paper has the order of the page: tasks before elements, each as they stand in the plan, whenever they start', { skip }, async () => {
	const page = await openWindow(browser, server)
	const file = join(folder, 'order.json')
	const task = (id, date, more) => ({ id, name: '任务' + id, duration: '5d', constraint: { kind: 'start_not_earlier', date }, ...more })
	writeFileSync(file, JSON.stringify({ guatu_plan: 1, projects: [{ id: 'P', start: '2026-03-02' }], links: [],
		wbs: [{ id: 'late', name: '后期' }, { id: 'early', name: '前期' }, { id: 'deep', name: '前期之内', parent: 'early' }],
		tasks: [task('丙', '2026-09-01', { wbs: 'late' }), task('甲', '2026-05-01', { wbs: 'late' }), task('丁', '2026-04-01', { wbs: 'deep' }), { id: 'S', name: '总任务', type: 'summary', wbs: 'early' },
			task('戊', '2026-08-01', { parent: 'S' }), task('己', '2026-06-01', { parent: 'S' }), task('庚', '2026-07-01')] }))
	const id = await openPlan(page)
	await page.setInputFiles('[data-import]', file)
	await page.waitForSelector('[data-gantt] .gantt-row')
	const order = await page.$$eval('[data-gantt] .gantt-row', (rows) => rows.map((r) => [+r.getAttribute('aria-rowindex'), r.querySelector('[data-id=name] .gantt-text').textContent]).sort((a, b) => a[0] - b[0]).map((x) => x[1]))
	assert.deepEqual(order, ['任务庚', '后期', '任务丙', '任务甲', '前期', '总任务', '任务戊', '任务己', '前期之内', '任务丁'])
	const printed = await page.evaluate(async ([project, names]) => {
		const svg = new DOMParser().parseFromString(await (await fetch(`api/plans/${project}/chart.svg?paper=A3`)).text(), 'image/svg+xml')
		return [...svg.querySelectorAll('text')].filter((x) => names.includes(x.textContent)).map((x) => [+x.getAttribute('y'), x.textContent]).sort((a, b) => a[0] - b[0]).map((x) => x[1])
	}, [id, order])
	assert.deepEqual(printed, order)
	noFaults(page)
})

/** Opens a project without a plan and gives it that file. */
async function importReal(page, path) {
	await page.setViewportSize({ width: 1440, height: 2600 }) // every row stands
	const id = await openPlan(page)
	await page.setInputFiles('[data-import]', path)
	await page.waitForSelector('[data-gantt] .gantt-row')
	await settled(page)
	return { id, ...(await api(page, 'plans/' + id)) }
}
const rowOf = (id) => `[data-gantt] .gantt-row[data-key="t${id}"]`
const startOf = (page, id) => page.$eval(rowOf(id) + ' [data-id=start]', (c) => c.textContent)
const xerFile = real('sched-xer/04_kh10_house_51.xer')

test('a real Primavera file: findings, critical chain, a bar dragged by pointer and by keyboard, what follows moves, undo, redo', { skip: skip || (xerFile ? false : 'skipped: the real file is not here') }, async () => {
	const page = await openWindow(browser, server)
	const { id, body, schedule, findings } = await importReal(page, xerFile)
	assert.equal(await page.$eval('.gantt-table', (g) => g.getAttribute('aria-rowcount')), String(body.wbs.length + body.tasks.length + 1))
	assert.ok(findings.length)
	assert.equal(await page.locator('.plan-side .plan-findings .tag').count(), findings.length)
	const critical = schedule.tasks.filter((x) => x.critical).map((x) => 't' + x.task)
	assert.ok(critical.length > 2)
	assert.deepEqual(new Set(await page.$$eval('[data-gantt] .gantt-row.critical', (rows) => rows.map((r) => r.dataset.key))), new Set(critical))
	await checkAccess(page, 'a real plan')
	if (!await hasEngine(page))
		return // its dates come with saving, which another test sees
	const held = schedule.tasks.find((x) => x.held_by && body.links.some((l) => l.from === x.held_by && l.to === x.task && (l.type ?? 'FS') === 'FS') && !schedule.tasks.find((y) => y.task === x.held_by).held_by)
	const leader = held.held_by
	const [mine, next] = [await startOf(page, leader), await startOf(page, held.task)]
	// by keyboard
	await page.click(rowOf(leader))
	await page.waitForFunction(() => document.querySelector('[data-why]'))
	for (let i = 0; i < 10; i++)
		await page.keyboard.press('Alt+ArrowRight')
	await page.waitForFunction(([row, was]) => document.querySelector(row + ' [data-id=start]')?.textContent > was, [rowOf(held.task), next])
	for (let i = 0; i < 10; i++)
		await page.keyboard.press('Control+z')
	await page.waitForFunction(([row, was]) => document.querySelector(row + ' [data-id=start]')?.textContent === was, [rowOf(held.task), next])
	assert.equal(await startOf(page, leader), mine)
	// by pointer
	await page.keyboard.press('+')
	await page.keyboard.press('+')
	await grab(page, rowOf(leader), 12 * 20)
	await page.waitForFunction(([row, was]) => document.querySelector(row + ' [data-id=start]')?.textContent > was, [rowOf(held.task), next])
	const later = await startOf(page, held.task)
	await page.keyboard.press('Control+z')
	await page.waitForFunction(([row, was]) => document.querySelector(row + ' [data-id=start]')?.textContent === was, [rowOf(held.task), next])
	await page.keyboard.press('Control+y')
	await page.waitForFunction(([row, was]) => document.querySelector(row + ' [data-id=start]')?.textContent === was, [rowOf(held.task), later])
	await page.keyboard.press('Control+s')
	await saved(page)
	const now = (await api(page, 'plans/' + id)).schedule
	assert.equal(now.tasks.find((x) => x.task === held.task).start.slice(0, 10), later)
	noFaults(page)
})

test('what Primavera and Project write as XML and GanttProject as .gan become plans too', { skip }, async () => {
	const files = [real('sched-pmxml/01_primavera_137act_498rel.xml'), real('sched-mspdi/15_commercial_construction_126.xml'), join(root, 'test/golden/plans/files/canteen.gan')].filter(Boolean)
	for (const file of files) {
		const page = await openWindow(browser, server)
		const { body, schedule, findings } = await importReal(page, file)
		const dated = schedule.tasks.filter((x) => x.start).length
		assert.ok(body.tasks.length > 2 && dated === body.tasks.length, `${file}: ${dated} of ${body.tasks.length} tasks have dates`)
		assert.equal(await page.$eval('.gantt-table', (g) => Number(g.getAttribute('aria-rowcount'))), (body.wbs ?? []).length + body.tasks.length + 1, file)
		assert.equal(await page.locator('.plan-side .plan-findings .tag').count(), findings.length)
		noFaults(page)
		await page.close()
	}
})

test('a whole part is moved by its summary; columns are chosen, widened and kept', { skip }, async () => {
	const page = await openWindow(browser, server)
	await imported(page)
	await choose(page, '泵站')
	await page.keyboard.press('Alt+Shift+ArrowRight') // a part has no length of its own
	for (let i = 0; i < 5; i++)
		await page.keyboard.press('Alt+ArrowRight')
	await page.waitForSelector('.page-head .tag.warn')
	if (await hasEngine(page))
		await until(page, '清表', 'start', '2027-03-08')
	const words = await page.$$eval('.gantt-head .gantt-cell', (cells) => cells.map((c) => c.textContent))
	assert.deepEqual(words, ['序号', 'WBS', '任务', '开始', '完成', '工期/天', '完成%', '前置任务', '责任单位', '总时差/天'])
	const finish = await page.$eval('.gantt-head', (h) => h.children[4].getBoundingClientRect().right - h.parentElement.getBoundingClientRect().right)
	assert.ok(finish <= 0, 'the finish is in sight')
	await choose(page, '管网')
	for (let i = 0; i < 6; i++)
		await page.keyboard.press('ArrowRight')
	await page.keyboard.press('Enter')
	await page.fill('.gantt-input', '水务公司')
	await page.keyboard.press('Enter')
	await until(page, '管网', 'unit', '水务公司')
	await page.focus('.plan-columns > button')
	await page.keyboard.press('Enter')
	await page.uncheck('input[name=show-wbs]')
	await page.fill('input[name=width-name]', '260')
	await page.keyboard.press('Enter')
	await page.keyboard.press('Escape')
	await page.waitForFunction(() => document.querySelectorAll('.gantt-head .gantt-cell').length === 9 && document.querySelector('.gantt-head')?.children[1]?.offsetWidth === 260)
	const edge = await page.$eval('.gantt-head', (h) => { const r = h.children[1].querySelector('.gantt-edge').getBoundingClientRect(); return { x: r.left + r.width / 2, y: r.top + 10 } })
	await page.mouse.move(edge.x, edge.y)
	await page.mouse.down()
	await page.mouse.move(edge.x - 40, edge.y, { steps: 3 })
	await page.mouse.up()
	await page.waitForFunction(() => document.querySelector('.gantt-head')?.children[1]?.offsetWidth === 220)
	await page.keyboard.press('Tab')
	for (const width of [1366, 1440]) { // the table ends where a column does
		await page.setViewportSize({ width, height: 900 })
		await page.waitForFunction(() => {
			let sum = 0
			return [...document.querySelectorAll('.gantt-head .gantt-cell')].some((c) => (sum += c.offsetWidth) === document.querySelector('.gantt-table').offsetWidth)
		})
	}
	await page.focus('.gantt-split')
	const wide = await page.$eval('.gantt-table', (g) => g.offsetWidth)
	await page.keyboard.press('ArrowRight')
	await page.waitForFunction((w) => document.querySelector('.gantt-table')?.offsetWidth === w + 20, wide)
	await page.click('[data-save]')
	await saved(page)
	await page.reload()
	await page.waitForSelector('[data-gantt] .gantt-row')
	assert.deepEqual(await page.$eval('.gantt-head', (h) => [h.children.length, h.children[1].offsetWidth, h.parentElement.offsetWidth]), [9, 220, wide + 20])
	assert.equal(await cell(page, '管网', 'unit'), '水务公司')
	noFaults(page)
})

test('cells are edited by keyboard: a dependency as typed, a wrong one explained, a new task', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = await imported(page)
	await choose(page, '管网')
	for (let i = 0; i < 5; i++)
		await page.keyboard.press('ArrowRight')
	await page.keyboard.press('F2')
	await page.fill('.gantt-input', '9FS')
	await page.keyboard.press('Enter')
	await page.waitForSelector('.gantt-wrong')
	await page.fill('.gantt-input', '5')
	await page.keyboard.press('Enter')
	await page.waitForFunction(() => /循环/.test(document.querySelector('.gantt-wrong')?.textContent))
	await page.fill('.gantt-input', '2FS+3d')
	await page.keyboard.press('Enter')
	await until(page, '管网', 'predecessors', '2FS+3d')
	await page.keyboard.press('Insert')
	await page.waitForSelector('.gantt-input')
	await page.fill('.gantt-input', '回填')
	await page.keyboard.press('Enter')
	await page.waitForFunction(() => [...document.querySelectorAll('.gantt-row')].some((r) => r.textContent.includes('回填')))
	await page.keyboard.press('Control+s')
	await saved(page)
	const { body } = await api(page, 'plans/' + id)
	assert.deepEqual(body.tasks.map((x) => x.name), ['清表', '基础', '主体', '管网', '回填', '验收'])
	assert.equal(body.links.find((l) => l.to === body.tasks[3].id).lag, '24h')
	noFaults(page)
})

/** Where the bar of a row is, or its end or its dot: found as a hand would, by the pointer that it changes. */
async function spot(page, rowName, part) {
	const y = await page.$eval(rowName, (r) => r.getBoundingClientRect().top + 14)
	const chart = await page.$eval('.gantt-chart', (c) => { const r = c.getBoundingClientRect(); return { left: r.left, width: r.width } })
	for (let x = chart.left + 2; x < chart.left + chart.width - 60; x += 3) {
		await page.mouse.move(x, y)
		if (await page.$eval('.gantt-chart', (c) => c.style.cursor) === part)
			return { x: x + 2, y }
	}
	assert.fail(`the ${part} of ${rowName} is in sight`)
}
async function drag(page, from, to) {
	await page.mouse.move(from.x, from.y)
	await page.mouse.down()
	await page.mouse.move(to.x, to.y, { steps: 4 })
	await page.mouse.up()
}
async function grab(page, rowName, by, part = 'grab') {
	const from = await spot(page, rowName, part)
	await drag(page, from, { x: from.x + by, y: from.y })
}
const rowNamed = (page, name) => page.$$eval('[data-gantt] .gantt-row', (rows, n) => `.gantt-row[data-key="${rows.find((r) => r.querySelector('[data-id=name] .gantt-text').textContent === n).dataset.key}"]`, name)

test('the end of a bar makes it longer, its dot links it, the marks of both are undone one by one', { skip }, async () => {
	const page = await openWindow(browser, server)
	await imported(page)
	await page.click('.chip:has-text("周")')
	const pipes = await rowNamed(page, '管网')
	const structure = await rowNamed(page, '主体')
	await choose(page, '清表') // the beginning of the plan
	await grab(page, pipes, 12 * 7, 'ew-resize')
	await until(page, '管网', 'duration', '8')
	await choose(page, '主体')
	const to = await spot(page, structure, 'grab')
	await drag(page, await spot(page, pipes, 'crosshair'), to)
	await until(page, '主体', 'predecessors', '2, 4')
	const [dot, bar] = [await spot(page, pipes, 'crosshair'), await spot(page, structure, 'grab')] // a second time it says so
	await newToast(page, ':has-text("已在等它")', () => drag(page, dot, bar))
	assert.equal(await cell(page, '主体', 'predecessors'), '2, 4')
	await page.keyboard.press('Control+z')
	await until(page, '主体', 'predecessors', '2')
	await page.keyboard.press('Control+z')
	await until(page, '管网', 'duration', '3')
	assert.ok(await page.$eval('[data-save]', (b) => b.disabled))
	noFaults(page)
})

test('a bar is dragged, what follows moves with it', { skip }, async () => {
	const page = await openWindow(browser, server)
	await imported(page)
	await page.click('.chip:has-text("周")')
	await choose(page, '主体')
	const before = await cell(page, '主体', 'start')
	await grab(page, '.gantt-row.at', 12 * 7)
	await page.waitForSelector('.page-head .tag.warn')
	await page.click('[data-save]')
	await saved(page)
	assert.ok(await cell(page, '主体', 'start') > before)
	noFaults(page)
})

test('planned backwards from a date that does not fit, an offer is taken and accepted', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = await imported(page)
	await choose(page, '主体')
	await page.fill('input[name=offer]', '8')
	await page.keyboard.press('Enter')
	for (const [field, wrong, was] of [['offer', '3天', '8'], ['not-before', '2026-02-30', ''], ['low', '200', '']]) { // said, and what stood there stays
		await page.fill(`input[name=${field}]`, wrong)
		await newToast(page, '.bad', () => page.keyboard.press('Enter'))
		await page.waitForFunction(([name, value]) => document.querySelector(`input[name=${name}]`)?.value === value, [field, was])
		await page.click('.toast.bad button')
		await page.waitForSelector('.toast.bad', { state: 'detached' })
	}
	await page.click('[data-save]')
	await saved(page)
	const finish = await cell(page, '验收', 'finish')
	const wanted = new Date(Date.parse(finish) - 5 * 864e5).toISOString().slice(0, 10)
	await page.click('[data-back-open]')
	await page.fill('input[name=finish]', '2026-01-31') // no plan can be compressed into the past
	await page.click('[data-back]')
	await page.waitForSelector(`.back-say.behind:has-text("2026-01-31 已过，压缩计划也赶不上：照现在的计划 ${finish} 完成，晚 ${(Date.parse(finish) - Date.parse('2026-01-31')) / 864e5} 天")`)
	await page.fill('input[name=finish]', wanted)
	await page.click('[data-back]')
	await page.waitForSelector('.back-say.behind:has-text("照现在的计划")')
	await checkAccess(page, 'backwards')
	await page.click('.back-offer[data-offer]')
	await page.waitForSelector('.back-say.ahead')
	await page.click('[data-accept]')
	await page.waitForFunction(() => !document.querySelector('dialog'))
	await page.waitForFunction(() => document.querySelectorAll('.plan-findings input[type=checkbox]').length === 1)
	const { plan, schedule } = await api(page, 'plans/' + id)
	assert.equal(plan.fields.required_finish, wanted)
	assert.ok(schedule.finish <= wanted, `${schedule.finish} by ${wanted}`)
	noFaults(page)
})

test('two people: the later one is told, and chooses', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = await imported(page)
	await choose(page, '管网')
	await page.keyboard.press('Alt+Shift+ArrowRight')
	await page.waitForSelector('.page-head .tag.warn')
	await page.evaluate(async (i) => {
		const { csrf } = await (await fetch('api/session')).json()
		const { plan, body } = await (await fetch('api/plans/' + i)).json()
		body.tasks[0].name = '清表二'
		const r = await fetch(`api/plans/${i}?version=${plan.version}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ body }) })
		if (!r.ok)
			throw new Error(await r.text())
	}, id)
	await page.click('[data-save]')
	await page.waitForSelector('[data-theirs]')
	await page.click('[data-theirs]')
	await page.waitForFunction(() => [...document.querySelectorAll('.gantt-row')].some((r) => r.textContent.includes('清表二')))
	page.allow(/409/)
	noFaults(page)
})

test('a plan begins with a template', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = await openPlan(page)
	await page.waitForSelector('.plan-template')
	await checkAccess(page, 'no plan yet')
	await page.click('[data-look="road"]')
	const permit = page.locator('[data-template-table] tr:has(td:first-child:has-text("环评审批"))')
	assert.match(await permit.textContent(), /环评文件编制.*60 日（报告书）.*15 日.*\[\d\]/)
	assert.match(await page.locator('[data-template-table] tr:has(td:first-child:has-text("环评文件编制"))').textContent(), /20.*默认/)
	await checkAccess(page, 'a template')
	await page.keyboard.press('Escape')
	await page.click('.plan-template')
	await page.waitForSelector('[data-gantt] .gantt-row')
	const { plan, body } = await api(page, 'plans/' + id)
	assert.equal(plan.state, 'draft')
	assert.ok(body.tasks.length > 10, String(body.tasks.length))
	assert.equal(await page.$eval('.gantt-table', (g) => Number(g.getAttribute('aria-rowcount'))), (body.wbs ?? []).length + body.tasks.length + 1)
	noFaults(page)
})

test('the chart for the wall: chosen, seen, downloaded', { skip }, async () => {
	const page = await openWindow(browser, server, { lang: 'en', hash: '#/plans' })
	await page.waitForSelector('.plans-chart .gantt-row')
	await page.click('[data-wall]')
	await page.waitForSelector('[data-preview]')
	await page.waitForFunction(() => document.querySelector('[data-preview]')?.naturalWidth > 0)
	await checkAccess(page, 'wall chart')
	await page.selectOption('select[name=format]', 'docx')
	await page.selectOption('select[name=ink]', 'grey')
	assert.equal(await page.$eval('select[name=paper]', (s) => s.value), 'A3')
	const [got] = await Promise.all([page.waitForEvent('download'), page.click('[data-download]')])
	assert.match(got.url(), /api\/chart\.docx\?paper=A3&ink=grey&lang=en/)
	assert.equal(readFileSync(await got.path()).subarray(0, 2).toString(), 'PK')
	noFaults(page)
})

test('the plan is printed as the drawing of the server, sheet by sheet', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [, id] = await firstRow(page, 'plan?columns=project&filter=tasks:gt:30')
	await goTo(page, '#/plan/' + id)
	await page.waitForSelector('[data-gantt] .gantt-row')
	await page.evaluate(() => (window.print = () => (window.printing = true)))
	await page.keyboard.press('Control+p')
	await page.waitForFunction(() => window.printing)
	const sheets = await page.$$eval('.print-sheet', (s) => s.length)
	const drawn = await page.evaluate(async () => [...(await (await fetch(document.querySelector('.print-sheet img').src)).text()).matchAll(/第 \d+ 页，共 (\d+) 页/g)].map((m) => Number(m[1])))
	assert.deepEqual(drawn, Array(sheets).fill(sheets))
	const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
	assert.equal(pdf.match(/\/Type \/Page\b/g).length, sheets)
	await page.evaluate(() => dispatchEvent(new Event('afterprint')))
	assert.ok(await page.isVisible('.gantt-table'))
	noFaults(page)
})

test('the page of all plans is printed whole, and says why where it cannot be', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '#/plans')
	await page.waitForSelector('[data-gantt] .gantt-row')
	await page.evaluate(() => (window.print = () => (window.printing = true)))
	await page.route('**/api/chart.svg?*', (route) => route.fulfill({ status: 413, contentType: 'application/problem+json', body: '{"detail":"太多了"}' }))
	await page.click('[data-print]')
	await page.waitForSelector('.toast.bad:has-text("太多了")')
	await page.unroute('**/api/chart.svg?*')
	await page.click('[data-print]')
	await page.waitForFunction(() => window.printing)
	const drawing = await page.evaluate(async () => (await fetch(document.querySelector('.print-sheet img').src)).text())
	const { rows } = await api(page, 'r/project?columns=title&limit=1000')
	assert.equal(rows.length, Number(await page.textContent('[data-total]')))
	assert.deepEqual(rows.map((r) => r[1]).filter((title) => !drawing.includes(title.slice(0, 6))), [])
	assert.equal(await page.locator('.print-sheet').count(), drawing.match(/第 \d+ 页，共 \d+ 页/g).length)
	page.allow(/413/)
	noFaults(page)
})

test('the calendar feed is as RFC 5545 asks', { skip }, async () => {
	const page = await openWindow(browser, server, { hash: '#/list/unit' })
	const [, unit] = await firstRow(page, 'project?columns=lead_unit')
	const text = await page.evaluate(async (id) => (await fetch(`api/calendar/unit/${id}.ics`)).text(), unit)
	assert.ok(text.endsWith('END:VCALENDAR\r\n') && !/[^\r]\n/.test(text))
	for (const line of text.split('\r\n'))
		assert.ok(Buffer.byteLength(line) <= 75, line)
	const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n')
	const events = lines.join('\n').split('BEGIN:VEVENT\n').slice(1).map((e) => Object.fromEntries(e.split('\nEND:VEVENT')[0].split('\n').map((l) => [l.split(/[:;]/)[0], l])))
	assert.ok(events.length > 3)
	assert.equal(new Set(events.map((e) => e.UID)).size, events.length)
	for (const e of events) {
		assert.match(e.DTSTAMP, /^DTSTAMP:\d{8}T\d{6}Z$/)
		assert.match(e.DTSTART, /^DTSTART;VALUE=DATE:\d{8}$/)
		assert.match(e.DTEND, /^DTEND;VALUE=DATE:\d{8}$/)
		assert.ok(e.URL.startsWith(`URL:${server.address}/#/project/`), e.URL)
	}
	noFaults(page)
})

test('a unit is subscribed to in a calendar: the file, the address, what a program signs in with', { skip }, async () => {
	const page = await openWindow(browser, server, { lang: 'en' })
	const [, project] = await firstRow(page, 'plan?columns=project&filter=state:eq:in_force')
	const unit = (await api(page, 'r/project/' + project)).fields.lead_unit
	await goTo(page, '#/r/unit/' + unit)
	await page.focus('[data-subscribe]')
	await page.keyboard.press('Enter')
	await page.waitForSelector('dialog[open] [data-ics]')
	await checkAccess(page, 'subscribe in a calendar')
	const address = await page.inputValue('dialog .secret input')
	assert.equal(address, `${server.address}/api/calendar/unit/${unit}.ics`)
	const [got] = await Promise.all([page.waitForEvent('download'), page.click('[data-ics]')])
	assert.match(got.suggestedFilename(), /\.ics$/)
	const file = readFileSync(await got.path(), 'utf8')
	assert.ok(file.startsWith('BEGIN:VCALENDAR\r\n') && file.includes('BEGIN:VEVENT'))
	const { token } = await page.evaluate(async () => {
		const { csrf } = await (await fetch('api/session')).json()
		return (await fetch('api/tokens', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: '{"name":"calendar","scope":"read"}' })).json()
	})
	const ask = (to, Authorization) => fetch(to, { headers: Authorization ? { Authorization } : {} })
	const basic = (secret) => 'Basic ' + Buffer.from('anybody:' + secret).toString('base64')
	for (const login of [basic(token), 'Bearer ' + token])
		assert.equal(await (await ask(address, login)).text(), file)
	for (const login of [null, basic(token + 'x'), basic(server.password)]) {
		const refused = await ask(address, login)
		assert.equal(refused.status, 401)
		assert.match(refused.headers.get('WWW-Authenticate'), /^Basic /)
	}
	const elsewhere = await ask(server.address + '/api/wall', basic(token))
	assert.deepEqual([elsewhere.status, elsewhere.headers.get('WWW-Authenticate')], [401, null])
	await page.click('dialog a[href="#/admin/tokens"]')
	await page.waitForSelector('main table')
	for (const hash of ['#/project/', '#/plan/']) {
		await goTo(page, hash + project)
		await page.click('.milestones [data-subscribe], .plan-tools [data-subscribe]')
		assert.equal(await page.inputValue('dialog .secret input'), `${server.address}/api/calendar/project/${project}.ics`)
		await page.keyboard.press('Escape')
	}
	noFaults(page)
})

test('odds and crews: the chance of the required finish, a crew used twice, a move taken and undone, another refused', { skip }, async () => {
	const page = await openWindow(browser, server)
	const id = await page.evaluate(async () => { // a project of its own: nothing was reported of it
		const { csrf } = await (await fetch('api/session')).json()
		const send = async (path, body) => {
			const r = await fetch('api/' + path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) })
			if (!r.ok)
				throw new Error(await r.text())
			return r.json()
		}
		const { id: made } = await send('r/project', { fields: { title: '班组学校', category: 'social', planned_start: '2027-03-01', planned_finish: '2029-12-31' } })
		await send(`plans/${made}/template`, { template: 'school_hospital', start: '2027-03-01', required_finish: '2029-12-31' })
		return made
	})
	await goTo(page, '#/plan/' + id)
	await page.waitForSelector('[data-gantt] .gantt-row')
	await page.click('[data-sure]')
	const { required_chance_pct: chance } = await api(page, `plans/${id}/risk`)
	await page.waitForFunction((pct) => document.querySelector('[data-chance]')?.textContent.includes(pct + '%'), String(Math.round(chance)))
	const { crews, proposals } = await api(page, `plans/${id}/crews`)
	assert.ok(crews.some((c) => c.over.length) && proposals.length)
	await checkAccess(page, 'odds and crews')
	await page.click(`[data-take="${proposals[0].task}"]`)
	await page.waitForSelector('.page-head .tag.warn')
	await page.click('[data-undo]')
	await page.waitForFunction(() => !document.querySelector('.page-head .tag.warn'))
	await page.click(`[data-refuse="${proposals[0].task}"]`)
	await page.waitForFunction((task) => !document.querySelector(`[data-take="${task}"]`), proposals[0].task)
	noFaults(page)
})

test('a plan in force planned backwards: a reason is asked for, and the baseline is kept all the same', { skip }, async () => {
	const page = await openWindow(browser, server)
	const [, id] = await firstRow(page, 'plan?columns=project&filter=state:eq:in_force')
	const count = async () => (await api(page, `r/project/${id}/children/baseline`)).records.length
	const before = await count()
	await goTo(page, '#/plan/' + id)
	await page.waitForSelector('[data-gantt] .gantt-row')
	await page.click('[data-back-open]')
	await page.waitForFunction(() => document.activeElement?.name === 'finish') // not the cross: Enter would close what was opened
	await page.fill('input[name=finish]', '2031-12-31')
	await page.keyboard.press('Enter')
	await page.waitForSelector('.back-say.ahead')
	await page.click('[data-accept]')
	await page.fill('.modal textarea', '领导要求')
	await page.click('[data-reason]')
	await page.waitForFunction((n) => document.querySelectorAll('.plan-findings input[type=checkbox]').length === n, before + 1)
	assert.equal(await count(), before + 1)
	noFaults(page)
})

test('the chance of the year over all plans', { skip }, async () => {
	const page = await openWindow(browser, server, { hash: '#/plans' })
	await page.waitForSelector('.plans-chart .gantt-row')
	await page.click('[data-year]')
	const { total, need } = await api(page, 'portfolio/risk')
	await page.waitForFunction(([all, some]) => { const t = document.querySelector('[data-year-box]')?.textContent ?? ''; return t.includes(String(all)) && t.includes(String(some)) }, [total, need])
	await checkAccess(page, 'chance of the year')
	noFaults(page)
})

test('all 320 projects in one chart, fetched as they come into sight, by keyboard to the last of them', { skip }, async () => {
	const page = await openWindow(browser, server, { lang: 'en', hash: '#/wall' })
	await goTo(page, '#/plans')
	await page.waitForSelector('.plans-chart .gantt-row')
	const { total } = await api(page, 'r/project?count=only')
	await page.waitForFunction((n) => document.querySelector('[data-total]')?.textContent === String(n), total)
	assert.equal(await page.$eval('.plans-chart .gantt-table', (g) => g.getAttribute('aria-rowcount')), String(total + 1))
	await checkAccess(page, 'all plans')
	await page.focus('.plans-chart .gantt-table')
	await page.keyboard.press('End') // its page has not come yet
	const [last] = (await api(page, `r/project?sort=planned_start&columns=title&limit=1&skip=${total - 1}`)).rows
	await page.waitForFunction(([n, title]) => {
		const row = document.querySelector('.gantt-row.at')
		return row?.getAttribute('aria-rowindex') === String(n + 1) && row.querySelector('[data-id=title] .gantt-text').textContent === title
	}, [total, last[1]])
	await page.keyboard.press('Home')
	await page.keyboard.press('PageDown')
	await page.keyboard.press('+')
	await page.keyboard.press('0')
	await page.keyboard.press('End')
	await page.keyboard.press('Enter')
	await page.waitForFunction((id) => location.hash === '#/plan/' + id, last[0])
	noFaults(page)
})

test('a file that cannot be read says where, in the language of the page: a plan and a ledger', { skip }, async () => {
	const plan = join(folder, 'odd.xer'), ledger = join(folder, 'odd.csv')
	writeFileSync(plan, xer().replace('\t120\t120\t', '\tlong\t120\t'))
	writeFileSync(ledger, '项目名称,总投资\n"东桥,1\n西桥,2\n')
	for (const [lang, inPlan, inLedger] of [
		['zh', 'TASK 表第 15 行 remain_drtn_hr_cnt 列：“long”不是数字，或超出范围', '第 2 行：此处的引号没有结束'],
		['en', 'table TASK, line 15, column remain_drtn_hr_cnt: "long" is not a number, or is out of range', 'line 2: a quote opens here and never closes'],
	]) {
		const page = await openWindow(browser, server, { lang })
		await openPlan(page)
		await page.setInputFiles('[data-import]', plan)
		await page.waitForFunction((said) => document.querySelector('.problem .what')?.innerText.includes(said), inPlan)
		await goTo(page, '#/import/project')
		await page.setInputFiles('.drop-zone input[type=file]', ledger)
		await page.waitForFunction((said) => document.querySelector('.problem .what')?.innerText.includes(said), inLedger)
		page.allow(/422/)
		noFaults(page)
	}
})

test('a filter that no project fits, and one that cannot be, show no empty chart', { skip }, async () => {
	const page = await openWindow(browser, server)
	await goTo(page, '#/plans?filter=title:eq:nothing')
	await page.waitForSelector('.empty')
	assert.ok(!(await page.isVisible('.plans-chart')))
	await goTo(page, '#/plans?filter=nothing:eq:1')
	await page.waitForSelector('.problem')
	assert.ok(!(await page.isVisible('.plans-chart')))
	await goTo(page, '#/plans?filter=title:eq:nothing')
	await page.click('.empty a')
	await page.waitForSelector('.plans-chart .gantt-row')
	page.allow(/422/)
	noFaults(page)
})
