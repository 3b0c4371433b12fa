// How smoothly a map of 5,000 points is dragged: all of them in sight gathered into clusters, and closer, where many stand alone.
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { frames, line, serve, signIn } from './help.mjs'

const POINTS = 5_000

export default async function map() {
	const server = await serve(POINTS)
	const browser = await openBrowser()
	try {
		const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
		await signIn(page, server.address)
		await page.evaluate(() => (location.hash = '/list/project?shape=map'))
		await page.waitForFunction((n) => document.querySelectorAll('.side-list li').length >= Math.min(n, 100), POINTS)
		const box = await page.locator('.map-node').boundingBox()
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
		const pan = () => frames(page, async () => {
			await page.mouse.move(x, y)
			await page.mouse.down()
			for (let i = 1; i <= 80; i++) // to and fro, with features coming in and going out at the edges
				await page.mouse.move(x + 220 * Math.sin(i / 8), y + 120 * Math.sin(i / 5))
			await page.mouse.up()
		})
		await pan() // styles are made when first needed
		for (const name of ['panning, all in sight', 'panning, four times as close']) {
			const gaps = await pan()
			line(`${name}, p95 of ${gaps.frames} frames`, gaps.p95, 'ms', { under: 20 }, `longest ${gaps.most.toFixed(0)} ms`)
			await page.focus('.map-node')
			for (let i = 0; i < 2; i++)
				await page.keyboard.press('+')
			await page.waitForTimeout(1000) // the zoom glides; what is measured begins after it
		}
	} finally {
		await browser.close()
		await server.stop()
	}
}
