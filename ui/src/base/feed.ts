// One connection to /api/stream with resume: the browser reconnects by itself after a cut; after a refusal (a restart,
// a busy server) we do, later and later, from the last number we saw.

export type FeedState = 'off' | 'connecting' | 'live' | 'reconnecting'
export interface Change {
	no: number
	at: string
	register: string
	id: string
	project: string | null
	step: string | null
	version: number
	light: [number | null, number | null] | null
	title: string
}
export interface FeedMessage { state?: FeedState; change?: Change; reset?: boolean; begun?: number; tick?: { now: string; today: string } }

const SILENCE_MS = 150_000 // two ticks and a bit

export class Feed {
	private source: EventSource | null = null
	private last = 0
	private who = ''
	private wait = 1000
	private timer = 0
	private watch = 0
	state: FeedState = 'off'
	/** What a page must know of that joins now: entries up to it were told before. */
	told = 0

	constructor(private url: string, private tell: (message: FeedMessage) => void) {}

	open(who: string): void {
		if (this.source && this.who === who)
			return
		if (this.who !== who)
			this.last = 0
		this.who = who
		this.connect()
	}

	close(): void {
		this.source?.close()
		this.source = null
		clearTimeout(this.timer)
		clearTimeout(this.watch)
		this.who = ''
		this.say('off')
	}

	private say(state: FeedState): void {
		if (state !== this.state) {
			this.state = state
			this.tell({ state })
		}
	}

	private connect(): void {
		clearTimeout(this.timer)
		this.source?.close()
		if (this.state !== 'reconnecting')
			this.say('connecting')
		const source = new EventSource(this.last ? `${this.url}?from=${this.last}` : this.url, { withCredentials: true })
		this.source = source
		source.onopen = () => {
			this.wait = 1000
			this.say('live')
			this.alive()
		}
		source.onerror = () => {
			this.say('reconnecting')
			if (source.readyState === EventSource.CLOSED)
				this.later()
		}
		source.addEventListener('begin', (e) => {
			this.told = JSON.parse((e as MessageEvent).data).no
			this.tell({ begun: this.told })
		})
		source.addEventListener('change', (e) => {
			this.alive()
			this.last = Number((e as MessageEvent).lastEventId) || this.last
			this.told = Math.max(this.told, this.last)
			this.tell({ change: JSON.parse((e as MessageEvent).data) })
		})
		source.addEventListener('gone', (e) => { // left our sight: whoever shows it asks again and does not get it
			this.alive()
			const gone = JSON.parse((e as MessageEvent).data)
			this.last = gone.no
			this.told = Math.max(this.told, this.last)
			this.tell({ change: { at: '', project: gone.register === 'project' ? gone.id : null, step: 'gone', version: 0, light: null, title: '', ...gone } })
		})
		source.addEventListener('tick', (e) => {
			this.alive()
			this.last = Number((e as MessageEvent).lastEventId) || this.last
			this.tell({ tick: JSON.parse((e as MessageEvent).data) })
		})
		source.addEventListener('reset', (e) => {
			this.last = Number((e as MessageEvent).lastEventId) || 0
			this.tell({ reset: true })
		})
	}

	private later(): void {
		clearTimeout(this.timer)
		this.timer = setTimeout(() => this.connect(), this.wait) as unknown as number
		this.wait = Math.min(this.wait * 2, 30_000)
	}

	/** A connection that died without a word (a sleeping laptop, a proxy) shows by the missing minute ticks. */
	private alive(): void {
		clearTimeout(this.watch)
		this.watch = setTimeout(() => {
			this.say('reconnecting')
			this.connect()
		}, SILENCE_MS) as unknown as number
	}
}
