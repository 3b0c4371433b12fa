import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, q
before(async () => {
	tool = await open()
	q = await tool.load('base/query.ts')
})
after(() => tool.close())

test('a query survives the way through an address', () => {
	const query = {
		filter: [{ field: 'light', op: 'ge', values: ['2'] }, { field: 'category', op: 'in', values: ['industry', 'road'] }, { field: 'title', op: 'text', values: ['甲;乙:丙,50%'] }, { field: 'last_report', op: 'empty', values: [] }],
		sort: [{ field: 'light', descending: true }, { field: 'title', descending: false }],
		columns: ['title', 'light'], sums: ['total_investment'], group: '', asOf: '2026-03-31',
	}
	const text = q.queryText(query)
	assert.deepEqual(q.parseQuery(new URLSearchParams(text)), query)
	assert.match(text, /^filter=light:ge:2;category:in:industry,road;/)
})

test('terms that are none are kept for the server to name, and so is a lone percent sign', () => {
	assert.deepEqual(q.parseFilter('light;x:nonsense:1;a:eq:5%'), [{ field: 'light', op: '', values: [] }, { field: 'x', op: 'nonsense', values: ['1'] }, { field: 'a', op: 'eq', values: ['5%'] }])
	assert.deepEqual(['eq', 'nonsense', ''].map(q.isOp), [true, false, false])
})

test('a field has one term; an empty value takes it away', () => {
	const terms = [{ field: 'a', op: 'eq', values: ['1'] }, { field: 'b', op: 'eq', values: ['2'] }]
	assert.deepEqual(q.withTerm(terms, 'a', 'in', ['3', '4']), [{ field: 'b', op: 'eq', values: ['2'] }, { field: 'a', op: 'in', values: ['3', '4'] }])
	assert.deepEqual(q.withTerm(terms, 'a', null), [{ field: 'b', op: 'eq', values: ['2'] }])
	assert.deepEqual(q.withTerm(terms, 'a', 'eq', []), [{ field: 'b', op: 'eq', values: ['2'] }])
})

test('a heading turns from up to down to off, and Shift joins keys', () => {
	const up = q.nextSort([], 'a', false)
	assert.deepEqual(up, [{ field: 'a', descending: false }])
	const down = q.nextSort(up, 'a', false)
	assert.deepEqual(down, [{ field: 'a', descending: true }])
	assert.deepEqual(q.nextSort(down, 'a', false), [])
	assert.deepEqual(q.nextSort(down, 'b', true), [{ field: 'a', descending: true }, { field: 'b', descending: false }])
	assert.deepEqual(q.nextSort(down, 'b', false), [{ field: 'b', descending: false }])
})
