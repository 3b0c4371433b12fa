// The rows of one query, of any length, held in pages of a fixed size. A page is asked for by the cursor of the page
// before it where that is known, else by how many rows lie above it; pages far from the eye are let go.
import type { PageSource, Row, Titles } from './types'

export const PAGE = 250
const KEPT = 24 // pages held at once

interface Held { rows: Row[]; used: number }

export class Pages {
	total = 0
	private held = new Map<number, Held>()
	private cursors = new Map<number, string>() // where page n begins
	private asked = new Map<number, Promise<void>>()
	private control = new AbortController()
	private clock = 0

	constructor(private source: PageSource, private titles: Titles, private changed: () => void) {}

	/** The row, if it is here; asking keeps its page. */
	row(i: number): Row | undefined {
		const page = this.held.get(Math.floor(i / PAGE))
		if (page)
			page.used = ++this.clock
		return page?.rows[i % PAGE]
	}

	/** What is here of a row with this id. */
	find(id: string): { index: number; row: Row } | null {
		for (const [n, page] of this.held) {
			const k = page.rows.findIndex((r) => r[0] === id)
			if (k >= 0)
				return { index: n * PAGE + k, row: page.rows[k] }
		}
		return null
	}

	/** Every page that [first, last] touches, asked for if it is not here; resolves when all are. */
	async need(first: number, last: number): Promise<void> {
		const waits: Promise<void>[] = []
		for (let n = Math.floor(first / PAGE); n <= Math.floor(Math.max(first, last) / PAGE); n++)
			if (!this.held.has(n))
				waits.push(this.ask(n))
		await Promise.all(waits)
	}

	/** The pages in sight anew; what is out of sight is dropped and comes when it is looked at. */
	async refresh(first: number, last: number): Promise<void> {
		this.control.abort()
		this.control = new AbortController()
		this.asked.clear()
		this.cursors.clear()
		const old = this.held
		const from = Math.floor(first / PAGE), to = Math.floor(Math.max(first, last) / PAGE)
		this.held = new Map([...old].filter(([n]) => n >= from && n <= to)) // shown until the new ones are here
		const waits: Promise<void>[] = []
		for (let n = from; n <= to; n++)
			waits.push(this.ask(n))
		await Promise.all(waits)
	}

	close(): void {
		this.control.abort()
	}

	private ask(n: number): Promise<void> {
		const waiting = this.asked.get(n)
		if (waiting)
			return waiting
		const signal = this.control.signal
		const cursor = this.cursors.get(n) ?? null
		const asked = this.source({ after: cursor, skip: cursor ? 0 : n * PAGE, limit: PAGE, signal }).then((page) => {
			if (signal.aborted)
				return
			Object.assign(this.titles, page.titles)
			this.total = page.total
			this.held.set(n, { rows: page.rows, used: ++this.clock })
			if (page.next)
				this.cursors.set(n + 1, page.next)
			this.thin()
			this.asked.delete(n)
			this.changed()
		}, (e) => {
			this.asked.delete(n)
			if ((e as Error).name !== 'AbortError')
				throw e
		})
		this.asked.set(n, asked)
		return asked
	}

	private thin(): void {
		while (this.held.size > KEPT) {
			const [oldest] = [...this.held].reduce((a, b) => (b[1].used < a[1].used ? b : a))
			this.held.delete(oldest)
		}
	}
}
