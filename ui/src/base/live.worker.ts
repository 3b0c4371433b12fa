// Holds the one feed of this browser and passes what it hears to every tab.
import { Feed, type FeedMessage } from './feed'

const ports = new Set<MessagePort>()
let feed: Feed | null = null

function tell(message: FeedMessage): void {
	for (const port of ports)
		port.postMessage(message)
}

;(self as any).onconnect = (e: MessageEvent) => {
	const port = e.ports[0]
	ports.add(port)
	port.onmessage = (m) => {
		if (m.data.leave) {
			ports.delete(port)
			if (!ports.size)
				feed?.close()
		} else if (m.data.close) {
			feed?.close()
		} else {
			feed ??= new Feed(m.data.url, tell)
			feed.open(m.data.who)
			port.postMessage({ state: feed.state, begun: feed.told })
		}
	}
	port.start()
}
