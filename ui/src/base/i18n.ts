// Two languages, no library: t('key', {name}) reads the language ref, so every template that calls it follows a switch.
import { ref } from 'vue'
import { zh } from '../words/zh'
import { en } from '../words/en'

export type Lang = 'zh' | 'en'
export type Words = Record<keyof typeof zh, string>
export type Key = keyof typeof zh
export interface Label { zh: string; en: string }

const words: Record<Lang, Words> = { zh, en }

function remembered(): Lang {
	try {
		return localStorage.getItem('lang') === 'en' ? 'en' : 'zh'
	} catch {
		return 'zh' // storage switched off by policy: the language is then kept for this page only
	}
}

export const lang = ref<Lang>(typeof localStorage === 'undefined' ? 'zh' : remembered())

export function setLang(to: Lang): void {
	lang.value = to
	try {
		localStorage.setItem('lang', to)
	} catch {
		// see remembered()
	}
	document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}

export function fill(text: string, values?: Record<string, string | number>): string {
	return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text
}

export function t(key: Key, values?: Record<string, string | number>): string {
	return fill(words[lang.value][key], values)
}

/** A label of a definition in the present language; either side may be missing in an office's own additions. */
export function say(label: Partial<Label> | null | undefined): string {
	if (!label)
		return ''
	return (lang.value === 'zh' ? label.zh || label.en : label.en || label.zh) ?? ''
}
