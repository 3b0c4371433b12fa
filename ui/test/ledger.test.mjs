import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, tsv, cell, address, keys, marks, pasting
before(async () => {
	tool = await open()
	tsv = await tool.load('ledger/tsv.ts')
	cell = await tool.load('ledger/cell_text.ts')
	address = await tool.load('ledger/address.ts')
	keys = await tool.load('views/grid/keys.ts')
	marks = await tool.load('views/grid/marks.ts')
	pasting = await tool.load('ledger/pasting.ts')
})
after(() => tool.close())

test('a table from a spreadsheet comes apart into its cells', () => {
	assert.deepEqual(tsv.parseTsv('a\tb\r\nc\td\r\n'), [['a', 'b'], ['c', 'd']])
	assert.deepEqual(tsv.parseTsv('one'), [['one']])
	assert.deepEqual(tsv.parseTsv('a\t\n\tb'), [['a', ''], ['', 'b']])
	assert.deepEqual(tsv.parseTsv('"two\nlines"\t"say ""so"""\t5"'), [['two\nlines', 'say "so"', '5"']])
	assert.deepEqual(tsv.parseTsv(''), [])
})

test('what is copied is pasted as the same', () => {
	const table = [['plain', 'tab\there', 'line\nbreak'], ['"quoted"', '', 'end']]
	assert.deepEqual(tsv.parseTsv(tsv.writeTsv(table)), table)
})

const field = (type, more = {}) => ({ name: 'f', type, label: { zh: '字段', en: 'Field' }, ...more })

test('cells are read as people write them', () => {
	const value = (type, text, more) => cell.readCell(field(type, more), text).value
	assert.equal(value('money', '1,234.56'), 1234560000)
	assert.equal(value('money', '１２万元'), 12000000)
	assert.equal(value('money', '3.5亿'), 35000000000)
	assert.equal(value('money', '100元'), 10000)
	assert.equal(value('money', ''), null)
	assert.equal(value('percent', '35.5%'), 35.5)
	assert.equal(value('integer', '1,000'), 1000)
	for (const text of ['2026-03-05', '2026/3/5', '2026.3.5', '20260305', '2026年3月5日', '２０２６-０３-０５'])
		assert.equal(value('date', text), '2026-03-05', text)
	assert.equal(value('month', '2026年3月'), '2026-03')
	assert.equal(value('yesno', '是'), true)
	assert.equal(value('yesno', 'no'), false)
	const choices = { choices: [{ name: 'road', label: { zh: '道路', en: 'Road' } }, { name: 'old', label: { zh: '旧', en: 'Old' }, retired: true }] }
	assert.equal(value('choice', '道路', choices), 'road')
	assert.equal(value('choice', 'ROAD', choices), 'road')
	assert.deepEqual(value('choices', '道路、Road', choices), ['road', 'road'])
	assert.deepEqual(cell.readCell(field('refs', { to: 'unit' }), '甲局、乙局'), { lookup: ['甲局', '乙局'], many: true })
})

test('what is no such value says which it should be', () => {
	const bad = (type, text, more) => cell.readCell(field(type, more), text).bad
	assert.equal(bad('money', '一百'), 'money')
	assert.equal(bad('integer', '1.5'), 'number')
	assert.equal(bad('date', '2026-02-30'), 'date')
	assert.equal(bad('date', '三月'), 'date')
	assert.equal(bad('month', '2026-13'), 'month')
	assert.equal(bad('choice', '桥', { choices: [] }), 'choice')
	assert.equal(bad('yesno', '也许'), 'yesno')
	assert.equal(bad('derived', '1'), 'readonly')
	assert.equal(bad('text', 'x', { retired: true }), 'readonly')
})

test('a written cell reads back as the same value', () => {
	for (const [type, value, more] of [['money', 1234567, {}], ['date', '2026-03-05', {}], ['yesno', false, {}], ['text', '甲 "乙"', {}], ['percent', 12.25, {}], ['choices', ['a', 'b'], { choices: [{ name: 'a', label: { zh: '甲', en: 'A' } }, { name: 'b', label: { zh: '乙', en: 'B' } }] }]])
		for (const lang of ['zh', 'en'])
			assert.deepEqual(cell.readCell(field(type, more), cell.writeCell(field(type, more), value, {}, lang)).value, value, `${type} ${lang}`)
})

test('the whole view survives the way through an address', () => {
	const view = { filter: [{ field: 'light', op: 'ge', values: ['2'] }], sort: [{ field: 'title', descending: true }], columns: ['title', 'light'], sums: [], group: 'area', asOf: '', shape: 'chart', by: 'area', measure: 'lights', pinned: ['title', 'light'], widths: { title: 300, light: 90 }, peek: 'x' }
	assert.deepEqual(address.parseView(new URLSearchParams(address.viewText(view))), view)
	assert.equal(address.viewText(address.parseView(new URLSearchParams(''))), '')
	assert.equal(address.parseView(new URLSearchParams('shape=cube&widths=title:x,light:70')).shape, 'table')
	assert.deepEqual(address.parseView(new URLSearchParams('widths=title:x,light:70')).widths, { light: 70 })
	assert.doesNotMatch(address.keptText(view), /peek/)
	assert.deepEqual(address.inOrder(['a', 'b', 'c'], ['c', 'a']), ['a', 'c', 'b'])
})

test('keys mean the same as in a spreadsheet', () => {
	const press = (key, more = {}, on = 'row') => keys.commandOf({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more }, on)
	assert.deepEqual(press('ArrowDown', { shiftKey: true }), { do: 'move', lines: 1, columns: 0, extend: true })
	assert.deepEqual(press('End', { ctrlKey: true }), { do: 'edge', to: 'bottom', extend: false })
	assert.deepEqual(press('F2'), { do: 'edit', typed: null })
	assert.deepEqual(press('7'), { do: 'edit', typed: '7' })
	assert.deepEqual(press('z', { ctrlKey: true }), { do: 'undo' })
	assert.deepEqual(press('/'), { do: 'search' })
	assert.deepEqual(press('?', { shiftKey: true }), { do: 'help' })
	assert.deepEqual(press('Enter', { shiftKey: true }, 'heading'), { do: 'sort', join: true })
	assert.deepEqual(press('ArrowRight', {}, 'group'), { do: 'fold', open: true })
	assert.equal(press('7', {}, 'heading'), null)
	assert.equal(press('a', { isComposing: true }), null)
})

test('ticks hold for all with those taken out, and the marked block turns either way', () => {
	const m = new marks.Marks()
	m.tick('a')
	assert.equal(m.count(10), 1)
	m.tickAll(true)
	m.tick('a', false)
	assert.equal(m.count(10), 9)
	assert.equal(m.isTicked('a'), false)
	assert.equal(m.isTicked('b'), true)
	m.move({ line: 5, column: 3 }, false)
	m.move({ line: 2, column: 1 }, true)
	m.move({ line: 3, column: 4 }, true)
	assert.deepEqual(m.block(), { top: 3, bottom: 5, left: 3, right: 4 })
	m.move({ line: 0, column: 0 }, false)
	assert.equal(m.has(0, 0), false)
})

test('one copied cell fills the marked block; a table stays as it is', () => {
	assert.deepEqual(pasting.spread([['x']], 2, 2), [['x', 'x'], ['x', 'x']])
	assert.deepEqual(pasting.spread([['x', 'y']], 2, 2), [['x', 'y']])
	assert.deepEqual(pasting.spread([['x']], 1, 1), [['x']])
})
