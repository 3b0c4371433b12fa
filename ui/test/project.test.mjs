import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, c, s, p, relay
before(async () => {
	tool = await open()
	c = await tool.load('base/project_curves.ts')
	s = await tool.load('base/slip.ts')
	p = await tool.load('base/project.ts')
	relay = await tool.load('base/relay.ts')
})
after(() => tool.close())

const report = (period, fields, state = 'verified') => ({ state, fields: { period, ...fields } })
const plan = (year, sum, months = {}) => ({ state: 'in_force', fields: { year, annual_plan_investment: sum, ...months } })

test('a year without months is spread evenly, one with months as they are told', () => {
	const even = c.investmentCurve([plan(2026, 1200)], [], 2026)
	assert.deepEqual([even.planned[0], even.planned[11], even.even], [100, 1200, true])
	const told = c.investmentCurve([plan(2026, 1200, { month_03: 700, month_12: 500 })], [], 2026)
	assert.deepEqual([told.planned[1], told.planned[2], told.planned[11], told.even], [0, 700, 1200, false])
})

test('the whole life goes on from what was done before; drafts do not count; a silent month is unknown', () => {
	const reports = [report('2025-11-30', { investment_year: 30, investment_total: 130 }), report('2026-01-31', { investment_year: 10, investment_total: 140 }), report('2026-02-28', { investment_total: 999 }, 'draft')]
	const life = c.investmentCurve([plan(2025, 120), plan(2026, 240)], reports, null)
	assert.deepEqual([life.months[0], life.months[23], life.months.length], ['2025-01', '2026-12', 24])
	assert.deepEqual([life.planned[0], life.planned[11], life.planned[23]], [110, 220, 460])
	assert.deepEqual(life.actual.slice(10, 14), [130, null, 140, null])
	assert.deepEqual(c.latest(life), { month: '2026-01', actual: 140, planned: 240 })
	assert.deepEqual(c.investmentCurve([plan(2026, 240)], reports, 2026).actual.slice(0, 2), [10, null])
})

test('one cadence a month, so that days, weeks and months never count twice', () => {
	const reports = [report('2026-01-07', { period_kind: 'week', investment: 3 }), report('2026-01-14', { period_kind: 'week', investment: 4 }), report('2026-01-31', { period_kind: 'month', investment: 9 }), report('2026-02-07', { period_kind: 'week', investment: 5 }), report('2026-02-07', { period_kind: 'day', investment: 1 }), report('2026-03-31', { period_kind: 'month', investment_year: 20 }), report('2026-03-31', { period_kind: 'month', investment: 99 }, 'returned')]
	assert.deepEqual(c.investmentCurve([plan(2026, 120)], reports, 2026).actual.slice(0, 4), [9, 14, 20, null])
})

test('metres and tonnes are never added up; money and quantities are never mixed', () => {
	const months = c.monthsBetween('2026-01', '2026-04')
	const reports = [report('2026-01-31', { physical_item: '桩', physical_unit: 'pile', physical_volume: 10, investment: 5 }), report('2026-02-28', { physical_item: '钢', physical_unit: 't', physical_volume: 3 }), report('2026-03-31', { physical_item: '桩', physical_unit: 'pile', physical_volume: 5, work_volume: 700 })]
	const tasks = [{ start: '2026-01-01', finish: '2026-02-28', quantity: 59, unit: '根', cost: 5900 }]
	const curves = c.quantityCurves(months, reports, tasks, (u) => (u === 'pile' ? '根' : u))
	assert.deepEqual(curves.map((q) => [q.item, q.unit, q.actual]), [['桩', 'pile', [10, null, 15, null]], ['钢', 't', [null, 3, null, null]]])
	assert.deepEqual(curves[0].planned.map(Math.round), [31, 59, 59, 59])
	assert.deepEqual(curves[1].planned, [null, null, null, null])
	const work = c.workCurve(months, reports, tasks)
	assert.deepEqual([work.kind, work.actual, work.planned], ['money', [null, null, 700, null], [3100, 5900, 5900, 5900]])
})

test('slip counts from both approvals, by what is known; a forecast gone by was none', () => {
	const f = { first_approved: '2026-03-01', planned: '2026-04-01', computed: '2026-05-01' }
	assert.deepEqual([s.slipDays(f, f.first_approved, '2026-02-01'), s.slipDays(f, f.planned, '2026-02-01'), s.standing(f, '2026-02-01').kind], [61, 30, 'computed'])
	assert.equal(s.standing({ ...f, forecast: '2026-04-20' }, '2026-02-01').day, '2026-04-20')
	assert.deepEqual(s.standing(f, '2026-06-01'), { day: '2026-06-01', kind: 'today' })
	assert.equal(s.slipDays({ ...f, actual: '2026-03-25' }, f.planned, '2026-06-01'), -7)
	assert.equal(s.slipDays({}, null, '2026-06-01'), null)
})

test('a record is read back to an earlier day from its journal; before it was made there is none', () => {
	const entry = (no, at, version, changes, state = ['a', 'a']) => ({ no, at: at + 'T10:00:00+08:00', version, changes, state, who: null, step: null, reason: null })
	const now = { id: 'x', state: 'c', version: 3, changed_at: '2026-03-01', fields: { name: '三', photos: ['p'] } }
	const journal = [entry(9, '2026-03-01', 3, [{ field: 'name', before: '二', after: '三' }], ['b', 'c']), entry(5, '2026-02-01', 2, [{ field: 'photos', before: null, after: ['p'] }], ['a', 'b']), entry(1, '2026-01-01', 1, [{ field: 'name', before: null, after: '二' }], [null, 'a'])]
	const at = (day) => p.undoTo(now, journal, day)
	assert.deepEqual([at('2026-03-01').fields.name, at('2026-02-28').fields.name, at('2026-02-28').state], ['三', '二', 'b'])
	assert.deepEqual([at('2026-01-31').fields, at('2026-01-31').version], [{ name: '二', photos: null }, 1])
	assert.equal(at('2025-12-31'), null)
	assert.equal(now.fields.name, '三')
})

test('the legs of a relay have their days; the last one runs while the issue is open', () => {
	const move = (no, day, from, to) => ({ no, at: day + 'T10:00:00+08:00', state: [from, to], changes: [], who: { id: '1', name: '甲' } })
	const journal = [move(7, '2026-01-09', 'accepted', 'assigned'), { ...move(6, '2026-01-05', 'accepted', 'accepted') }, move(3, '2026-01-04', 'reported', 'accepted'), move(1, '2026-01-01', null, 'reported')]
	assert.deepEqual(relay.legsOf(journal, '2026-01-20', true).map((l) => [l.state, l.days]), [['reported', 3], ['accepted', 5], ['assigned', 11]])
	assert.deepEqual(relay.legsOf(journal, '2026-01-05', true).map((l) => [l.state, l.days]), [['reported', 3], ['accepted', 1]])
})
