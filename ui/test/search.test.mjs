import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { open } from './load.mjs'

let tool, s, vocabulary
const register = (name) => JSON.parse(readFileSync(new URL(`../../registers/${name}.json`, import.meta.url)))
before(async () => {
	tool = await open()
	s = await tool.load('base/search.ts')
	const units = [{ id: 'u1', names: ['青石镇'], kind: 'town', area: 'a1' }, { id: 'u2', names: ['白沙街道'], kind: 'town', area: 'a3' }, { id: 'u3', names: ['县工业和信息化局', '工信局'], kind: 'department' }]
	const areas = [{ id: 'a1', names: ['青石镇'] }, { id: 'a2', names: ['澜川县（虚构）'] }]
	vocabulary = s.vocabularyOf(register('project'), register('unit'), units, areas, '2026-11-22')
})
after(() => tool.close())
const said = (text) => {
	const u = s.understand(text, vocabulary)
	return [...u.meanings.map((m) => [m.term.field, m.term.op, ...m.term.values].join(':')), ...(u.text ? ['"' + u.text + '"'] : [])]
}

for (const [typed, ...meant] of [
	['红灯 未开工 镇街', 'light:eq:3', 'actual_start:empty', 'area:in:a1:a3'],
	['红灯未开工的镇街项目', 'light:eq:3', 'actual_start:empty', 'area:in:a1:a3'],
	['逾期 工业 青石镇', 'days_late:gt:0', 'category:eq:industry', 'area:under:a1'],
	['逾期问题', 'issues_overdue:gt:0'],
	['部门', 'lead_unit:in:u3'],
	['工信局 在建', 'lead_unit:under:u3', 'state:eq:building'],
	['工业和信息化局', 'lead_unit:under:u3'],
	['澜川县 绿灯', 'area:under:a2', 'light:eq:0'],
	['红灯 黄灯', 'light:in:3:1'],
	['红灯 红牌', 'light:eq:3'],
	['1亿元以上 交通', 'total_investment:ge:10000000000', 'category:eq:transport'],
	['不足5000万', 'total_investment:le:5000000000'],
	['2026年开工', 'planned_start:ge:2026-01-01', 'planned_start:le:2026-12-31'],
	['今年竣工', 'planned_finish:ge:2026-01-01', 'planned_finish:le:2026-12-31'],
	['2027', 'planned_start:le:2027-12-31', 'planned_finish:ge:2027-01-01'],
	['新开工 省重点', 'class:eq:new_start', 'programmes:has:provincial'],
	['overdue industry projects in 青石镇', 'days_late:gt:0', 'category:eq:industry', 'area:under:a1'],
	['red not started towns', 'light:eq:3', 'actual_start:empty', 'area:in:a1:a3'],
	['never reported, behind schedule', 'last_report:empty', 'time_variance:lt:0'],
	['over 100 million services', 'total_investment:ge:10000000000', 'category:eq:services'],
	['ＲＥＤ　lights', 'light:eq:3'],
	// names stay whole
	['青石镇产业园扩建', '"青石镇产业园扩建"'],
	['红灯 轴承', 'light:eq:3', '"轴承"'],
	['redwood lodge', '"redwood lodge"'],
	['2026-370102-04-01-123456', '"2026-370102-04-01-123456"'],
	['XM2026-0012', '"xm2026-0012"'],
	['', ...[]],
	['的 项目', ...[]],
])
	test(`"${typed}" means ${meant.join(' and ') || 'nothing'}`, () => assert.deepEqual(said(typed), meant))

test('what was understood becomes a query, the rest a search in the title', () => {
	assert.deepEqual(s.termsOf(s.understand('红灯 轴承', vocabulary)), [{ field: 'light', op: 'eq', values: ['3'] }, { field: 'title', op: 'text', values: ['轴承'] }])
})

test('each phrase of the vocabulary is understood as itself, by itself', () => {
	for (const list of vocabulary.byFirst.values())
		for (const { word } of list) {
			const u = s.understand(word, vocabulary)
			assert.equal(u.text, '', word)
			assert.ok(u.meanings.length >= 1, word)
		}
})

test('suggestions go on from the last word', () => {
	assert.ok(s.suggest('红灯 未', vocabulary).includes('未开工'))
	assert.ok(s.suggest('over', vocabulary).includes('overdue'))
	assert.deepEqual(s.suggest('红灯 ', vocabulary), [])
})

test('a name is found by its pinyin, whole or by first letters, as the server finds it', async () => {
	const { parseReadings, soundsLike } = await tool.load('base/pinyin.ts')
	const file = (name) => readFileSync(new URL('../../' + name, import.meta.url), 'utf8')
	const readings = parseReadings(file('facts/pinyin.txt'))
	const cases = file('test/golden/pinyin.tsv').trim().split('\n').slice(1).map((l) => l.split('\t'))
	assert.ok(cases.length > 10)
	for (const [text, typed, found] of cases)
		assert.equal(soundsLike(text, typed, readings), found === 'yes', `${typed} in ${text}`)
	assert.equal(s.closeness('轴承生产线扩建', 'zcsc', readings), 1)
	assert.equal(s.closeness('轴承生产线扩建', 'zcsc', null), 0)
	assert.ok(s.closeness('轴承生产线扩建', '轴承', readings) > s.closeness('新轴承', '轴承', readings))
})
