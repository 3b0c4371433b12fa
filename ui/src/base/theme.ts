// Light, dark, or as the machine has it. Tokens do the rest (styles/tokens.css).
import { ref } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

function remembered(): Theme {
	try {
		const v = localStorage.getItem('theme')
		return v === 'light' || v === 'dark' ? v : 'auto'
	} catch {
		return 'auto'
	}
}

export const theme = ref<Theme>(remembered())
const wantsDark = matchMedia('(prefers-color-scheme: dark)')

export function applyTheme(): void {
	const dark = theme.value === 'dark' || (theme.value === 'auto' && wantsDark.matches)
	document.documentElement.classList.toggle('dark', dark)
}

export function setTheme(to: Theme): void {
	theme.value = to
	try {
		localStorage.setItem('theme', to)
	} catch {
		// kept for this page only
	}
	applyTheme()
}
wantsDark.addEventListener('change', applyTheme)
