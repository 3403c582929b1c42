import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  test: { name: 'ui', root: import.meta.dirname, include: ['src/**/*.test.ts', 'codegen.test.ts'], environment: 'happy-dom' },
});
