import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, transformWithEsbuild, type Plugin, type Rollup } from 'vite'
import vue from '@vitejs/plugin-vue'

// In development (`npm run dev`) the API comes from a running `guatu serve`.
const api = process.env.GUATU_API ?? 'http://127.0.0.1:8420'

// What a phone needs to write a report without a network: the form with all that it may open, the frame, its first page, signing in.
const KEPT_PAGES = ['/src/pages/ReportPage.vue', '/src/main.ts', '/src/pages/Wall.vue', '/src/pages/SignIn.vue']
const PUBLIC = ['icon.svg', 'icon-192.png', 'manifest.webmanifest']

// What several pages share, in few files: on a slow network each of them costs a round trip.
const SHARED: Record<string, RegExp> = {
	vue: /node_modules\/(@vue|vue)\//,
	frame: /vite\/preload-helper|plugin-vue:export-helper|\/src\/(App\.vue|base\/(action|api|definitions|drafts|feed|format|help|i18n|idb|kept|lights|live|load|map_data|memory|outbox|query|refs|route|session|shell|theme|toast|undo)\.ts|words\/(en|help|map|offline|shell|zh)\.ts|pages\/(OutboxPage|SignIn)\.vue|parts\/(AsOf|DayInput|DeviceBar|EmptyState|LightMark|LiveSign|MapBox|ModalBox|NavMenu|ProblemBox|RefPick|ToastList)\.vue|styles\/(base|lights|map|print|tokens)\.css)/,
	forms: /\/src\/(parts\/(ConflictBox|CopySecret|DateInput|FieldInput|FieldValue|FileList|FilesInput|HistoryList|PhotosInput|PlaceInput|RecordForm|StepBar|SubscribeButton)\.vue|base\/(cells|entries|exif|governed|photo|place|save|sha256)\.ts|views\/(datum|grid\/dom)\.ts|words\/subscribe\.ts)/,
	charts: /\/src\/(base\/(league|wall|wall_charts)\.ts|parts\/(ChartBox|LightBar|TimeBar|TrendStrip)\.vue|views\/(chart|chart_table)\.ts|words\/(chart|wall)\.ts|styles\/chart\.css)/,
	ledger: /\/src\/(ledger\/(source|edits|groups|cell_text|DropMenu)\.(ts|vue)|words\/(ledger|wallchart)\.ts)/,
	plan: /\/src\/(calendar\/days|words\/(calendar|project))\.ts/,
}

// What the page of an address is made from, beside what every page is (src/begin.js).
const PAGES: Record<string, string> = {
	wall: 'pages/Wall', list: 'pages/List', table: 'ledger/LedgerTable', project: 'pages/Project', report: 'pages/ReportPage', work: 'pages/Work',
	signin: 'pages/SignIn', plan: 'pages/PlanPage', plans: 'pages/PlansPage', screen: 'pages/Screen',
}

/** Puts src/begin.js into index.html. Its hash goes into the policy of pages where they are embedded (tools/ui_assets.py). */
function begin(): Plugin {
	return {
		name: 'guatu-begin',
		apply: 'build',
		transformIndexHtml: {
			order: 'post',
			async handler(html, { bundle, chunk: entry }) {
				const chunks = Object.values(bundle!).filter((c): c is Rollup.OutputChunk => c.type === 'chunk')
				const collect = (name: string, into: Set<string>): Set<string> => {
					const chunk = chunks.find((c) => c.fileName === name)
					if (!chunk || into.has(name))
						return into
					into.add(name)
					for (const css of chunk.viteMetadata?.importedCss ?? [])
						into.add(css)
					for (const other of chunk.imports)
						collect(other, into)
					return into
				}
				const common = collect(entry!.fileName, new Set())
				const files = Object.fromEntries(Object.entries(PAGES).map(([page, module]) => {
					const chunk = chunks.find((c) => c.moduleIds.some((id) => id.endsWith(`/src/${module}.vue`)))
					return [page, [...collect(chunk!.fileName, new Set())].filter((f) => !common.has(f))]
				}))
				const source = readFileSync(new URL('src/begin.js', import.meta.url), 'utf8').replace('__FILES__', JSON.stringify(files))
				const { code } = await transformWithEsbuild(source, 'begin.js', { minify: true, format: 'iife', target: 'chrome87', sourcemap: false })
				return html.replace('<script type="module"', () => `<script>${code.trim()}</script>\n  <script type="module"`)
			},
		},
	}
}

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
				for (const page of KEPT_PAGES)
					keep(Object.values(bundle).find((c) => c.type === 'chunk' && c.moduleIds.some((id) => id.endsWith(page)))!.fileName, page === KEPT_PAGES[0])
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
	plugins: [vue(), engine(), begin(), serviceWorker()],
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
			output: {
				onlyExplicitManualChunks: true,
				manualChunks: (id) => Object.keys(SHARED).find((name) => SHARED[name].test(id)),
			},
		},
	},
	worker: { format: 'es' },
})
