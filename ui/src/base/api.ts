// The door to the server. Every failure is a Problem that a page can show with its place and what to do.
import { lang, t } from './i18n'

export interface Place { where: string; detail: string }

export class Problem extends Error {
	status: number
	kind: string
	where: string
	errors: Place[]
	yours: Record<string, unknown> | null
	current: RecordBody | null
	waitSeconds: number

	constructor(status: number, body: Record<string, any>) {
		super(body.detail || body.title || String(status))
		this.status = status
		this.kind = String(body.type ?? '').replace(/^.*\//, '')
		this.where = body.where ?? ''
		this.errors = body.errors ?? []
		this.yours = body.yours ?? null
		this.current = body.current ?? null
		this.waitSeconds = body.wait_seconds ?? 0
	}
}

export type Fields = Record<string, any>

export interface RecordBody {
	id: string
	register: string
	number: string
	version: number
	state: string | null
	state_since: string | null
	created_by: string
	created_at: string
	changed_by: string
	changed_at: string
	fields: Fields
	titles?: Record<string, string>
	allow?: { update: boolean; delete: boolean; steps: string[]; fixed: string[] }
	clocks?: Clock[]
}

export interface Clock {
	name?: string
	record?: string
	register?: string
	title?: string
	project?: { id: string; title: string } | null
	clock: string
	label?: { zh: string; en: string }
	holder?: { id: string; title: string } | null
	started?: string | null
	held_since?: string | null
	due: string | null
	stopped?: string | null
	left?: number | null
	level?: number
	overdue?: boolean
	next_level_at?: string | null
}

let csrf = ''
let onLost: () => void = () => {}

export function setCsrf(token: string | undefined): void {
	if (token)
		csrf = token
}
export function whenSignedOut(then: () => void): void {
	onLost = then
}

export function uuid(): string {
	// crypto.randomUUID is missing on plain http
	const b = crypto.getRandomValues(new Uint8Array(16))
	b[6] = (b[6] & 15) | 64
	b[8] = (b[8] & 63) | 128
	const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** The answer that index.html asked for while this script was on its way (begin.js): taken once, and only a good one. */
async function begun(path: string): Promise<Response | null> {
	const early = (globalThis as { begun?: Record<string, Promise<Response | null>> }).begun ?? {}
	const answer = await early[path]
	delete early[path]
	return answer?.ok ? answer : null
}

interface Options { method?: string; body?: unknown; version?: number; key?: string; signal?: AbortSignal; quiet?: boolean }

export async function call<T>(path: string, options: Options = {}): Promise<T> {
	const method = options.method ?? 'GET'
	const headers: Record<string, string> = { 'Accept-Language': lang.value, Accept: 'application/json' }
	let body: BodyInit | undefined
	if (options.body instanceof FormData) {
		body = options.body
	} else if (options.body !== undefined) {
		headers['Content-Type'] = 'application/json'
		body = JSON.stringify(options.body)
	}
	if (method !== 'GET')
		headers['X-CSRF-Token'] = csrf
	if (options.version !== undefined)
		headers['If-Match'] = `"${options.version}"`
	if (options.key)
		headers['Idempotency-Key'] = options.key
	let answer: Response
	try {
		answer = (method === 'GET' && (await begun(path))) || await fetch('api/' + path, { method, headers, body, signal: options.signal, credentials: 'same-origin' })
	} catch (e) {
		if ((e as Error).name === 'AbortError')
			throw e
		throw new Problem(0, { type: 'network', detail: t('problem.network') })
	}
	const text = await answer.text()
	let data: any = null
	if (text) {
		try {
			data = JSON.parse(text)
		} catch {
			throw new Problem(answer.status, { detail: t('problem.notjson', { status: answer.status }) })
		}
	}
	if (!answer.ok) {
		if (answer.status === 401 && !options.quiet)
			onLost()
		throw new Problem(answer.status, data ?? {})
	}
	return data as T
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>(path, { signal })
export const post = <T>(path: string, body: unknown, key?: string) => call<T>(path, { method: 'POST', body, key: key ?? uuid() })
export const record = (register: string, id: string, signal?: AbortSignal) => get<RecordBody>(`r/${register}/${id}`, signal)
export const children = (register: string, id: string, child: string, limit = 200) =>
	get<{ records?: RecordBody[]; next?: string | null }>(`r/${register}/${id}/children/${child}?limit=${limit}`)

export interface Page {
	total: number
	as_of: string | null
	journal: number
	columns: string[]
	rows: any[][]
	titles: Record<string, string>
	next: string | null
	sums?: Record<string, number | null>
	groups?: { key: string | null; title: string; count: number; sums: Record<string, number>; lights: number[] }[]
}

export interface UploadedFile { id: string; name: string; type: string; bytes: number; taken_at?: string | null; point?: unknown }

export function upload(path: string, file: File, signal?: AbortSignal): Promise<any> {
	const body = new FormData()
	body.append('file', file, file.name)
	return call(path, { method: 'POST', body, signal, key: uuid() })
}
