// How the pages do in Chromium: every figure with its aim and the share of it that is used.
//
// usage: node bench/ui/run.mjs [PART ...]
// MINUTES=30 watches the big screen that long (default 3). Chromium draws in software and shares the cores with the server, so a
// loaded machine shows in every figure: each part says the load it began under.
import { openBrowser } from '../../test/browser/help/browser.mjs'
import { title } from './help.mjs'

const PARTS = {
	lighthouse: 'Lighthouse, signed in, cold cache',
	wire: 'What a page costs on the wire, cold',
	wall: 'The wall of 10,000 projects',
	ledger: 'The ledger of 100,000 projects, beside Tabulator',
	map: 'The map of 5,000 projects',
	edit: 'An edit, seen in a second window',
	screen: 'The big screen, left alone',
}
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !PARTS[name])
if (unknown.length) {
	console.error(`no such part: ${unknown.join(', ')} (there are: ${Object.keys(PARTS).join(', ')})`)
	process.exit(2)
}
const probe = await openBrowser()
console.log(`Chromium ${probe.version()}, node ${process.versions.node}`)
await probe.close()
for (const [name, what] of Object.entries(PARTS)) {
	if (asked.length && !asked.includes(name))
		continue
	title(`${name}: ${what}`)
	await (await import(`./${name}.mjs`)).default()
}
