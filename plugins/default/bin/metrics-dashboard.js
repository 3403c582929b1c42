#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/index.js', import.meta.url);

if (existsSync(fileURLToPath(entry))) {
  // Node.js 22 and later keep compiled code between starts, which makes the next one quicker.
  module.enableCompileCache?.();
  const { main } = await import(entry.href);
  await main();
} else {
  process.stderr.write('metrics-dashboard is not built yet: run npm run build first\n');
  process.exitCode = 1;
}
