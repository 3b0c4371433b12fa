// A page that has more than its screen shows puts that on sheets of its own, which are printed instead of it: by its button, by
// Ctrl+P, by the command. The browser's own menu prints what is on the screen.
import { nextTick, onMounted, onUnmounted } from 'vue'

let own: (() => Promise<void>) | null = null

/** Prints the page in the way it asked for, else as it stands. */
export const printPage = (): void => void (own ? own() : window.print())

/** lay: puts the sheets into .print-sheets; false: they could not be laid. Answers what prints. */
export function usePaper(lay: () => Promise<boolean>, disabled: () => boolean = () => false): () => Promise<void> {
	const print = async (): Promise<void> => {
		if (disabled() || !(await lay()))
			return
		await nextTick()
		document.documentElement.classList.add('sheets')
		window.print()
	}
	const key = (e: KeyboardEvent): void => {
		if (disabled() || !(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey || e.key.toLowerCase() !== 'p')
			return
		e.preventDefault()
		void print()
	}
	const done = () => document.documentElement.classList.remove('sheets')
	onMounted(() => {
		own = print
		addEventListener('keydown', key)
		addEventListener('afterprint', done)
	})
	onUnmounted(() => {
		if (own === print)
			own = null
		removeEventListener('keydown', key)
		removeEventListener('afterprint', done)
		done()
	})
	return print
}
