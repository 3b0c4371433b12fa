// Loads a TypeScript module of src/ as the build would, so that `node --test` can use it.
import { createServer } from 'vite'
import { fileURLToPath } from 'node:url'

export async function open() {
	const vite = await createServer({
		root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'error', appType: 'custom', configFile: false,
		server: { middlewareMode: true, hmr: false, ws: false, watch: null }, optimizeDeps: { noDiscovery: true },
	})
	return { load: (path) => vite.ssrLoadModule('/src/' + path), close: () => vite.close() }
}
