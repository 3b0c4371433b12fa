// The real binary over a fresh data folder with a small invented county; its port is the system's choice.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = process.env.GUATU_SOURCE ?? fileURLToPath(new URL('../../../', import.meta.url))
export const binary = process.env.GUATU ?? join(root, 'build', 'guatu')
export const missing = existsSync(binary) ? false : `skipped: ${binary} is not built`
const run = promisify(execFile)

/** Starts it; answers {address, login, password, link(login), stop()}. */
export async function startServer({ projects = 60, months = 14 } = {}) {
	const data = mkdtempSync(join(tmpdir(), 'guatu-browser-'))
	const guatu = (...words) => run(binary, [...words, '--data', data], { maxBuffer: 1 << 24 })
	const made = await guatu('demo', '--projects', String(projects), '--months', String(months), '--seed', '7')
	const password = /[：:]\s*(\S+)\s*$/.exec(made.stdout.trim())[1]
	const links = {}
	for (const login of ['admin', 'office'])
		links[login] = /#\/link\/(\S+)/.exec((await guatu('user', 'link', login)).stdout)[0]
	const child = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--print-port'], { stdio: ['ignore', 'pipe', 'inherit'] })
	const port = await new Promise((resolve, reject) => {
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
	return {
		address: `http://127.0.0.1:${port}`, password, link: links.office, links,
		stop: async () => {
			const ended = new Promise((resolve) => child.once('exit', resolve))
			child.kill('SIGTERM')
			await ended
			rmSync(data, { recursive: true, force: true })
		},
	}
}
