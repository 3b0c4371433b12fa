// Two languages, no library: t('key', {name}) reads the language ref, so every template that calls it follows a switch.
import { ref } from 'vue'
import { remember, remembered } from './memory'
import { zh } from '../words/zh'
import { en } from '../words/en'

export type Lang = 'zh' | 'en'
export type Words = Record<keyof typeof zh, string>
export type Key = keyof typeof zh
export interface Label { zh: string; en: string }

const words: Record<Lang, Words> = { zh, en }

export const lang = ref<Lang>(remembered('lang') === 'en' ? 'en' : 'zh')

export function setLang(to: Lang): void {
	lang.value = to
	remember('lang', to)
	document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}

export function fill(text: string, values?: Record<string, string | number>): string {
	return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text
}

export function t(key: Key, values?: Record<string, string | number>): string {
	return fill(words[lang.value][key], values)
}

/** The words of one part of the product: words/<part>.ts exports `words`, {key: ['中文', 'English']}, and is loaded with its pages. */
export type Pair = readonly [zh: string, en: string]
export function wordsOf<K extends string>(own: Record<K, Pair>): (key: K, values?: Record<string, string | number>) => string {
	return (key, values) => fill(own[key][lang.value === 'zh' ? 0 : 1], values)
}

/** A label of a definition in the present language; either side may be missing in an office's own additions. */
export function say(label: Partial<Label> | null | undefined): string {
	if (!label)
		return ''
	return (lang.value === 'zh' ? label.zh || label.en : label.en || label.zh) ?? ''
}
