import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { open } from './load.mjs'

const src = fileURLToPath(new URL('../src/', import.meta.url))
let tool, zh, en
before(async () => {
	tool = await open()
	;({ zh } = await tool.load('words/zh.ts'))
	;({ en } = await tool.load('words/en.ts'))
})
after(() => tool.close())

const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort()

test('both languages have every word, with the same holes', () => {
	assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort())
	for (const key of Object.keys(zh)) {
		assert.ok(zh[key] && en[key], `${key} is empty`)
		assert.deepEqual(holes(en[key]), holes(zh[key]), key)
	}
})

test('the words of every part come in both languages, with the same holes', async () => {
	for (const name of readdirSync(join(src, 'words')).filter((n) => !/^(zh|en)\.ts$/.test(n)))
		for (const [key, pair] of Object.entries((await tool.load('words/' + name)).words)) {
			assert.equal(pair.length, 2, `${name} ${key}`)
			assert.ok(pair[0] && pair[1], `${name} ${key} is empty`)
			assert.deepEqual(holes(pair[1]), holes(pair[0]), `${name} ${key}`)
			assert.doesNotMatch(pair[1], /[\u4e00-\u9fff“”‘’]/, `${name} ${key}`)
		}
})

test('no English word holds Chinese, nor quotes that the Chinese font draws a character wide', () => {
	for (const [key, text] of Object.entries(en))
		assert.doesNotMatch(text, /[\u4e00-\u9fff“”‘’]/, key)
	for (const guide of ['user', 'admin'])
		assert.doesNotMatch(readFileSync(join(src, `../../docs/${guide}.en.md`), 'utf8'), /[“”‘’]/, guide)
})

test('every word is used, and no page speaks past the words', () => {
	let text = ''
	for (const folder of ['.', 'base', 'pages', 'pages/admin', 'parts', 'ledger', 'project'])
		for (const name of readdirSync(join(src, folder)).filter((n) => /\.(vue|ts)$/.test(n)))
			text += readFileSync(join(src, folder, name), 'utf8')
	const prefixes = [...text.matchAll(/\(?\(?'([a-z.]+\.)' \+/g)].map((m) => m[1])
	for (const key of Object.keys(zh))
		assert.ok(text.includes(`'${key}'`) || prefixes.some((p) => key.startsWith(p)), `${key} is not used`)
	for (const name of ['', 'admin'].flatMap((f) => readdirSync(join(src, 'pages', f)).map((n) => join(f, n))).filter((n) => n.endsWith('.vue'))) {
		const template = readFileSync(join(src, 'pages', name), 'utf8').match(/<template>[\s\S]*<\/template>/)?.[0] ?? ''
		const chinese = template.replace(/<!--[\s\S]*?-->/g, '').match(/[\u4e00-\u9fff]+/g) ?? []
		assert.deepEqual(chinese.filter((c) => c !== '中文'), [], name)
	}
})
