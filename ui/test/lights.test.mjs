import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, lights, wall
before(async () => {
	tool = await open()
	lights = await tool.load('base/lights.ts')
	wall = await tool.load('base/wall.ts')
})
after(() => tool.close())

test('severities and slots are each other\'s inverse, and each slot has its own shape', () => {
	for (const slot of lights.SLOTS)
		assert.equal(lights.slotOf(lights.severityOf[slot]), slot)
	assert.equal(new Set(Object.values(lights.SHAPES)).size, Object.keys(lights.SHAPES).length)
	assert.equal(lights.slotOf(null), 'outside')
})

test('no data stands before red, red before the rest', () => {
	const groups = [{ green: 9 }, { serious: 5, green: 1 }, { none: 1, green: 8 }, { watch: 3 }, { serious: 5, warn: 1 }]
	assert.deepEqual(groups.sort(lights.worseFirst), [{ none: 1, green: 8 }, { serious: 5, warn: 1 }, { serious: 5, green: 1 }, { watch: 3 }, { green: 9 }])
})

test('a number on the wall leads to the list behind it', () => {
	assert.equal(wall.listLink([wall.groupTerm('unit', 'u1'), wall.slotTerm('serious')], '2026-03-31'), '#/list/project?filter=lead_unit:under:u1;light:eq:3&as_of=2026-03-31')
	assert.equal(wall.listLink([wall.groupTerm('category', '')], ''), '#/list/project?filter=category:empty:')
	assert.equal(wall.figureLink({ query: 'filter=light:ge:2' }, '2026-03-31'), '#/list/project?filter=light:ge:2&as_of=2026-03-31')
	assert.equal(wall.timePercent(0.8959), 89.59)
})
