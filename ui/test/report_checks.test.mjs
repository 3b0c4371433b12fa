import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, check
before(async () => {
	tool = await open()
	;({ checkReport: check } = await tool.load('base/report_checks.ts'))
})
after(() => tool.close())

const last = { period_kind: 'month', period: '2026-09-30', investment: 100, investment_year: 900, work_completed: 60, visual_progress: '主体三层' }
const good = { period_kind: 'month', period: '2026-10-31', investment: 120, investment_year: 1020, work_completed: 65, visual_progress: '主体四层', photos: ['x'], forecast_finish: '2027-03-01' }
const words = (now, before = last) => check({ ...good, ...now }, before, '2026-11-02').map((f) => f.word)

test('a sound report passes', () => assert.deepEqual(words({}), []))
test('sums that do not add up are seen', () => {
	assert.deepEqual(words({ investment_year: 1000 }), ['check.yearsum'])
	assert.deepEqual(words({ investment_year: 800 }), ['check.yearfell'])
	assert.deepEqual(words({ period: '2027-01-31', investment_year: 120 }), ['check.future'])
})
test('what is missing, copied or gone by is seen', () => {
	assert.deepEqual(words({ investment: null, investment_year: null }), ['check.noinvestment'])
	assert.deepEqual(words({ visual_progress: '主体三层 ' }), ['check.sameprogress'])
	assert.deepEqual(words({ forecast_finish: '2026-10-01' }), ['check.pastfinish'])
	assert.deepEqual(words({ photos: [] }), ['check.nophotos'])
	assert.deepEqual(words({ period: '2026-09-30' }), ['check.twice'])
	assert.deepEqual(words({ work_completed: 50 }), ['check.workfell'])
})
test('a first report has nothing to compare with', () => assert.deepEqual(words({}, null), []))
