import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  // Tests run on the sources of what the window takes from the house.
  resolve: { conditions: ['source', 'module', 'browser', 'development', 'import', 'default'] },
  test: { name: 'ui', root: import.meta.dirname, include: ['src/**/*.test.ts', 'codegen.test.ts'], environment: 'happy-dom' },
});
