import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Logger } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Engine } from '../engine/engine.js';
import { openLocalEngine } from '../engine/local-engine.js';
import { unplaced } from '../plugin/config-place.js';
import type { PluginConfig } from '../plugin/plugin-config.js';

export interface TestEngineOptions {
  readonly plugins: readonly PluginConfig[];
  readonly clock: Clock;
  readonly log: Logger;
}

const FOREVER = '100y';

/** Opens an empty engine on this thread that takes samples of any time, and closes it, whatever becomes of the work. Nothing is left of it. */
export async function withTestEngine<Result>({ plugins, clock, log }: TestEngineOptions, work: (engine: Engine) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'metrics-dashboard-'));
  try {
    const engine = await openLocalEngine({
      plugins,
      pluginPolicy: 'continue',
      storage: { kind: 'tsdb', config: { retention: FOREVER, out_of_order_window: FOREVER, rollups: [] }, at: unplaced('storage') },
      dataDir,
      limits: { seriesPerMetric: 1_000_000, seriesPerMetricPolicy: 'reject', querySeries: 1_000_000, querySamples: 50_000_000, queryTimeout: 120_000 },
      metrics: new Registry(),
      log,
      clock,
    });
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
