import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, hasIndexStatistics, isFlushable } from '@metrics-dashboard/sdk';
import { testHost } from '@metrics-dashboard/sdk/testing';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tsdbConfig } from './config.js';
import plugin, { tsdb } from './index.js';

let dataDir: string;

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-plugin-'));
});

afterEach(() => fs.rmSync(dataDir, { recursive: true, force: true }));

it('contributes the storage kind «tsdb»', async () => {
  const contributions = await plugin.activate(testHost({ dataDir }), undefined);
  expect(contributions.map(({ point, name }) => [point, name])).toEqual([['storage', 'tsdb']]);
});

it('counts its head for the status page and tells its state as metrics', async () => {
  const metrics = new Registry();
  const storage = await tsdb.open(tsdbConfig.parse({}), testHost({ dataDir, metrics }));
  try {
    const refs = ['a', 'b', 'c'].map((job, i) => storage.index.create(Labels.of({ __name__: i === 2 ? 'down' : 'up', job })));
    storage.append({ count: 3, refs: Uint32Array.from(refs), times: new Float64Array(3).fill(1000), values: new Float64Array(3) });
    await storage.commit();
    expect(isFlushable(storage)).toBe(true);
    if (!hasIndexStatistics(storage)) throw new Error('no statistics');
    expect(storage.statistics(2)).toEqual({
      labelPairs: 5,
      seriesByMetric: [{ name: 'up', count: 2 }, { name: 'down', count: 1 }],
      valuesByLabel: [{ name: 'job', count: 3 }, { name: '__name__', count: 2 }],
      seriesByPair: [{ name: '__name__=up', count: 2 }, { name: '__name__=down', count: 1 }],
      bytesByLabel: [{ name: '__name__', count: 6 }, { name: 'job', count: 3 }],
    });
    const text = await metrics.metrics();
    expect(text).toContain('metrics_dashboard_storage_head_series 3');
    expect(text).toContain('metrics_dashboard_storage_head_samples 3');
    expect(text).toContain('metrics_dashboard_storage_wal_fsync_duration_seconds_count 1');
    expect(text).toContain('metrics_dashboard_storage_blocks 0');
  } finally {
    await storage.close();
  }
});
