// What was written and is not yet with the server: kept on this device, sent in order, once. Photos are offered by their hash
// first, so that one that arrived before a cut is not sent again; the report and its submission carry keys the server knows
// (Idempotency-Key), so that an answer lost on the way does no harm. Only the account that wrote a report sends it.
import { computed, ref, shallowRef, watch } from 'vue'
import { call, get, Problem, upload, uuid, type Fields, type RecordBody, type UploadedFile } from './api'
import { keepDraft } from './drafts'
import { idbAll, idbChange, idbPut, idbGet } from './idb'
import { liveState } from './live'
import type { Photo } from './photo'
import { account, loadSession, session } from './session'

export const LOCAL = 'local:' // a photo that is only on this device: local:<hash>

export interface JobPhoto { hash: string; name: string; size: number; file: string | null }
export interface Job {
	id: string
	account: string
	project: string
	title: string
	report: { id: string; version: number } | null // one that is already with the server and is changed
	fields: Fields
	submit: boolean
	photos: JobPhoto[]
	state: 'waiting' | 'sent' | 'refused'
	reason: { status: number; kind: string; detail: string; where: string; errors: { where: string; detail: string }[] } | null
	record: { id: string; version: number; submit: boolean } | null
	keys: { create: string; submit: string }
	made: number
	unsure: number // when a create went out without an answer; 0: never
	sent: number
}

export const jobs = shallowRef<Job[]>([])
/** The job under way in this tab, and what of it. */
export const sending = ref<{ job: string; photo: number; of: number } | null>(null)
/** Why nothing goes at the moment. */
export const paused = ref<'network' | 'signin' | null>(null)
export const waiting = computed(() => jobs.value.filter((j) => j.state === 'waiting').length)
export const refused = computed(() => jobs.value.filter((j) => j.state === 'refused').length)

const KEEP_SENT_MS = 7 * 86_400_000
const KEY_LIVES_MS = 6 * 86_400_000 // the server knows a key for seven days
const tab = uuid()
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('guatu-outbox')
channel?.addEventListener('message', () => void refresh())

export async function refresh(): Promise<void> {
	const mine = (await idbAll<Job>('job')).filter((j) => j.account === account.value?.id)
	jobs.value = mine.sort((a, b) => a.made - b.made)
}
async function save(job: Job): Promise<void> {
	await idbPut([['job', job.id, JSON.parse(JSON.stringify(job))]])
	await refresh()
	channel?.postMessage('changed')
}

// ---- photos ----

const photoKey = (hash: string) => `${account.value?.id}/${hash}`
interface KeptPhoto { key: string; at: number; photo: Photo }

export async function keepPhoto(photo: Photo): Promise<void> {
	await idbPut([['photo', photoKey(photo.hash), { key: photoKey(photo.hash), at: Date.now(), photo } satisfies KeptPhoto]])
}
export async function readPhoto(hash: string): Promise<Photo | null> {
	return (await idbGet<KeptPhoto>('photo', photoKey(hash)))?.photo ?? null
}
/** Photos that no report here and no draft names any more. */
async function sweep(): Promise<void> {
	const all = await idbAll<Job>('job')
	const named = new Set(all.filter((j) => j.state !== 'sent').flatMap((j) => j.photos.map((p) => `${j.account}/${p.hash}`)))
	const drafts = Object.keys(localStorage).filter((k) => k.startsWith('draft:')).map((k) => localStorage.getItem(k)).join()
	const old = (await idbAll<KeptPhoto>('photo')).filter((p) => !named.has(p.key) && !drafts.includes(LOCAL + p.photo.hash) && p.at < Date.now() - 3_600_000)
	await idbPut([
		...old.map((p): ['photo', string, undefined] => ['photo', p.key, undefined]),
		...all.filter((j) => j.state === 'sent' && j.sent < Date.now() - KEEP_SENT_MS).map((j): ['job', string, undefined] => ['job', j.id, undefined])])
}

// ---- in and out ----

export interface Written { project: string; title: string; report: Job['report']; fields: Fields; submit: boolean }
type Outcome = { state: Job['state']; problem: Problem | null; record: Job['record'] }
const ends = new Map<string, (outcome: Outcome) => void>()

/** Keeps it, then tries to send it; `done` resolves when the first try has ended one way or another. */
export async function put(written: Written): Promise<{ id: string; done: Promise<Outcome> }> {
	const photos: JobPhoto[] = []
	for (const value of (written.fields.photos as string[] | undefined) ?? [])
		if (value.startsWith(LOCAL)) {
			const photo = await readPhoto(value.slice(LOCAL.length))
			if (photo)
				photos.push({ hash: photo.hash, name: photo.name, size: photo.size, file: null })
		}
	const job: Job = {
		...written, id: uuid(), account: account.value!.id, photos, state: 'waiting', reason: null, record: null,
		keys: { create: uuid(), submit: uuid() }, made: Date.now(), unsure: 0, sent: 0,
	}
	await save(job)
	const done = new Promise<Outcome>((resolve) => ends.set(job.id, resolve))
	void pump()
	return { id: job.id, done }
}

export async function drop(id: string): Promise<void> {
	await idbPut([['job', id, undefined]])
	await refresh()
	channel?.postMessage('changed')
	await sweep()
}

const filed = (job: Job, value: string) => (value.startsWith(LOCAL) ? job.photos.find((p) => p.hash === value.slice(LOCAL.length))?.file ?? null : value)
function fieldsOf(job: Job): Fields {
	return job.fields.photos ? { ...job.fields, photos: job.fields.photos.map((v: string) => filed(job, v)).filter(Boolean) } : job.fields
}

/** Back into the form: as a draft, photos and all. Answers where the form is. */
export async function mend(job: Job): Promise<string> {
	const id = job.record?.id ?? job.report?.id ?? ''
	keepDraft(`report:${id || job.project}`, job.fields.photos ? { ...job.fields, photos: job.fields.photos.map((v: string) => filed(job, v) ?? v) } : job.fields)
	await drop(job.id)
	return `/report/${job.project}${id ? '/' + id : ''}`
}

// ---- sending ----

class Cut extends Error {}
let stop: AbortController | null = null

/** A link that died silently must not hold the queue: an upload has a minute, and as long as 2 kB a second would take. */
async function within<T>(bytes: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const control = (stop = new AbortController())
	const timer = setTimeout(() => control.abort(), 60_000 + bytes / 2)
	try {
		return await work(control.signal)
	} catch (e) {
		if ((e as Error).name === 'AbortError' || (e instanceof Problem && (e.status === 0 || e.status === 502 || e.status === 503 || e.status === 504)))
			throw new Cut()
		throw e
	} finally {
		clearTimeout(timer)
	}
}

async function sendPhotos(job: Job): Promise<void> {
	for (const [i, p] of job.photos.entries()) {
		sending.value = { job: job.id, photo: i + 1, of: job.photos.length }
		if (p.file)
			continue
		const known = await within(0, (signal) => get<{ file: UploadedFile | null }>('files?sha256=' + p.hash, signal))
		if (known.file) {
			p.file = known.file.id
		} else {
			const photo = await readPhoto(p.hash)
			if (!photo)
				throw new Problem(404, { type: 'lost', detail: p.name })
			const got = await within(p.size, (signal) => upload('files?accept=image', new File([photo.bytes], p.name, { type: 'image/jpeg' }), signal))
			p.file = got.id as string
		}
		await save(job)
		await renew()
	}
}

const taken = (r: RecordBody) => ({ id: r.id, version: r.version, submit: r.allow ? r.allow.steps.includes('submit') : r.state === 'draft' })

/** A report changed offline: a conflict is none when the change there is the one we made before the answer was lost. */
async function change(job: Job, fields: Fields): Promise<RecordBody> {
	const { id, version } = job.report!
	if (!Object.keys(fields).length)
		return within(0, (signal) => get<RecordBody>(`r/report/${id}`, signal))
	try {
		return await within(0, (signal) => call<RecordBody>(`r/report/${id}`, { method: 'PATCH', body: { fields }, version, signal }))
	} catch (e) {
		if (e instanceof Problem && e.status === 409) {
			const now = await within(0, (signal) => get<RecordBody>(`r/report/${id}`, signal))
			const ours = now.changed_by === job.account && now.version === version + 1 && Object.entries(fields).every(([k, v]) => JSON.stringify(now.fields[k] ?? null) === JSON.stringify(v ?? null))
			if (ours)
				return now
		}
		throw e
	}
}

async function create(job: Job, fields: Fields): Promise<RecordBody> {
	if (job.unsure && job.unsure < Date.now() - KEY_LIVES_MS) {
		// the server may have forgotten the key: look whether it arrived then
		const there = await within(0, (signal) => get<{ records: RecordBody[] }>(`r/project/${job.project}/children/report?limit=200`, signal))
		const same = there.records.find((r) => r.created_by === job.account && r.fields.period === fields.period && r.fields.period_kind === fields.period_kind)
		if (same)
			return within(0, (signal) => get<RecordBody>(`r/report/${same.id}`, signal))
	}
	job.unsure ||= Date.now()
	await save(job)
	return within(0, (signal) => call<RecordBody>('r/report', { method: 'POST', body: { fields }, key: job.keys.create, signal }))
}

async function send(job: Job): Promise<void> {
	sending.value = { job: job.id, photo: 0, of: job.photos.length }
	await sendPhotos(job)
	sending.value = { job: job.id, photo: job.photos.length, of: job.photos.length }
	if (!job.record) {
		job.record = taken(await (job.report ? change(job, fieldsOf(job)) : create(job, fieldsOf(job))))
		await save(job)
	}
	if (job.submit && job.record.submit) {
		const { id, version } = job.record
		await within(0, (signal) => call(`r/report/${id}/steps/submit`, { method: 'POST', body: { fields: {} }, version, key: job.keys.submit, signal }))
	}
	job.state = 'sent'
	job.reason = null
	job.sent = Date.now()
	await save(job)
	await sweep()
}

/** One tab sends. The browser's locks exist only on HTTPS; elsewhere a lease in the database that runs out by itself. */
const LEASE_MS = 90_000
const renew = () => idbPut([['lease', 'outbox', { tab, until: Date.now() + LEASE_MS }]])
async function alone(work: () => Promise<void>): Promise<boolean> {
	if (navigator.locks)
		return navigator.locks.request('guatu-outbox', { ifAvailable: true }, async (lock) => {
			if (lock)
				await work()
			return !!lock
		})
	const mine = await idbChange<{ tab: string; until: number }>('lease', 'outbox', (now) => (now && now.tab !== tab && now.until > Date.now() ? undefined : { tab, until: Date.now() + LEASE_MS }))
	if (!mine)
		return false
	try {
		await work()
	} finally {
		await idbPut([['lease', 'outbox', undefined]])
	}
	return true
}

let running = false
let again = false
let tries = 0
let timer = 0

function later(): void {
	clearTimeout(timer)
	timer = setTimeout(() => void pump(), Math.min(60_000, 2_000 * 2 ** tries++)) as unknown as number
}

async function sendAll(): Promise<void> {
	for (;;) {
		await refresh()
		const job = jobs.value.find((j) => j.state === 'waiting')
		if (!job)
			return
		let problem: Problem | null = null
		try {
			if (session.value?.offline)
				await within(0, () => loadSession(true))
			if (account.value?.id !== job.account)
				return
			await send(job)
			tries = 0
			paused.value = null
		} catch (e) {
			if (e instanceof Cut || (e instanceof Problem && e.status === 401)) {
				paused.value = e instanceof Cut ? 'network' : 'signin'
				ends.get(job.id)?.({ state: 'waiting', problem: null, record: job.record })
				ends.delete(job.id)
				return
			}
			if (!(e instanceof Problem))
				throw e
			problem = e
			paused.value = null // it answered
			job.state = 'refused'
			job.reason = { status: e.status, kind: e.kind, detail: e.message, where: e.where, errors: e.errors }
			await save(job)
		} finally {
			sending.value = null
		}
		ends.get(job.id)?.({ state: job.state, problem, record: job.record })
		ends.delete(job.id)
	}
}

/** Sends what waits, if it can; asked again while it runs it looks once more. */
export async function pump(): Promise<void> {
	if (!account.value)
		return
	if (running) {
		again = true
		return
	}
	running = true
	try {
		do {
			again = false
			await alone(sendAll)
		} while (again)
	} finally {
		running = false
	}
	await refresh()
	if (waiting.value)
		later()
}

/** Once, by the shell: what waits goes when somebody signs in, when the network comes back, when the page is looked at. */
export function startOutbox(): void {
	watch(() => account.value?.id, (id) => {
		paused.value = null
		void refresh().then(async () => {
			if (id)
				await sweep().then(pump)
		})
	}, { immediate: true })
	const now = () => {
		tries = 0
		void pump()
	}
	addEventListener('online', now)
	addEventListener('offline', () => stop?.abort())
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'visible')
			now()
	})
	watch(liveState, (s) => s === 'live' && now())
}
