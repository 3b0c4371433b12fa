import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, r
before(async () => {
	tool = await open()
	r = await tool.load('base/rotation.ts')
})
after(() => tool.close())

test('the address says which panels, in which order, how long', () => {
	assert.deepEqual(r.readRotation(new URLSearchParams('panels=units,lights,nonsense,units&seconds=8&pause=1')), { panels: ['units', 'lights'], seconds: 8, paused: true })
	assert.deepEqual(r.readRotation(new URLSearchParams('seconds=x')), { panels: [...r.PANELS], seconds: 20, paused: false })
	assert.equal(r.readRotation(new URLSearchParams('seconds=0.1')).seconds, 3)
})

test('a wide wall shows several panels beside each other, each once, and all of them in turn', () => {
	assert.deepEqual([[1920, 1080], [3840, 2160], [7680, 2160], [5760, 1080], [360, 760]].map(([w, h]) => r.columnsFor(w, h)), [1, 1, 2, 3, 1])
	const panels = ['figures', 'lights', 'units']
	assert.deepEqual([0, 1, 2, 3, -1].map((turn) => r.inSight(panels, turn, 2)), [['figures', 'lights'], ['units', 'figures'], ['lights', 'units'], ['figures', 'lights'], ['lights', 'units']])
	assert.deepEqual(r.inSight(['lights'], 5, 3), ['lights'])
})

test('a long list goes on at each visit and begins again', () => {
	const list = [1, 2, 3, 4, 5]
	assert.deepEqual([0, 1, 2, 3].map((v) => r.pageOf(list, 2, v).rows), [[1, 2], [3, 4], [5], [1, 2]])
	assert.deepEqual(r.pageOf([], 2, 3), { rows: [], page: 1, pages: 1 })
})
