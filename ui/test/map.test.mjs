import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, datum, shape, data
before(async () => {
	tool = await open()
	datum = await tool.load('views/datum.ts')
	shape = await tool.load('views/shapefile.ts')
	data = await tool.load('base/map_data.ts')
})
after(() => tool.close())
const near = (got, want, within, what) => assert.ok(Math.hypot(got[0] - want[0], got[1] - want[1]) < within, `${what}: ${got} is not ${want}`)

// WGS-84 and GCJ-02 of places in Shanghai, Shenzhen and Beijing as the tests of the public eviltransform library print them.
const PAIRS = [
	[[121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
	[[113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
	[[116.377817, 39.911954], [116.38404722455657, 39.91334545536069]],
]
test('GCJ-02 as published, both ways', () => {
	for (const [wgs, gcj] of PAIRS) {
		near(datum.wgsToGcj(wgs), gcj, 1e-6, 'to GCJ-02')
		near(datum.gcjToWgs(datum.wgsToGcj(wgs)), wgs, 1e-9, 'and back')
	}
})

test('BD-09 as published by its own service, and back', () => {
	// (39.915, 116.404) in GCJ-02 is (39.92133699351021, 116.41036949371029) in BD-09: the example everybody prints
	near(datum.gcjToBd([116.404, 39.915]), [116.41036949371029, 39.92133699351021], 1e-9, 'to BD-09')
	near(datum.bdToGcj([116.41036949371029, 39.92133699351021]), [116.404, 39.915], 1e-9, 'and back')
	near(datum.toWgs(datum.gcjToBd(datum.wgsToGcj([120.1, 30.2])), 'bd09'), [120.1, 30.2], 1e-8, 'all the way')
})

test('outside China and in CGCS2000 nothing moves; nesting is kept', () => {
	assert.deepEqual(datum.toWgs([2.35, 48.85], 'gcj02'), [2.35, 48.85])
	assert.deepEqual(datum.convert([[[[120.5, 36.1], [120.6, 36.2, 15]]]], 'cgcs2000'), [[[[120.5, 36.1], [120.6, 36.2]]]])
})

/** A shapefile of one square with a hole and one empty record. */
function square() {
	const rings = [[[0, 0], [0, 4], [4, 4], [4, 0], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]
	const points = rings.flat(), content = 44 + 8 + points.length * 16
	const bytes = new ArrayBuffer(100 + 8 + content + 8 + 4)
	const view = new DataView(bytes)
	view.setInt32(0, 9994)
	view.setInt32(100, 1)
	view.setInt32(104, content / 2)
	view.setInt32(108, 5, true)
	view.setInt32(144, 2, true)
	view.setInt32(148, points.length, true)
	view.setInt32(156, 5, true)
	points.forEach(([x, y], i) => (view.setFloat64(160 + i * 16, x, true), view.setFloat64(168 + i * 16, y, true)))
	view.setInt32(108 + content, 2)
	view.setInt32(108 + content + 4, 2)
	return bytes
}
/** A .dbf of a name and a number, the name in the bytes given. */
function table(name) {
	const bytes = new Uint8Array(32 + 64 + 1 + 2 * 17)
	const view = new DataView(bytes.buffer)
	view.setUint32(4, 2, true)
	view.setUint16(8, 97, true)
	view.setUint16(10, 17, true)
	bytes.set(Buffer.from('NAME'), 32)
	bytes[43] = 67
	bytes[48] = 10
	bytes.set(Buffer.from('CODE'), 64)
	bytes[75] = 78
	bytes[80] = 6
	bytes[96] = 13
	bytes.fill(32, 97)
	bytes.set(name, 98)
	bytes.set(Buffer.from('110101'), 108)
	return bytes.buffer
}
const GBK = [0xb6, 0xab, 0xb3, 0xc7] // 东城

test('a shapefile: an area with its hole, attributes in GBK named or not, a record without geometry', () => {
	for (const [dbf, cpg] of [[table(GBK), 'GBK'], [table(GBK), null], [table(Buffer.from('东城')), 'UTF-8'], [table(Buffer.from('东城')), null]]) {
		const [one, two] = shape.readShapefile(square(), dbf, cpg)
		assert.deepEqual(one.properties, { NAME: '东城', CODE: 110101 })
		assert.equal(one.geometry.type, 'Polygon')
		assert.equal(one.geometry.coordinates.length, 2)
		assert.equal(two.geometry, null)
	}
})

test('a cut shapefile says at which record; metres are refused by name; the datum is read from the .prj', () => {
	const whole = square()
	for (const n of [0, 50, 103, 160, 200, whole.byteLength - 1])
		try {
			shape.readShapefile(whole.slice(0, n), null, null)
		} catch (e) {
			assert.ok(e instanceof shape.ShapeError, String(e))
		}
	assert.throws(() => shape.readShapefile(whole.slice(0, 200), null, null), { word: 'layer.bad.cut' })
	assert.throws(() => shape.datumOfPrj('PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS[...]]'), { word: 'layer.bad.projected' })
	assert.equal(shape.datumOfPrj('GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000"]]'), 'cgcs2000')
	assert.equal(shape.datumOfPrj('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]'), 'wgs84')
})

test('places as the server packs them: numbers by their steps, coordinates by their letters', () => {
	const { points, nowhere } = data.unpackPlaces({
		nowhere: 2, numbers: ['XM2025-00098', 1, 2, 'XM2026-00001', -1, '无号'], lights: '63 420', shapes: [],
		east: { least: -17900000, letters: 2, text: 'AAAB-_A_BA__' }, north: { least: 3621300, letters: 1, text: 'AB_Aab' },
	})
	assert.equal(nowhere, 2)
	assert.deepEqual(points.map((p) => p.number), ['XM2025-00098', 'XM2025-00099', 'XM2025-00101', 'XM2026-00001', 'XM2026-00000', '无号'])
	assert.deepEqual(points.map((p) => p.light), [3, 0, null, 1, -1, -3])
	assert.deepEqual(points.map((p) => Math.round(p.east * 1e5) + 17900000), [0, 1, 62 * 64 + 63, 63, 64, 4095])
	assert.deepEqual(points.map((p) => Math.round(p.north * 1e5) - 3621300), [0, 1, 63, 0, 26, 27])
})
