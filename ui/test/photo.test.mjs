import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { open } from './load.mjs'

let tool, sha, exif
before(async () => {
	tool = await open()
	sha = await tool.load('base/sha256.ts')
	exif = await tool.load('base/exif.ts')
})
after(() => tool.close())

test('our SHA-256 is that of the browser, at every length around the block', () => {
	for (const n of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 65537]) {
		const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 131 + n) & 255)
		assert.equal(sha.sha256(bytes), createHash('sha256').update(bytes).digest('hex'), `${n} bytes`)
	}
})

const JPEG = Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9])

test('time and place are read back as they were written', () => {
	for (const taken of [
		{ at: '2026-03-31T08:15:30', zone: '+08:00', longitude: 126.2, latitude: 44.51 },
		{ at: '2026-03-31T08:15:30', zone: null, longitude: null, latitude: null },
		{ at: null, zone: null, longitude: -70.25, latitude: -33.5 },
		{ at: '1999-12-31T23:59:59', zone: '-03:30', longitude: 0.0001, latitude: -0.0002 },
	]) {
		const got = exif.readExif(exif.writeExif(JPEG, taken))
		assert.equal(got.at, taken.at)
		assert.equal(got.zone, taken.zone)
		for (const name of ['longitude', 'latitude'])
			assert.ok(taken[name] == null ? got[name] == null : Math.abs(got[name] - taken[name]) < 1e-6, name)
	}
	assert.deepEqual([...exif.writeExif(JPEG, exif.NOTHING)], [...JPEG])
})

test('a damaged block is read as far as it goes and never fails', () => {
	const whole = exif.writeExif(JPEG, { at: '2026-03-31T08:15:30', zone: '+08:00', longitude: 126.2, latitude: 44.51 })
	for (let n = 0; n < whole.length; n++)
		exif.readExif(whole.subarray(0, n))
	for (let i = 0; i < whole.length; i++)
		for (const turn of [1, 127, 255])
			exif.readExif(whole.map((b, k) => (k === i ? b ^ turn : b)))
})
