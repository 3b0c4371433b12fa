import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { open } from './load.mjs'

let tool, helpSections
before(async () => {
	tool = await open()
	helpSections = (await tool.load('base/help.ts')).helpSections
})
after(() => tool.close())
const sections = (lang) => [...readFileSync(new URL(`../../docs/user.${lang}.md`, import.meta.url), 'utf8').matchAll(/^<!-- help: (\S+) -->$/gm)].map((m) => m[1])
const ask = (address) => {
	const [path, params] = address.split('?')
	return helpSections(path.split('/'), new URLSearchParams(params))
}

test('both manuals have the same sections', () => assert.deepEqual(sections('zh'), sections('en')))

test('every page that the frame knows has its sections in the manual, and only an unknown one has the last resort', () => {
	const frame = readFileSync(new URL('../src/App.vue', import.meta.url), 'utf8')
	const pages = [...frame.matchAll(/case '(\w+)'/g)].map((m) => m[1])
	assert.ok(pages.length > 12, pages.join())
	const known = new Set(sections('zh'))
	const addresses = [...pages, 'list/project?shape=board', 'list/project?shape=chart', 'list/project?shape=map', 'r/issue/1', 'new/issue', 'edit/change_request/1', 'r/unit/1']
	for (const address of addresses) {
		const found = ask(address)
		assert.ok(found.length && !found.includes('messages'), address)
		for (const s of found)
			assert.ok(known.has(s), `${address}: ${s}`)
	}
	assert.deepEqual(ask('nothing'), ['messages'])
	const told = new Set(addresses.flatMap(ask))
	assert.deepEqual(sections('zh').filter((s) => !told.has(s)), ['search', 'messages'], 'what is told of no page')
})
