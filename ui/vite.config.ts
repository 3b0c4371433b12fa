import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import vue from '@vitejs/plugin-vue'

// In development (`npm run dev`) the API comes from a running `guatu serve`.
const api = process.env.GUATU_API ?? 'http://127.0.0.1:8420'

// What a phone needs to write a report without a network: the page, the form, and whatever these import.
const KEPT_PAGES = /\/(index\.html|pages\/ReportPage\.vue)$/
const PUBLIC = ['icon.svg', 'icon-192.png', 'manifest.webmanifest']

/** Writes sw.js: its version is the hash of every file it keeps, so that the same build gives the same bytes. */
function serviceWorker(): Plugin {
	return {
		name: 'guatu-service-worker',
		apply: 'build',
		generateBundle: {
			order: 'post',
			handler(_options, bundle) {
				const kept = new Set<string>()
				const keep = (name: string, deep: boolean): void => {
					const chunk = bundle[name]
					if (!chunk || kept.has(name))
						return
					kept.add(name)
					if (chunk.type !== 'chunk')
						return
					for (const file of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])])
						kept.add(file)
					for (const other of chunk.imports)
						keep(other, deep)
					if (deep)
						for (const other of chunk.dynamicImports)
							keep(other, false)
				}
				for (const chunk of Object.values(bundle))
					if (chunk.type === 'chunk' && KEPT_PAGES.test(chunk.facadeModuleId ?? ''))
						keep(chunk.fileName, /pages\//.test(chunk.facadeModuleId!))
				for (const name of Object.keys(bundle))
					if (/\/live\.worker-/.test(name))
						kept.add(name)
				const hash = createHash('sha256').update(String((bundle['index.html'] as { source: string }).source))
				for (const name of PUBLIC)
					hash.update(readFileSync(new URL('public/' + name, import.meta.url)))
				const files = [...kept].sort()
				hash.update(files.join())
				this.emitFile({
					type: 'asset', fileName: 'sw.js',
					source: readFileSync(new URL('src/sw.js', import.meta.url), 'utf8').replace('__VERSION__', hash.digest('hex').slice(0, 16))
						.replace("'__FILES__'", ['./', ...PUBLIC, ...files].map((f) => JSON.stringify(f)).join(', ')),
				})
			},
		},
	}
}

/** The schedule engine as WebAssembly, built from src/ on the way; without clang the module says '' and plans are replanned by saving. */
function engine(): Plugin {
	const id = '\0virtual:engine'
	let reference = ''
	let building = false
	return {
		name: 'guatu-engine',
		configResolved(config) {
			building = config.command === 'build'
		},
		resolveId: (name) => (name === 'virtual:engine' ? id : undefined),
		buildStart() {
			if (!building)
				return // the server of development emits no files
			const folder = mkdtempSync(join(tmpdir(), 'guatu-engine-'))
			const out = join(folder, 'engine.wasm')
			try {
				execFileSync('sh', [fileURLToPath(new URL('../tools/wasm.sh', import.meta.url)), out], { stdio: ['ignore', 'pipe', 'inherit'] })
				reference = this.emitFile({ type: 'asset', name: 'engine.wasm', source: readFileSync(out) })
			} catch (e) {
				if ((e as { status?: number }).status !== 77)
					throw e
				this.info('no clang for wasm32: plans are not replanned in the page')
			} finally {
				rmSync(folder, { recursive: true })
			}
		},
		load: (name) => (name === id ? `export const engineUrl = ${reference ? `import.meta.ROLLUP_FILE_URL_${reference}` : "''"}` : undefined),
	}
}

export default defineConfig({
	base: './',
	plugins: [vue(), engine(), serviceWorker()],
	define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
	server: { port: 8471, strictPort: true, proxy: { '/api': { target: api, changeOrigin: true, headers: { Origin: api } } } },
	build: {
		target: 'chrome87',
		cssTarget: 'chrome87',
		modulePreload: { polyfill: false },
		assetsInlineLimit: 0,
		reportCompressedSize: false,
		chunkSizeWarningLimit: 1000,
		rollupOptions: {
			output: { manualChunks: (id) => (/node_modules\/(@vue|vue)\//.test(id) ? 'vue' : undefined) },
		},
	},
	worker: { format: 'es' },
})
