// How long an edit in the ledger takes from the Enter key to being painted in another browser, of somebody else's session.
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { api, line, serve, signIn } from './help.mjs'

const TIMES = 30

export default async function edit() {
	const server = await serve(10_000)
	const [mine, theirs] = [await openBrowser(), await openBrowser()]
	try {
		const open = async (browser) => {
			const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
			await signIn(page, server.address)
			await page.evaluate((hash) => (location.hash = hash), hash)
			await page.waitForSelector('.vgrid-row[data-row="0"][data-id]')
			await page.waitForSelector('.live-sign.live')
			return page
		}
		const hash = '/list/project?columns=title,zone,category&sort=title'
		const [page, other] = [await open(mine), await open(theirs)]
		const id = (await api(page, 'r/project?columns=title&sort=title&limit=1')).rows[0][0]
		const cell = `.vgrid-row[data-id="${id}"] > .vgrid-cell:nth-child(3)` // the ticks, the title, the zone
		const took = []
		for (let i = 0; i < TIMES; i++) {
			const text = `试改 ${Date.now()} ${i}`
			await page.dblclick(cell)
			await page.fill('.cell-editor input', text)
			await page.evaluate(() => addEventListener('keydown', () => (window.pressedAt = Date.now()), { capture: true, once: true }))
			const seen = other.evaluate(([selector, want]) => new Promise((resolve) => {
				const look = () => (document.querySelector(selector)?.textContent === want ? requestAnimationFrame(() => setTimeout(() => resolve(Date.now()))) : requestAnimationFrame(look))
				look()
			}), [cell, text])
			await page.keyboard.press('Enter')
			took.push((await seen) - (await page.evaluate(() => window.pressedAt)))
		}
		took.sort((a, b) => a - b)
		line(`visible in the second window, p95 of ${TIMES}`, took[Math.floor(TIMES * 0.95)], 'ms', { under: 300 }, `median ${took[TIMES / 2]} ms, longest ${took[TIMES - 1]} ms`)
	} finally {
		await mine.close()
		await theirs.close()
		await server.stop()
	}
}
