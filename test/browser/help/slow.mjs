// A slow machine and a slow line, for who looks for tests that only a fast one passes: GUATU_SLOW=4 makes every page compute
// four times slower and stands in front of the server, where each request waits a while on its way and its answer on its way
// back. 1: the line only. No test waits for a time, so all must pass as they do without it.
import { createServer, request } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'

export const slow = Number(process.env.GUATU_SLOW ?? 0)
const LONGEST_MS = 300

/** Answers {port, close()} of a door in front of that port. */
export async function slowDoor(port) {
	const door = createServer(async (ask, answer) => {
		const api = ask.url.includes('/api/')
		const way = () => api && after(Math.random() * LONGEST_MS)
		await way()
		const onward = request({ host: '127.0.0.1', port, path: ask.url, method: ask.method, headers: ask.headers }, async (got) => {
			await way()
			answer.writeHead(got.statusCode, got.headers)
			answer.flushHeaders()
			got.on('error', () => answer.destroy()).pipe(answer)
		})
		onward.on('error', () => ask.socket.destroy()) // the server is away: so is the door
		answer.on('close', () => onward.destroy())
		ask.pipe(onward)
	})
	await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve))
	return {
		port: door.address().port,
		close: () => {
			door.closeAllConnections()
			door.close()
		},
	}
}

/** Every page of that context computes slowly, from its first script on. */
export function slowContext(context) {
	context.on('page', async (page) => {
		const devtools = await context.newCDPSession(page)
		await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow })
	})
}
