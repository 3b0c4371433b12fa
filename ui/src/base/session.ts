// Who is signed in, and what the office is called.
import { computed, ref } from 'vue'
import { call, get, Problem, setCsrf } from './api'
import { definitions, fetchDefinitions, type Definition } from './definitions'
import { forgetKept } from './kept'
import { idbGet, idbPut } from './idb'
import { setLang, type Label } from './i18n'
import { startLive, stopLive, today } from './live'
import { remember, remembered } from './memory'

export interface Account { id: string; login: string; name: string; roles: string[]; unit: { id: string; title: string } | null; scope_text?: string; lang?: string }
export interface Session {
	account: Account | null
	csrf?: string
	first_run?: boolean
	now: string
	today: string
	office: { name: Label }
	time_progress: number
	must_set_password?: boolean
	wait_seconds?: number
	offline?: number // there is no network: this is the session kept at this time
}

export const session = ref<Session | null>(null)
export const account = computed(() => session.value?.account ?? null)

async function take(s: Session, early?: Promise<Definition[] | null>): Promise<void> {
	setCsrf(s.csrf)
	today.value = s.today
	if (s.account && !s.must_set_password) {
		definitions.value = (await early) ?? (await fetchDefinitions())
		remember(WAS_IN, 'yes')
		startLive(s.account.id)
		const { csrf: _secret, ...kept } = s
		setTimeout(() => void idbPut([['kept', KEPT, { key: KEPT, at: Date.now(), data: { session: kept, definitions: definitions.value } }]]).catch(() => {}))
	}
	session.value = s
}

// Who was signed in last on this device and what forms are made from, so that a report can be begun without a network.
const KEPT = 'session'

// Who was signed in here last most likely still is: the definitions are asked for beside the session, not after it.
const WAS_IN = 'was-signed-in'

/** Without a network the page opens with the session kept on this device, marked with its time; `strict` refuses that. */
export async function loadSession(strict = false): Promise<void> {
	try {
		const early = remembered(WAS_IN) === 'yes' ? fetchDefinitions(true).catch(() => null) : undefined
		await take(await get<Session>('session'), early)
	} catch (e) {
		if (strict || !(e instanceof Problem) || e.status !== 0)
			throw e
		const kept = await idbGet<{ at: number; data: { session: Session; definitions: Definition[] } }>('kept', KEPT)
		if (!kept)
			throw e
		definitions.value = kept.data.definitions
		today.value = localDay()
		session.value = { ...kept.data.session, offline: kept.at }
	}
}

function localDay(): string {
	const d = new Date()
	return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

export async function signIn(body: { login: string; password: string } | { link: string }): Promise<void> {
	const s = await call<Session>('session', { method: 'POST', body, quiet: true })
	if (s.account?.lang === 'en' || s.account?.lang === 'zh')
		setLang(s.account.lang)
	await take(s)
}

export async function setPassword(old: string | null, password: string): Promise<void> {
	const s = await call<Session | null>('session/password', { method: 'POST', body: old == null ? { new: password } : { old, new: password }, quiet: true })
	setCsrf(s?.csrf)
	await loadSession()
}

export async function signOut(): Promise<void> {
	await call('session', { method: 'DELETE', quiet: true })
	await forgetKept(true)
	lost()
	await loadSession()
}

export function lost(): void {
	remember(WAS_IN, 'no')
	stopLive()
	if (session.value)
		session.value = { ...session.value, account: null }
}
