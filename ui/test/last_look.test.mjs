import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, l
before(async () => {
	tool = await open()
	l = await tool.load('base/last_look.ts')
})
after(() => tool.close())

test('each account has its own last look; what is no time counts as none; no storage is no fault', () => {
	const kept = new Map()
	const storage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) }
	assert.equal(l.lastLook(storage, 'a'), null)
	l.looked(storage, 'a', '2026-11-22T08:00:00Z')
	assert.equal(l.lastLook(storage, 'a'), '2026-11-22T08:00:00Z')
	assert.equal(l.lastLook(storage, 'b'), null)
	l.looked(storage, 'b', 'yesterday')
	assert.equal(l.lastLook(storage, 'b'), null)
	const refused = { getItem: () => { throw new Error('denied') }, setItem: () => { throw new Error('denied') } }
	l.looked(refused, 'a', 'x')
	assert.equal(l.lastLook(refused, 'a'), null)
})
