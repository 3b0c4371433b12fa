// Plans in the page: dependencies as people type them, the tree and its numbers, edits, the head of the chart.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let vite, m, time, rows
before(async () => {
	vite = await open()
	;[m, time, rows] = [await vite.load('plan/model.ts'), await vite.load('views/gantt/time.ts'), await vite.load('plan/rows.ts')]
})
after(() => vite.close())

const plan = () => ({
	guatu_plan: 1,
	calendars: [{ id: 'c', day_minutes: 480, week: { 'mon-fri': '08:00-12:00 13:00-17:00' }, exceptions: [{ from: '2026-10-01', to: '2026-10-07', name: '国庆' }, { from: '2026-10-10', hours: '08:00-12:00' }] }],
	projects: [{ id: 'P', name: 'p', start: '2026-03-02', calendar: 'c' }],
	wbs: [{ id: 'w', name: '土建' }],
	tasks: [{ id: 'a', name: 'A', duration: '16h' }, { id: 'b', code: 'A1010', name: 'B', duration: '5d', wbs: 'w' }, { id: 'c', name: 'C', duration: '1d', wbs: 'w' }],
	links: [{ from: 'a', to: 'b', type: 'FS', lag: '16h' }, { from: 'b', to: 'c', type: 'SS', lag: '-4h' }],
})

test('3FS+2d and its kin are read and written', () => {
	const body = plan()
	const names = new m.Names(m.tree(body))
	const read = (text) => m.parsePredecessors(text, names)
	assert.deepEqual(read('1'), { links: [{ from: 'a', type: 'FS' }] })
	assert.deepEqual(read(' 1FS+2d， 2 ss - 1.5 d'), { links: [{ from: 'a', type: 'FS', lag: '2d' }, { from: 'b', type: 'SS', lag: '-1.5d' }] })
	assert.deepEqual(read('A1010FF+50%'), { links: [{ from: 'b', type: 'FF', lag: '50%' }] })
	assert.deepEqual(read('1+3'), { links: [{ from: 'a', type: 'FS', lag: '3d' }] })
	assert.deepEqual(read('1SF+2ed、'), { links: [{ from: 'a', type: 'SF', lag: '2ed' }] })
	assert.deepEqual(read('1FS+0d'), { links: [{ from: 'a', type: 'FS' }] })
	assert.deepEqual(read(''), { links: [] })
	assert.deepEqual(read('9'), { bad: '9', why: 'unknown' })
	assert.deepEqual(read('9FS'), { bad: '9FS', why: 'unknown' })
	assert.deepEqual(read('1, 1FS+1d'), { bad: '1FS+1d', why: 'twice' })
	assert.equal(m.predecessorText(body, body.links[0], names), '1FS+2d')
	assert.equal(m.predecessorText(body, body.links[1], names), '2SS-0.5d')
	assert.equal(m.predecessorText(body, { from: 'a', to: 'c' }, names), '1')
})

test('tasks are numbered as they stand, groups are not', () => {
	const nodes = m.tree(plan())
	assert.deepEqual(nodes.map((n) => [n.outline, n.number, n.level, n.name]), [['1', 1, 0, 'A'], ['2', 0, 0, '土建'], ['2.1', 2, 1, 'B'], ['2.2', 3, 1, 'C']])
	assert.ok(nodes[1].group)
})

test('edits make a new plan and leave the old one', () => {
	const body = plan()
	const before = JSON.stringify(body)
	const added = m.addTask(body, 'b', 'D')
	assert.deepEqual(added.body.tasks.map((x) => x.id), ['a', 'b', added.id, 'c'])
	assert.equal(added.body.tasks[2].wbs, 'w')
	assert.deepEqual(m.removeTask(body, 'b').links, [])
	assert.equal(m.changeTask(body, 'a', { duration: undefined }).tasks[0].duration, undefined)
	assert.deepEqual(m.setPredecessors(body, 'c', [{ from: 'a', type: 'FS' }]).links[1], { from: 'a', to: 'c', type: 'FS' })
	assert.ok(m.closesRing(body.links, 'c', 'a'))
	assert.ok(!m.closesRing(body.links, 'a', 'c'))
	assert.equal(JSON.stringify(body), before)
})

test('durations: as typed, as shown', () => {
	assert.equal(m.typedDuration('5'), '5d')
	assert.equal(m.typedDuration('3 天'), '3d')
	assert.equal(m.typedDuration('12h'), '12h')
	assert.equal(m.typedDuration('-2'), null)
	assert.equal(m.typedDuration('soon'), null)
	assert.equal(m.daysText(m.parseDuration('36h').ticks, { day: 480, week: 2400 }), '4.5')
	assert.deepEqual(m.parseDuration('2ed'), { ticks: 2 * 14400, elapsed: true })
})

test('moments and days', () => {
	assert.equal(m.ticksOf('1970-01-02T08:00'), 14400 + 4800)
	assert.equal(m.ticksOf('2026-02-30'), null)
	assert.equal(m.dateOf(m.ticksOf('2026-03-03'), true), '2026-03-02')
	const free = m.freeDays(plan(), plan().calendars[0])
	const day = (text) => free(m.ticksOf(text) / 14400)
	assert.equal(day('2026-09-30').free, false)
	assert.deepEqual(day('2026-10-02'), { free: true, name: '国庆' })
	assert.equal(day('2026-10-10').free, false) // a make-up Saturday
	assert.equal(day('2026-10-11').free, true)
	assert.equal(rows.workingDays(free, m.ticksOf('2026-03-07') / 14400, 3), 1) // Saturday, Sunday, Monday
	assert.equal(rows.workingDays(free, m.ticksOf('2026-03-07') / 14400, -1), -1)
})

test('facts are laid over the plan and never into it', () => {
	const bare = plan()
	const laid = plan()
	laid.tasks[0] = { ...laid.tasks[0], actual_start: '2026-03-02T08:00', actual_finish: '2026-03-03T17:00' }
	laid.projects[0].data_date = '2026-03-05'
	const facts = m.factsOf(bare, laid)
	const again = m.withFacts(m.changeTask(bare, 'a', { name: 'AA' }), facts)
	assert.equal(again.tasks[0].actual_finish, '2026-03-03T17:00')
	assert.equal(again.tasks[0].name, 'AA')
	assert.equal(again.projects[0].data_date, '2026-03-05')
	assert.equal(bare.projects[0].data_date, undefined)
})

test('rows know their dates, links their places, groups what they span', () => {
	const body = plan()
	const d = (a, b, more = {}) => ({ start: a * 14400, finish: b * 14400, lateStart: null, lateFinish: (b + 2) * 14400, total: 8, free: 0, critical: false, longest: false, near: false, provisional: false, reason: 'link', heldBy: null, ...more })
	const of = new rows.PlanRows(body, m.tree(body))
	const list = of.rows(new Map([['a', d(10, 12)], ['b', d(14, 19, { critical: true, heldBy: 'a' })], ['c', d(15, 16)]]), new Map(), true)
	assert.deepEqual([list[1].kind, list[1].start, list[1].finish], ['summary', 14, 19])
	assert.deepEqual(of.links.map((l) => [l.from, l.to]), [[0, 2], [2, 3]])
	assert.deepEqual(list.map((r) => r.held), [-1, -1, 0, -1])
	assert.equal(list[2].cells.predecessors, '1FS+2d')
	assert.equal(list[0].cells.duration, '2')
	assert.equal(list[0].cells.float, '1')
})

test('the head of the chart has room for its words at every zoom', () => {
	for (const perDay of [30, 12, 4, 1.6, 0.55, 0.2]) {
		const [upper, lower] = time.head(perDay, 20500, 20500 + 1200 / perDay, 'zh')
		assert.ok(upper.length > 0 && lower.length > 0, String(perDay))
		for (const [i, x] of lower.entries())
			assert.ok(x.until > x.day && (i === 0 || lower[i - 1].until === x.day), `${perDay}: ${x.text}`)
		assert.ok((lower[0].until - lower[0].day) * perDay >= 11, String(perDay))
	}
})

test('a crew used beyond what there is: lunches and nights part no line, other tasks and other days do', () => {
	const over = (from, to, more = {}) => ({ from, to, used: 2, has: 1, tasks: ['a', 'b'], ...more })
	const lines = m.overDays([
		over('2026-11-02T08:00', '2026-11-02T12:00'), over('2026-11-02T13:00', '2026-11-02T17:00'), over('2026-11-03T08:00', '2026-11-04T00:00'),
		over('2026-11-04T08:00', '2026-11-04T17:00', { tasks: ['b', 'c'] }), over('2026-11-09T08:00', '2026-11-09T17:00', { tasks: ['b', 'c'] }),
	])
	assert.deepEqual(lines.map((x) => [x.from, x.to]), [['2026-11-02', '2026-11-03'], ['2026-11-04', '2026-11-04'], ['2026-11-09', '2026-11-09']])
})
