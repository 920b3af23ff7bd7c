import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The built workspace is embedded in the Go program. Nothing may be inlined into the page or into style attributes:
// the server's policy allows scripts and styles from its own files only.
export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: '../web/dist/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
  },
  server: { proxy: { '/w': { target: process.env.SAFAR ?? 'http://127.0.0.1:8471' } } },
})
