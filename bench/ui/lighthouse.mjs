// Lighthouse on the four pages people live in, signed in, with an empty cache, as a desktop and as a middling phone on a slow
// network (its own presets). The session is that of the browser's default context, where Lighthouse opens its window.
// ONLY=wall,ledger-mobile measures those alone; REPORTS=folder keeps the whole report of each as HTML.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openProfile } from '../../test/browser/help/browser.mjs'
import { api, installPeers, line, serve, signIn } from './help.mjs'

const CATEGORIES = ['performance', 'accessibility', 'best-practices']
const only = process.env.ONLY?.split(',')

async function freePort() {
	const probe = createServer()
	await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
	const { port } = probe.address()
	await new Promise((resolve) => probe.close(resolve))
	return port
}

export default async function lighthouse() {
	const { default: audit, desktopConfig } = await import(pathToFileURL(createRequire(join(installPeers(), 'x')).resolve('lighthouse')))
	const server = await serve(10_000)
	const profile = mkdtempSync(join(tmpdir(), 'guatu-lighthouse-'))
	const port = await freePort()
	const browser = await openProfile(profile, [`--remote-debugging-port=${port}`])
	try {
		const page = await browser.newPage()
		await signIn(page, server.address)
		const id = (await api(page, 'r/project?columns=title&filter=light:ge:2;last_report:filled;issues_open:gt:0&limit=1')).rows[0][0]
		await page.close()
		for (const [name, hash] of Object.entries({ wall: '#/wall', ledger: '#/list/project', project: '#/project/' + id, report: '#/report/' + id }))
			for (const preset of ['desktop', 'mobile']) {
				if (only && !only.includes(name) && !only.includes(`${name}-${preset}`))
					continue
				const { lhr, report } = await audit(`${server.address}/${hash}`, { port, output: 'html', onlyCategories: CATEGORIES, logLevel: 'error' }, preset === 'desktop' ? desktopConfig : undefined)
				const value = (id) => lhr.audits[id].displayValue ?? ''
				const moments = `first paint ${value('first-contentful-paint')}, largest ${value('largest-contentful-paint')}, blocked ${value('total-blocking-time')}, shift ${value('cumulative-layout-shift')}`
				for (const c of CATEGORIES) {
					const failed = c === 'performance' ? [moments] : lhr.categories[c].auditRefs.filter((r) => r.weight && lhr.audits[r.id].score !== null && lhr.audits[r.id].score < 1).map((r) => r.id)
					line(`${name}, ${preset}: ${c}`, Math.round(lhr.categories[c].score * 100), '', { least: 95 }, failed.join(', '))
				}
				if (process.env.REPORTS)
					writeFileSync(join(process.env.REPORTS, `${name}-${preset}.html`), report)
			}
	} finally {
		await browser.close()
		await server.stop()
		rmSync(profile, { recursive: true, force: true })
	}
}
