import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src/', import.meta.url))

// Styles of a page stay when the reader goes on to the next: a class that two components style looks, on the second, as
// the first left it. What both need stands in styles/.
test('a class is styled by one component', () => {
	const owners = new Map()
	for (const file of readdirSync(src, { recursive: true }).filter((f) => f.endsWith('.vue')))
		for (const [, css] of readFileSync(join(src, file), 'utf8').matchAll(/<style>([^]*?)<\/style>/g))
			for (const [, selectors] of css.replace(/\/\*[^]*?\*\//g, '').matchAll(/([^{}]+)\{[^{}]*\}/g))
				for (const [, name] of selectors.split(',').map((s) => /^\.([\w-]+)(?::[\w-]+)?$/.exec(s.trim())).filter(Boolean))
					owners.set(name, (owners.get(name) ?? new Set()).add(file))
	assert.ok(owners.size > 100)
	assert.deepEqual([...owners].filter(([, files]) => files.size > 1).map(([name, files]) => `.${name}: ${[...files].join(', ')}`), [])
})
