// What a file of browser tests stands on: a server with a demo county and a browser, begun before its first test and ended
// after its last. A test runs with { skip }; `server` and `browser` are there once it does.
import { after, before } from 'node:test'
import { chromePath, openBrowser } from './browser.mjs'
import { missing, startServer } from './server.mjs'

export const skip = missing || (chromePath ? false : 'skipped: no Chromium')
export let server, browser

/** `options` as for startServer; once, at the head of the file. */
export function county(options) {
	before(async () => {
		if (!skip)
			[server, browser] = [await startServer(options), await openBrowser()]
	})
	after(async () => {
		await browser?.close()
		await server?.stop()
	})
}
