// Whether a page speaks its language: no name of a word instead of the word, and on the English page no Chinese but data.
// Data is what the server sent as such: every text of its answers that is not the Chinese half of a label.
import assert from 'node:assert/strict'

// what the language itself is called stands in its own letters
const NAMED = /中文/g
const HAN = /[\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]*[\u3400-\u9fff]+/g

function gather(value, data, labels) {
	if (typeof value === 'string')
		data.add(value)
	else if (Array.isArray(value))
		value.forEach((v) => gather(v, data, labels))
	else if (value && typeof value === 'object') {
		const label = typeof value.zh === 'string' && typeof value.en === 'string'
		if (label && value.zh !== value.en)
			labels.add(value.zh)
		for (const [key, v] of Object.entries(value))
			if (!(label && key === 'zh'))
				gather(v, data, labels)
	}
}

/** From now on what the server answers is remembered. */
export function hearData(page) {
	page.heard = { data: new Set(), labels: new Set(), reading: new Set() }
	page.on('response', (r) => {
		if (!r.url().includes('/api/') || !(r.headers()['content-type'] ?? '').includes('json'))
			return
		const reading = r.json().then((body) => gather(body, page.heard.data, page.heard.labels), (e) => {
			if (!/No resource|No data|closed|Target/i.test(String(e))) // a request that was taken back has no body
				throw e
		}).finally(() => page.heard.reading.delete(reading))
		page.heard.reading.add(reading)
	})
}

export async function checkWords(page, name) {
	await Promise.all(page.heard.reading)
	const { lang, texts } = await page.evaluate(() => {
		const texts = []
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
		for (let n = walk.nextNode(); n; n = walk.nextNode()) {
			if (n.nodeType === 3) {
				const p = n.parentElement
				if (n.data.trim() && !p.closest('script, style, [lang]:not(html)') && p.getClientRects().length)
					texts.push(n.data.trim())
			} else
				for (const a of ['aria-label', 'title', 'placeholder', 'alt'])
					if (n.getAttribute(a) && !n.closest('[lang]:not(html)'))
						texts.push(n.getAttribute(a))
		}
		return { lang: document.documentElement.lang.slice(0, 2), texts: [...new Set(texts)] }
	})
	assert.deepEqual(texts.filter((x) => /^[a-z]+[a-z_]*(\.[a-z_]+)+$/.test(x) || /\{[a-z]+\}/.test(x)), [], `${name}: names of words`)
	if (lang !== 'en')
		return
	const data = [...page.heard.data].filter((x) => /[\u3400-\u9fff]/.test(x)).join('\n')
	const whole = page.heard.data
	const wrong = texts.filter((x) => (x.replace(NAMED, '').match(HAN) ?? []).some((run) => !data.includes(run)) || (page.heard.labels.has(x) && !whole.has(x)))
	assert.deepEqual(wrong, [], `${name}: Chinese on the English page`)
}
