// How soon the wall of 10,000 projects is seen: an empty cache, a session that stands. Two moments: when the browser first
// paints anything, and when the figures and lights themselves stand there.
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { line, median, serve, signIn } from './help.mjs'

const TIMES = 7

export default async function wall() {
	const server = await serve(10_000)
	const browser = await openBrowser()
	try {
		const office = await browser.newContext()
		await signIn(await office.newPage(), server.address)
		const storageState = await office.storageState()
		await office.close()
		const first = [], whole = [], charts = []
		for (let i = 0; i < TIMES; i++) {
			const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, storageState })
			await context.addInitScript(() => {
				const seen = (selector, name) => {
					const look = () => (document.querySelector(selector) ? requestAnimationFrame(() => setTimeout(() => (window[name] = performance.now()))) : requestAnimationFrame(look))
					requestAnimationFrame(look)
				}
				seen('.wall .figures .figure', 'figuresAt')
				seen('.wall .chart-picture canvas, .wall .chart-picture svg', 'chartsAt')
			})
			const page = await context.newPage()
			await page.goto(server.address + '/#/wall')
			await page.waitForFunction(() => window.figuresAt && window.chartsAt)
			const at = await page.evaluate(() => ({ first: performance.getEntriesByName('first-contentful-paint')[0].startTime, figures: window.figuresAt, charts: window.chartsAt }))
			first.push(at.first)
			whole.push(at.figures)
			charts.push(at.charts)
			await context.close()
		}
		line(`first paint, median of ${TIMES}`, median(first), 'ms', { under: 1000 })
		line('figures and lights painted', median(whole), 'ms', { under: 1000 })
		line('charts drawn', median(charts), 'ms')
	} finally {
		await browser.close()
		await server.stop()
	}
}
