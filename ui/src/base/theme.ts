// How the pages look to this reader: light or dark, contrast, size of text. Tokens do the rest (styles/tokens.css).
import { ref, type Ref } from 'vue'
import { remember, remembered } from './memory'

export type Theme = 'auto' | 'light' | 'dark'

const first = remembered('theme')
export const theme = ref<Theme>(first === 'light' || first === 'dark' ? first : 'auto')
const wantsDark = matchMedia('(prefers-color-scheme: dark)')
const wantsContrast = matchMedia('(prefers-contrast: more)')
export const contrast = ref(remembered('contrast') === 'high' || (remembered('contrast') == null && wantsContrast.matches))
export const large = ref(remembered('text') === 'large')
export const isDark = ref(false)

export function applyTheme(): void {
	isDark.value = theme.value === 'dark' || (theme.value === 'auto' && wantsDark.matches)
	const classes = document.documentElement.classList
	classes.toggle('dark', isDark.value)
	classes.toggle('contrast', contrast.value)
	classes.toggle('large', large.value)
}

export function setTheme(to: Theme): void {
	theme.value = to
	remember('theme', to)
	applyTheme()
}
function turn(what: Ref<boolean>, key: string, on: string, to: boolean): void {
	what.value = to
	remember(key, to ? on : 'normal')
	applyTheme()
}
export const setContrast = (to: boolean) => turn(contrast, 'contrast', 'high', to)
export const setLarge = (to: boolean) => turn(large, 'text', 'large', to)
wantsDark.addEventListener('change', applyTheme)
