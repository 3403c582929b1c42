import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from './product.js';

const RULES = fileURLToPath(new URL('../dependency-cruiser.config.mjs', import.meta.url));

/** Imports as they could be written, and the rule that must stop each. */
const FORBIDDEN: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['sdk/src/model/labels.ts', 'core/src/index.ts', 'sdk-imports-only'],
  ['core/src/engine/local-engine.ts', 'plugins/storage-tsdb/src/index.ts', 'core-imports-only'],
  ['core/src/engine/local-engine.ts', 'sdk/src/model/labels.ts', 'core-imports-only'],
  ['core/src/engine/local-engine.ts', 'sdk/src/testing/index.ts', 'core-imports-only'],
  ['plugins/storage-tsdb/src/head.ts', 'core/src/index.ts', 'plugins-imports-only'],
  ['plugins/storage-tsdb/src/head.ts', 'plugins/scraper-http/src/index.ts', 'plugins-imports-only'],
  ['plugins/storage-tsdb/src/head.ts', 'api/src/index.ts', 'plugins-imports-only'],
  ['examples/scraper-json/src/index.ts', 'plugins/scraper-http/src/index.ts', 'examples-imports-only'],
  ['examples/scraper-json/src/index.ts', 'sdk/src/model/labels.ts', 'examples-imports-only'],
  ['api/src/server.ts', 'plugins/scraper-http/src/index.ts', 'api-imports-only'],
  ['api/src/server.ts', 'core/src/engine/engine.ts', 'api-imports-only'],
  ['plugins/default/src/index.ts', 'core/src/index.ts', 'default-imports-only'],
  ['ui/src/main.ts', 'sdk/src/index.ts', 'ui-imports-only'],
  ['test/world.ts', 'core/src/engine/engine.ts', 'test-imports-only'],
  ['core/src/runtime/ticker.ts', 'core/src/plugin/loader.ts', 'core-runtime-not-to-upstairs'],
  ['core/src/query/engine.ts', 'core/src/ingest/pipeline.ts', 'core-query-not-to-upstairs'],
  ['core/src/ingest/pipeline.ts', 'core/src/engine/engine.ts', 'core-ingest-not-to-upstairs'],
  ['core/src/scrape/scrape-loop.ts', 'core/src/config/config.ts', 'core-scrape-not-to-upstairs'],
  ['core/src/scrape/scrape-loop.ts', 'core/src/live/live-query.ts', 'core-scrape-not-to-upstairs'],
  ['core/src/scrape/scrape-loop.ts', 'core/src/engine/local-engine.ts', 'engine-port-only'],
];

const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['core/src/engine/local-engine.ts', 'sdk/src/index.ts'],
  ['core/src/scrape/scrape-loop.ts', 'core/src/engine/engine.ts'],
  ['plugins/storage-tsdb/src/head.ts', 'sdk/src/metrics/index.ts'],
  ['plugins/storage-tsdb/src/head.test.ts', 'sdk/src/testing/index.ts'],
  ['examples/scraper-json/src/index.ts', 'sdk/src/index.ts'],
  ['api/src/server.ts', 'core/src/index.ts'],
];

describe('the floor plan', () => {
  const folder = temporaryFolder();
  afterEach(() => folder.remove());

  it('stops what goes up or past a door, and lets the rest through', async () => {
    for (const [from, to] of [...FORBIDDEN, ...ALLOWED]) writeImport(folder.path, from, to);
    const { forbidden = [] } = await extractDepcruiseConfig(RULES);
    const { output } = await cruise(['.'], { baseDir: folder.path, ruleSet: { forbidden }, validate: true, tsPreCompilationDeps: true });
    const broken = (output as ICruiseResult).summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`);
    for (const [from, to, rule] of FORBIDDEN) expect(broken, `${from} → ${to}`).toContain(`${from} → ${to}: ${rule}`);
    for (const [from, to] of ALLOWED) expect(broken.filter((line) => line.startsWith(`${from} → ${to}:`))).toEqual([]);
  });
});

/** Adds an import to a file of the small house, and the file it leads to. */
function writeImport(house: string, from: string, to: string): void {
  for (const file of [from, to]) {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), 'export {};\n', { flag: 'a' });
  }
  writeFileSync(join(house, from), `import './${relative(dirname(from), to)}';\n`, { flag: 'a' });
}
