import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { preCompress } from './pre-compress.js';

/** The server behind `vite`'s own, for work on the window. */
const server = process.env.METRICS_DASHBOARD_URL ?? 'http://127.0.0.1:9700';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), preCompress()],
  // Leaves out what Apollo Client says to developers only.
  define: { 'globalThis.__DEV__': 'false' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Every asset is a file: a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: '127.0.0.1',
    // The server refuses requests of foreign origins, and this is one.
    proxy: { '/graphql': { target: server, ws: true, changeOrigin: true, headers: { origin: server } } },
  },
});
