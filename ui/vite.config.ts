import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'

// In development (`npm run dev`) the API comes from a running `guatu serve`.
const api = process.env.GUATU_API ?? 'http://127.0.0.1:8420'

export default defineConfig({
	base: './',
	plugins: [vue()],
	define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
	server: { port: 8471, strictPort: true, proxy: { '/api': { target: api, changeOrigin: true } } },
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
