import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, useAction, refusal, Problem
before(async () => {
	tool = await open()
	;({ useAction, refusal } = await tool.load('base/action.ts'))
	;({ Problem } = await tool.load('base/api.ts'))
})
after(() => tool.close())

const refuse = () => { throw new Problem(422, { detail: 'no' }) }

test('an action is busy until it is done, and says whether it went well', async () => {
	const { busy, problem, run } = useAction()
	let finish
	const going = run(() => new Promise((resolve) => (finish = resolve)))
	assert.equal(busy.value, true)
	let begun = false
	assert.equal(await run(() => (begun = true)), false) // pressed twice
	assert.equal(begun, false)
	finish()
	assert.equal(await going, true)
	assert.equal(busy.value, false)
	assert.equal(problem.value, null)
})

test('a refusal is kept until the next try; a fault of ours is not swallowed', async () => {
	const { busy, problem, run } = useAction()
	assert.equal(await run(refuse), false)
	assert.equal(problem.value.message, 'no')
	assert.equal(busy.value, false)
	await assert.rejects(run(() => { throw new RangeError('ours') }), RangeError)
	assert.equal(busy.value, false)
	assert.equal(problem.value, null)
	assert.equal(await run(async () => {}), true)
})

test('what was refused, or nothing', async () => {
	assert.equal((await refusal(refuse)).status, 422)
	assert.equal(await refusal(async () => 1), null)
	await assert.rejects(refusal(() => Promise.reject(new TypeError('ours'))), TypeError)
})
