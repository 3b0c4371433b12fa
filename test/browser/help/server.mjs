// The real binary over a fresh data folder with a small invented county; its port is the system's choice.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { slow, slowDoor } from './slow.mjs'

const root = process.env.GUATU_SOURCE ?? fileURLToPath(new URL('../../../', import.meta.url))
export const binary = process.env.GUATU ?? join(root, 'build', 'guatu')
export const missing = existsSync(binary) ? false : `skipped: ${binary} is not built`
const run = promisify(execFile)

/** Starts it; answers {address, data folder, password of every account, link of the project office, stop(), and end() and begin() for
 * a server that goes away and comes back}. administrator: a login to add. */
export async function startServer({ projects = 60, months = 14, administrator = null } = {}) {
	const data = mkdtempSync(join(tmpdir(), 'guatu-browser-'))
	const guatu = (...words) => run(binary, [...words, '--data', data], { maxBuffer: 1 << 24 })
	const made = await guatu('demo', '--projects', String(projects), '--months', String(months), '--seed', '7')
	const password = /[：:]\s*(\S+)\s*$/.exec(made.stdout.trim())[1]
	if (administrator) { // the invented county has none; it gets the password of the others
		const adding = run(binary, ['user', 'add', administrator, '--name', '管理员', '--roles', 'administrator', '--password-stdin', '--data', data])
		adding.child.stdin.end(password + '\n')
		await adding
	}
	const link = /#\/link\/\S+/.exec((await guatu('user', 'link', 'xiangmuban')).stdout)[0]
	let child
	async function serve(port) {
		child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--print-port'], { stdio: ['ignore', 'pipe', 'inherit'] })
		return new Promise((resolve, reject) => {
			let text = ''
			child.stdout.on('data', (part) => {
				text += part
				const m = /^(\d+)\n/.exec(text)
				if (m)
					resolve(Number(m[1]))
			})
			child.once('exit', (code) => reject(new Error(`guatu serve ended with ${code}`)))
			child.once('error', reject)
		})
	}
	async function end() {
		const ended = new Promise((resolve) => child.once('exit', resolve))
		child.kill('SIGTERM')
		await ended
	}
	const port = await serve(0)
	const door = slow ? await slowDoor(port) : { port, close: () => {} }
	return {
		address: `http://127.0.0.1:${door.port}`, data, password, link, end,
		begin: () => serve(port),
		stop: async () => {
			door.close()
			await end()
			rmSync(data, { recursive: true, force: true })
		},
	}
}
