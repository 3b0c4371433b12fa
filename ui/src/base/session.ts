// Who is signed in, and what the office is called.
import { computed, ref } from 'vue'
import { call, get, setCsrf } from './api'
import { loadDefinitions } from './definitions'
import { setLang, type Label } from './i18n'
import { startLive, stopLive, today } from './live'

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
}

export const session = ref<Session | null>(null)
export const account = computed(() => session.value?.account ?? null)

async function take(s: Session): Promise<void> {
	setCsrf(s.csrf)
	today.value = s.today
	if (s.account && !s.must_set_password) {
		await loadDefinitions()
		startLive(s.account.id)
	}
	session.value = s
}

export async function loadSession(): Promise<void> {
	await take(await get<Session>('session'))
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
	lost()
	await loadSession()
}

export function lost(): void {
	stopLive()
	if (session.value)
		session.value = { ...session.value, account: null }
}
