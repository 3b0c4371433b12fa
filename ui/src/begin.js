// Runs inside index.html, before any script has come (vite.config.ts puts it there with the files of each page): what the page of
// this address is made from and what it shows are asked for at once, not one round trip after another. base/api.ts takes the
// answers; what is not taken before the address changes is forgotten.
const FILES = __FILES__
const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?')
const [first, id = ''] = path.split('/')
const page = first || 'wall'

let kept = {}
try {
	kept = localStorage
} catch {
	// switched off by policy: the page asks when it knows who is there
}
const known = kept['was-signed-in'] === 'yes'
const table = page === 'list' && !/(^|&)shape=/.test(query)
const files = known ? [...(FILES[page] ?? []), ...(table ? FILES.table : [])] : FILES.signin
for (const file of files) {
	const link = document.createElement('link')
	const css = file.endsWith('.css')
	link.rel = css ? 'preload' : 'modulepreload'
	if (css)
		link.as = 'style'
	link.crossOrigin = ''
	link.href = './' + file
	document.head.append(link)
}

const project = 'r/project/' + id
const rows = kept['rows/' + id] // what this ledger asked for last
const DATA = { wall: ['wall'], list: rows ? [rows] : [], project: [project, 'lights/' + id], report: [project, project + '/children/report?limit=60'] }
const asked = ['session']
if (known)
	asked.push('registers', ...((!query && (id || page === 'wall') && DATA[page]) || []))
window.begun = {}
for (const what of asked)
	window.begun[what] = fetch('api/' + what, { headers: { 'Accept-Language': kept.lang === 'en' ? 'en' : 'zh', Accept: 'application/json' }, credentials: 'same-origin' }).catch(() => null)
addEventListener('hashchange', () => (window.begun = {}))
