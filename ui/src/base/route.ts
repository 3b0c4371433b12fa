// Hash routes: '#/list/project?filter=…' is {path: ['list', 'project'], params}. The address is the state of the page.
import { computed, ref } from 'vue'

function read(): string {
	return location.hash.replace(/^#\/?/, '')
}

const hash = ref(read())
addEventListener('hashchange', () => {
	hash.value = read()
})

export const route = computed(() => {
	const [path, query = ''] = hash.value.split(/\?(.*)/s)
	return { path: path.split('/').filter(Boolean).map(decodeURIComponent), params: new URLSearchParams(query), text: hash.value }
})

export function go(to: string, replace = false): void {
	const target = '#/' + to.replace(/^#?\//, '')
	if (replace)
		history.replaceState(history.state, '', target)
	else
		location.hash = target
	hash.value = read() // now, not when the browser tells of it: no key reaches the page that was left
}

/** Stays on the page and changes its parameters; no new history entry. */
export function setParams(text: string): void {
	go('/' + route.value.path.map(encodeURIComponent).join('/') + (text ? '?' + text : ''), true)
}
