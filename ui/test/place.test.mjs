// Places as typed and as stored.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, positionsOf, shapeOf, typedPositions, textOf
before(async () => {
	tool = await open()
	;({ positionsOf, shapeOf, typedPositions, textOf } = await tool.load('base/place.ts'))
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
	assert.equal(positionsOf({ type: 'MultiPolygon', coordinates: [] }), null)
	assert.equal(positionsOf({ type: 'Polygon', coordinates: [[], []] }), null, 'a hole is not lost')
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
