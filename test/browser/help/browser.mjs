// The browser for tests: Debian's Chromium, headless, with an empty profile and no talk of its own.
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ui = fileURLToPath(new URL('../../../ui/', import.meta.url))
const need = createRequire(join(ui, 'package.json'))
export const { chromium } = need('playwright-core')
export const axeSource = need('axe-core').source
export const chromePath = process.env.CHROME ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

const options = (more) => ({
	executablePath: chromePath, headless: true,
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
})
export const openBrowser = (more = []) => chromium.launch(options(more))
/** One window of windows that share a profile in that folder, as another program that drives it expects. */
export const openProfile = (folder, more = []) => chromium.launchPersistentContext(folder, options(more))
