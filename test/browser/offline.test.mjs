// Reporting without a network: the page opens, the report waits with its photos, and what is cut on its way arrives once.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer, request } from 'node:http'
import { photos, withExif } from './help/jpeg.mjs'
import { openBrowser } from './help/browser.mjs'
import { browser, county, server, skip } from './help/county.mjs'
import { api, checkAccess, checkFits, firstRow, goTo, noFaults, openWindow, sendOn, settled, until } from './help/page.mjs'

county()

const sql = (text) => execFileSync('python3', ['-c', 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])', server.data + '/guatu.db', text]).toString().trim()
const CUT = /Failed to load resource|net::ERR|ERR_|409|Failed to fetch/
const stored = (page) => page.evaluate(() => document.querySelector('.outbox progress')?.value ?? 0)
const photosThere = (page, n) => page.waitForFunction((least) => (document.querySelector('.outbox progress')?.value ?? 99) >= least, n)
const openProject = async (page) => (await firstRow(page, 'project?columns=title,last_report&filter=last_report:filled;state:eq:building&sort=last_report'))[0]

async function fillAndSend(page, money, files, place = false) {
	await page.fill('[data-field="investment"] input', money)
	await page.evaluate(() => document.querySelectorAll('.record-form details').forEach((d) => d.setAttribute('open', '')))
	await page.fill('[data-field="visual_progress"] textarea', '基础浇筑完成 ' + money)
	if (place)
		await page.check('.photos .consent input')
	if (files.length) {
		await page.setInputFiles('[data-field="photos"] input[multiple]', files)
		await page.waitForFunction((n) => document.querySelectorAll('.photos .grid li').length === n, files.length)
		await page.waitForSelector('.form-foot .button.main:not([disabled])')
	}
	await sendOn(page)
}
const SHOTS = process.env.SHOTS // a folder: what the tests pass by is kept there to be looked at
const shot = async (page, name) => SHOTS && page.screenshot({ path: `${SHOTS}/${name}.png` })

test('a report of 20 photos made offline, cut twice on its way and robbed of answers, is stored once', { skip }, async () => {
	const page = await openWindow(browser, server, { width: 360, height: 740, touch: true })
	const project = await openProject(page)
	await goTo(page, '/report')
	await page.waitForSelector('.due li')
	await goTo(page, '/report/' + project)
	await page.waitForSelector('.record-form')
	await page.waitForFunction(() => navigator.serviceWorker.controller)
	const list = await photos(page, 20)
	const files = list.map((buffer, i) => ({ name: `工地${i + 1}.jpg`, mimeType: 'image/jpeg', buffer: i ? buffer : withExif(buffer) }))
	const rows = Number(sql('SELECT count(*) FROM file'))

	await server.end()
	await page.reload()
	await page.waitForSelector('.device-bar.away')
	assert.match(await page.textContent('.device-bar'), /没有网络。画面停在/)
	await page.waitForSelector('.record-form')
	assert.match(await page.textContent('.report .kept'), /存在本机的数据/)
	await checkAccess(page, 'the form without a network')
	await fillAndSend(page, '321.09', files, true)
	await page.waitForSelector('.outbox .job')
	await page.waitForSelector('.outbox .job.waiting')
	await checkAccess(page, 'what waits')
	await shot(page, 'outbox-waiting')
	await checkFits(page)

	// a slow link, and the first two cuts: the network in the middle of a photo, then the server in the middle of another
	const link = await page.context().newCDPSession(page)
	const net = (offline, up = 150_000) => link.send('Network.emulateNetworkConditions', { offline, latency: 20, downloadThroughput: 500_000, uploadThroughput: up })
	let lostFile = 0, lostReport = 0, lostStep = 0
	await page.route('**/api/files?accept=image', async (route) => {
		if (++lostFile === 12) {
			await route.fetch() // stored, and its answer lost
			await route.abort('connectionreset')
		} else {
			await route.fallback()
		}
	})
	await page.route('**/api/r/report', async (route) => {
		if (route.request().method() === 'POST' && ++lostReport === 1) {
			await route.fetch()
			await route.abort('connectionreset')
		} else {
			await route.fallback()
		}
	})
	await page.route('**/steps/submit', async (route) => {
		if (++lostStep === 1) {
			await route.fetch()
			await route.abort('connectionreset')
		} else {
			await route.fallback()
		}
	})
	await net(false)
	await server.begin()
	await page.evaluate(() => dispatchEvent(new Event('online')))
	await photosThere(page, 2)
	const under = page.waitForRequest((r) => r.method() === 'POST' && r.url().includes('/api/files'))
	await under
	await net(true)
	await page.waitForSelector('.outbox .job.waiting')
	const first = await stored(page)
	assert.ok(first >= 2 && first < 20, `cut at ${first}`)
	await net(false)
	await photosThere(page, Math.max(6, first + 2))
	await shot(page, 'outbox-sending')
	await page.waitForRequest((r) => r.method() === 'POST' && r.url().includes('/api/files'))
	await server.end()
	await page.waitForSelector('.outbox .job.waiting')
	const second = await stored(page)
	assert.ok(second < 20, `cut again at ${second}`)
	await server.begin()
	await net(false, -1)
	await page.waitForSelector('.outbox .job.sent')

	const reports = (await api(page, `r/project/${project}/children/report?limit=200`)).records.filter((r) => r.fields.investment === 321090000)
	assert.equal(reports.length, 1, 'one report')
	assert.equal(reports[0].state, 'submitted')
	assert.equal(new Set(reports[0].fields.photos).size, 20)
	assert.equal(Number(sql('SELECT count(*) FROM file')) - rows, 20, 'each photo is stored once')
	const { entries } = await api(page, `r/report/${reports[0].id}/history?limit=50`)
	assert.equal(entries.length, 2, 'created once, submitted once')
	assert.ok(lostReport === 2 && lostStep === 2, 'the lost answers were asked for again')
	page.allow(CUT)
	noFaults(page)

	// the first photo: smaller, upright, with the time and the place it was taken
	const photo = await page.evaluate(async (id) => {
		const answer = await fetch('api/files/' + id)
		const bytes = new Uint8Array(await answer.arrayBuffer())
		const image = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }))
		return { width: image.width, height: image.height, bytes: bytes.length, hash: [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((b) => b.toString(16).padStart(2, '0')).join('') }
	}, reports[0].fields.photos[0])
	assert.deepEqual([photo.width, photo.height], [1200, 1600])
	const { file } = await api(page, 'files?sha256=' + photo.hash)
	assert.equal(file.taken_at, '2026-03-31T08:15:30+08:00')
	assert.ok(Math.abs(file.point.coordinates[0] - 126.2) < 1e-4 && Math.abs(file.point.coordinates[1] - 44.51) < 1e-4)
	await page.context().close()
})

test('without consent a photo carries its time and no place; a refused report says why and goes back to its form', { skip }, async () => {
	const page = await openWindow(browser, server, { width: 360, height: 740, touch: true, lang: 'en' })
	const project = await openProject(page)
	await goTo(page, '/report/' + project)
	await page.waitForSelector('.record-form')
	const [buffer] = await photos(page, 1, 400, 300)
	await page.context().setOffline(true)
	await page.waitForSelector('.device-bar.away')
	await fillAndSend(page, '7.5', [{ name: 'one.jpg', mimeType: 'image/jpeg', buffer: withExif(buffer) }])
	await page.waitForSelector('.outbox .job.waiting')
	// refused by the server when it arrives: nobody told the phone that a percentage above 100 is none
	await page.evaluate(() => new Promise((resolve, reject) => {
		const request = indexedDB.open('guatu')
		request.onsuccess = () => {
			const tx = request.result.transaction('job', 'readwrite')
			const all = tx.objectStore('job').getAll()
			all.onsuccess = () => all.result.filter((j) => j.state === 'waiting').forEach((j) => tx.objectStore('job').put({ ...j, fields: { ...j.fields, work_completed: 140 } }, j.id))
			tx.oncomplete = resolve
			tx.onabort = reject
		}
	}))
	await page.context().setOffline(false)
	await page.waitForSelector('.outbox .job.refused')
	assert.match(await page.textContent('.outbox .why'), /100/)
	await checkAccess(page, 'a refused report')
	await shot(page, 'outbox-refused-en')
	await page.click('.outbox .job.refused .button.main')
	await page.waitForSelector('.restored')
	assert.equal(await page.inputValue('[data-field="work_completed"] input'), '140')
	assert.equal(await page.inputValue('[data-field="investment"] input'), '7.5')
	await page.evaluate(() => document.querySelectorAll('.record-form details').forEach((d) => d.setAttribute('open', '')))
	await page.fill('[data-field="work_completed"] input', '99')
	await sendOn(page)
	await page.waitForURL(/#\/project\//)
	const [report] = (await api(page, `r/project/${project}/children/report?limit=200`)).records.filter((r) => r.fields.investment === 7500000)
	assert.equal(report.state, 'submitted')
	assert.equal(report.fields.photos.length, 1)
	assert.match(sql(`SELECT taken_at || ' ' || ifnull(longitude_e7, 'nowhere') FROM file WHERE lower(hex(id)) = '${report.fields.photos[0].replaceAll('-', '')}'`), /^2026-03-31T.* nowhere$/)
	page.allow(CUT)
	page.allow(/422/)
	noFaults(page)
	await page.context().close()
})

test('the page can be installed; a newer version is offered, and data never comes from the keeper of files', { skip }, async () => {
	// a door in front of the server, which after the upgrade hands out a newer worker
	let upgraded = false
	const door = createServer((ask, answer) => {
		const onward = request(server.address + ask.url, { method: ask.method, headers: { ...ask.headers, 'accept-encoding': 'identity', 'if-none-match': '' } }, (got) => {
			const newer = upgraded && ask.url === '/sw.js'
			if (newer)
				delete got.headers['content-length']
			answer.writeHead(got.statusCode, got.headers)
			if (newer)
				got.setEncoding('utf8').on('data', (text) => answer.write(text.replace(/VERSION = '[0-9a-f]{16}'/, "VERSION = 'ffffffffffffffff'"))).on('end', () => answer.end())
			else
				got.pipe(answer)
		})
		ask.pipe(onward)
	})
	await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve))
	const page = await openWindow(browser, { ...server, address: `http://127.0.0.1:${door.address().port}` })
	const head = await page.evaluate(async () => {
		const answer = await fetch('sw.js')
		return { type: answer.headers.get('content-type'), cache: answer.headers.get('cache-control'), policy: answer.headers.get('content-security-policy'), text: await answer.text() }
	})
	assert.match(head.type, /^text\/javascript/)
	assert.equal(head.cache, 'no-cache')
	assert.match(head.policy, /default-src 'self'/)
	assert.match(head.text, /VERSION = '[0-9a-f]{16}'/)
	const manifest = await page.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json())
	for (const icon of manifest.icons)
		assert.equal(await page.evaluate(async (src) => (await fetch(src)).status, icon.src), 200, icon.src)
	await page.waitForFunction(() => navigator.serviceWorker.controller)
	const kept = await page.evaluate(async () => {
		const names = await caches.keys()
		return { names, urls: (await (await caches.open(names[0])).keys()).map((r) => new URL(r.url).pathname) }
	})
	assert.equal(kept.names.length, 1)
	assert.deepEqual(kept.urls.filter((u) => u.startsWith('/api')), [])
	// a newer worker: the same file with another version, as after an upgrade
	upgraded = true
	await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update())
	await page.waitForSelector('.device-bar button')
	await checkAccess(page, 'a new version')
	await shot(page, 'new-version')
	const loaded = page.waitForEvent('load')
	await page.click('.device-bar button')
	await loaded
	await until(() => page.evaluate(async () => (await caches.keys()).join() === 'guatu-ffffffffffffffff'))
	noFaults(page)
	await page.context().close()
	door.closeAllConnections()
	door.close()
})

test('on plain http from another machine reports wait in the open page, and the page says so', { skip }, async () => {
	const plain = await openBrowser(['--host-resolver-rules=MAP office.test 127.0.0.1'])
	const elsewhere = { ...server, address: server.address.replace('127.0.0.1', 'office.test') }
	const page = await openWindow(plain, elsewhere, { width: 360, height: 740, touch: true })
	assert.equal(await page.evaluate(() => isSecureContext), false)
	const project = await openProject(page)
	await goTo(page, '/report/' + project)
	await page.waitForSelector('.record-form')
	const list = await photos(page, 2, 400, 300)
	await page.context().setOffline(true)
	await page.waitForSelector('.device-bar.away')
	await fillAndSend(page, '11.5', list.map((buffer, i) => ({ name: `p${i}.jpg`, mimeType: 'image/jpeg', buffer })))
	await page.waitForSelector('.outbox .job.waiting')
	assert.match(await page.textContent('.outbox .note'), /不是 HTTPS/)
	await page.context().setOffline(false)
	await page.waitForSelector('.outbox .job.sent')
	const found = (await api(page, `r/project/${project}/children/report?limit=200`)).records.filter((r) => r.fields.investment === 11500000)
	assert.equal(found.length, 1)
	assert.equal(found[0].fields.photos.length, 2)
	page.allow(CUT)
	noFaults(page)
	await plain.close()
})

test('on plain http from another machine every page works, and what a browser keeps for HTTPS is said, not missing', { skip }, async () => {
	const plain = await openBrowser(['--host-resolver-rules=MAP office.test 127.0.0.1'])
	const page = await openWindow(plain, { ...server, address: server.address.replace('127.0.0.1', 'office.test') })
	assert.deepEqual(await page.evaluate(() => [isSecureContext, 'serviceWorker' in navigator, 'randomUUID' in crypto, 'clipboard' in navigator]), [false, false, false, false])
	await page.waitForSelector('.live-sign.live')
	const project = await openProject(page)
	const planned = (await api(page, 'r/plan?columns=project&limit=1')).rows[0][1]
	const pages = [['/wall', '.groups tbody tr'], ['/list/project', '.vgrid-row[data-id]'], ['/list/project?shape=map', '.map-node canvas'], ['/list/project?shape=chart', '.chart canvas'],
		['/project/' + project, '.history li b'], ['/plan/' + planned, '[data-gantt] .gantt-row'], ['/work', '.page-head'], ['/outbox', 'main h1'], ['/import/project', '.drop-zone'],
		...['accounts', 'units', 'calendar', 'rules', 'registers', 'journal'].map((part) => ['/admin/' + part, '.admin-part h1']), ['/screen?pause=1', '.screen-panel']]
	for (const [hash, ready] of pages) {
		await goTo(page, hash)
		await page.waitForSelector(ready)
		await settled(page)
	}
	await goTo(page, '/edit/project/' + project) // no place without HTTPS: it says so, and the map is there
	await page.waitForSelector('[data-field="place"]', { state: 'attached' })
	await page.evaluate(() => document.querySelectorAll('.record-form details').forEach((d) => (d.open = true)))
	await page.click('[data-field="place"] [data-here]')
	assert.match(await page.textContent('[data-field="place"] .error[role=status]'), /HTTPS/)
	await goTo(page, '/admin/tokens') // no clipboard: the old way copies
	await page.click('.page-head .button.main')
	await page.fill('.modal input', 'plain')
	await page.click('.modal-foot .button.main')
	await page.click('[data-copy]')
	await page.waitForFunction(() => document.querySelector('.secret + p')?.textContent)
	noFaults(page)
	await plain.close()
})
