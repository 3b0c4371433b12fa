// Places as typed and as stored.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, positionsOf, ringsOf, shapeOf, typedPositions, textOf, withRing
before(async () => {
	tool = await open()
	;({ positionsOf, ringsOf, shapeOf, typedPositions, textOf, withRing } = await tool.load('base/place.ts'))
})
after(() => tool.close())

test('a shape is what its positions say, and comes back from what is stored', () => {
	const three = [[104, 32], [104.1, 32], [104.1, 32.1]]
	assert.equal(shapeOf('area', []), null)
	assert.equal(shapeOf('area', three.slice(1)), undefined, 'two corners are no area')
	assert.equal(shapeOf('point', three), undefined)
	for (const [shape, p] of [['point', three.slice(2)], ['line', three.slice(1)], ['area', three]])
		assert.deepEqual(positionsOf(shapeOf(shape, p)), p)
	assert.equal(shapeOf('area', three).coordinates[0].length, 4, 'closed')
})

test('of an area with holes and parts one border is changed and the others stay', () => {
	const square = (x) => [[x, 0], [x + 1, 0], [x + 1, 1], [x, 0]]
	const area = { type: 'MultiPolygon', coordinates: [[square(0), square(0.1)], [square(5)]] }
	const before = JSON.stringify(area)
	assert.deepEqual(ringsOf(area), [{ part: 0, hole: 0 }, { part: 0, hole: 1 }, { part: 1, hole: 0 }])
	assert.deepEqual(positionsOf(area, 2), square(5).slice(0, -1))
	const moved = square(9)
	assert.deepEqual(withRing(area, 0, moved.slice(0, -1)), { type: 'MultiPolygon', coordinates: [[moved, square(0.1)], [square(5)]] })
	assert.deepEqual(withRing(area, 1, []), { type: 'MultiPolygon', coordinates: [[square(0)], [square(5)]] }, 'a hole is filled')
	assert.deepEqual(withRing(area, 2, []), { type: 'Polygon', coordinates: [square(0), square(0.1)] }, 'a part goes')
	assert.equal(withRing(area, 2, moved.slice(0, 2)), undefined, 'two corners are no border')
	assert.equal(withRing({ type: 'Polygon', coordinates: [square(0)] }, 0, []), null)
	assert.equal(JSON.stringify(area), before, 'what is stored is not touched')
})

test('text: one a line, any comma, in its datum; nonsense is none', () => {
	assert.deepEqual(typedPositions('104, 32\n104.1，32.1; 105 33', 'wgs84'), [[104, 32], [104.1, 32.1], [105, 33]])
	assert.deepEqual(typedPositions('', 'bd09'), [])
	for (const bad of ['104', '104, 95', '190, 3', 'a, b', '1, 2, 3'])
		assert.equal(typedPositions(bad, 'wgs84'), null, bad)
	assert.equal(textOf([[104, 32], [105, 33]]), '104, 32\n105, 33')
	const [[x, y]] = typedPositions('116.403988, 39.914266', 'gcj02')
	assert.ok(Math.abs(x - 116.39775) < 1e-4 && Math.abs(y - 39.91286) < 1e-4)
})
