import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Engine } from '../engine.js';
import { openLocalEngine } from '../local-engine.js';
import { unplaced } from '../../plugin/config-place.js';

/** An engine on this thread, over storage in memory, with the standard aggregations. */
export function openMemoryEngine(clock: Clock, log: Logger): Promise<Engine> {
  const at = unplaced('');
  return openLocalEngine({
    plugins: ['../../../../plugins/aggregation-standard/src/index.ts', '../fixtures/memory-storage.plugin.mjs'].map((path) => ({ specifier: fileURLToPath(new URL(path, import.meta.url)), from: import.meta.url, config: undefined, at })),
    pluginPolicy: 'abort',
    storage: { kind: 'memory', config: {}, at },
    dataDir: '/nowhere',
    limits: { seriesPerMetric: 10_000, seriesPerMetricPolicy: 'reject', querySeries: 1000, querySamples: 100_000, queryTimeout: 10_000 },
    metrics: new Registry(),
    log,
    clock,
  });
}
