import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, l, w
before(async () => {
	tool = await open()
	l = await tool.load('base/league.ts')
	w = await tool.load('base/wall.ts')
})
after(() => tool.close())

const of = (...list) => list.map(([id, kind, score]) => ({ id, kind, score }))

test('units run against their own kind; a tie shares a rank and the next one is left out', () => {
	const out = l.league(of(['a', 'town', 90], ['b', 'town', 95], ['c', 'town', 90], ['d', 'town', 10], ['x', 'department', 5]), null)
	assert.deepEqual(out.map((s) => [s.id, s.rank, s.of]), [['x', 1, 1], ['b', 1, 4], ['a', 2, 4], ['c', 2, 4], ['d', 4, 4]])
	assert.equal(l.moved(out[0]), null)
})

test('without a plan there is no rank', () => {
	assert.deepEqual(l.league(of(['a', 'town', null], ['b', 'town', 0]), null).map((s) => s.id), ['b'])
})

test('places won and lost against an earlier day; who had none then has not moved', () => {
	const out = l.league(of(['a', 'town', 50], ['b', 'town', 70], ['c', 'town', 20]), of(['a', 'town', 40], ['b', 'town', 10], ['c', 'town', null]))
	assert.deepEqual(out.map((s) => [s.id, s.rank, s.before, l.moved(s)]), [['b', 1, 2, 1], ['a', 2, 1, -1], ['c', 3, null, null]])
})

const body = (completion) => ({ today: '2026-11-22', as_of: '2026-11-22', lights: { none: 1, green: 2 }, by_unit: [{ id: 'u', kind: 'town', count: 3, plan_completion: completion, lights: { none: 1, green: 2 } }] })
const trend = { days: ['2025-12-31', '2026-10-31'], series: ['count', 'none', 'green', 'plan_completion'], whole: { points: [[1, 1, 0, 5], [3, 0, 3, 60]] }, by_unit: [{ id: 'u', points: [[0, 0, 0, null], [3, 0, 3, 60]] }] }

test('a trend ends with now', () => {
	assert.deepEqual(w.trendOf(trend, 'unit', 'u', body(70).by_unit[0].lights, '2026-11-22'), [{ day: '2025-12-31', lights: { none: 0, green: 0 } }, { day: '2026-10-31', lights: { none: 0, green: 3 } }, { day: '2026-11-22', lights: { none: 1, green: 2 } }])
	assert.equal(w.trendOf(trend, null, '', { none: 1 }, '2026-11-22').length, 3)
	assert.equal(w.trendOf(null, 'unit', 'u', { none: 1 }, '2026-11-22').length, 0)
})

test('ranks are compared within one year only', () => {
	assert.deepEqual(w.standings(body(70), trend).map((s) => [s.id, s.rank, s.before]), [['u', 1, 1]])
	assert.equal(w.standings(body(70), { ...trend, days: ['2025-11-30', '2025-12-31'] })[0].before, null)
})

test('the curve sums planned and done, and stops where nothing can have been told yet', () => {
	const months = (...v) => [...v, ...Array(12 - v.length).fill(10)]
	const c = w.curveOf({ year: 2026, months: 2, planned: months(10, 20), done: [5, 6, 7, ...Array(9).fill(0)], planned_before: months(), done_before: months() })
	assert.deepEqual(c.planned.slice(0, 3), [10, 30, 40])
	assert.deepEqual(c.done.slice(0, 4), [5, 11, 18, null])
})

test('the funnel counts who came at least so far, and leaves side states aside', () => {
	const stage = (state, count, side = false) => ({ state, count, side, total_investment: 0 })
	const f = w.funnelOf([stage('idea', 3), stage('ready', 0), stage('building', 4), stage('done', 2), stage('stopped', 1, true)])
	assert.deepEqual(f.map((s) => [s.state, s.reached, s.states]), [['idea', 9, ['idea', 'building', 'done']], ['building', 6, ['building', 'done']], ['done', 2, ['done']]])
})

test('an answer in which nothing was written since is the one before, unless the day turned', () => {
	const before = { journal: 7, as_of: null, today: '2026-03-31' }
	assert.equal(w.newer(before, { ...before }), before)
	for (const later of [{ ...before, journal: 8 }, { ...before, today: '2026-04-01' }, { ...before, as_of: '2026-01-31' }])
		assert.equal(w.newer(before, later), later)
	assert.equal(w.newer(null, before), before)
})
