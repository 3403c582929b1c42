#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/index.js', import.meta.url);

if (existsSync(fileURLToPath(entry))) {
  const { main } = await import(entry.href);
  await main();
} else {
  process.stderr.write('metrics-dashboard is not built yet: run npm run build first\n');
  process.exitCode = 1;
}
