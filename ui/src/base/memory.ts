// Small choices of a reader kept on this device: language, look, columns. Where policy switches storage off they last as long as the page.
export function remembered(key: string): string | null {
	try {
		return localStorage.getItem(key)
	} catch {
		return null
	}
}
export function remember(key: string, value: string): void {
	try {
		localStorage.setItem(key, value)
	} catch {
		// kept for this page only
	}
}
