import { Labels } from '@metrics-dashboard/sdk';
import { memoryStorage } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { CardinalityGate } from './cardinality-gate.js';

describe('the cardinality gate', () => {
  it('admits up to the limit of each metric name', () => {
    const storage = memoryStorage();
    const gate = new CardinalityGate(storage.index, { seriesPerMetric: 2, seriesPerMetricPolicy: 'reject' });
    expect(admitted(gate, storage, 'a', 3)).toBe(2);
    expect(admitted(gate, storage, 'b', 3)).toBe(2);
  });

  it('counts what was in the index before', () => {
    const storage = memoryStorage();
    storage.index.create(Labels.of({ __name__: 'a', i: 'old' }));
    const gate = new CardinalityGate(storage.index, { seriesPerMetric: 2, seriesPerMetricPolicy: 'reject' });
    expect(admitted(gate, storage, 'a', 3)).toBe(1);
  });

  it('gives places back when series leave the head, and says so by its epoch', async () => {
    const storage = memoryStorage();
    const gate = new CardinalityGate(storage.index, { seriesPerMetric: 1, seriesPerMetricPolicy: 'reject' });
    const ref = storage.index.create(Labels.of({ __name__: 'a' }));
    storage.append({ count: 1, refs: Uint32Array.of(ref), times: Float64Array.of(1), values: Float64Array.of(1) });
    await storage.commit();
    expect(gate.obstacle('a', Infinity)).toBe('series_per_metric');
    const { epoch } = gate;
    storage.expireBefore(1000);
    expect(gate.epoch).not.toBe(epoch);
    expect(gate.obstacle('a', Infinity)).toBeUndefined();
  });

  it('takes new limits at once', () => {
    const storage = memoryStorage();
    const gate = new CardinalityGate(storage.index, { seriesPerMetric: 0, seriesPerMetricPolicy: 'reject' });
    expect([gate.obstacle('a', Infinity), gate.refusal]).toEqual(['series_per_metric', 'cardinality_limit']);
    gate.configure({ seriesPerMetric: 1, seriesPerMetricPolicy: 'drop' });
    expect([gate.obstacle('a', Infinity), gate.refusal]).toEqual([undefined, 'dropped_cardinality_limit']);
  });

  it('keeps a limit on all series together, and one on those of a target', () => {
    const storage = memoryStorage();
    const gate = new CardinalityGate(storage.index, { seriesPerMetric: 2, seriesPerMetricPolicy: 'reject', series: 3, seriesPerTarget: 7 });
    expect(admitted(gate, storage, 'a', 5)).toBe(2);
    expect(admitted(gate, storage, 'b', 5)).toBe(1);
    expect(gate.obstacle('c', Infinity)).toBe('series');
    expect(gate.explain('c', false)).toBe('limits.series is 3, and there are as many series');
    expect(gate.obstacle('c', 0)).toBe('series_per_target');
    expect(gate.explain('c', true)).toBe('limits.series_per_target is 7, and the target has as many series');
    expect(gate.explain('a', false)).toBe('limits.series_per_metric is 2, and metric "a" has as many series');
    expect([gate.total, [...gate.seriesByMetric]]).toEqual([3, [['a', 2], ['b', 1]]]);
  });

  it('tells once of a limit that is nearly met, and again after there was room', () => {
    const storage = memoryStorage();
    const told: string[] = [];
    const watcher = { near: (...news: unknown[]) => void told.push(['near', ...news].join(' ')), refused: (limit: string) => void told.push(`refused ${limit}`) };
    const limits = { seriesPerMetric: 10, seriesPerMetricPolicy: 'reject', series: 20 } as const;
    const gate = new CardinalityGate(storage.index, limits, watcher);
    admitted(gate, storage, 'a', 7);
    expect(told).toEqual([]);
    admitted(gate, storage, 'a', 4);
    expect(told).toEqual(['near series_per_metric a 8 10', 'refused series_per_metric']);
    admitted(gate, storage, 'b', 6);
    expect(told.at(-1)).toBe('near series  16 20');
    expect([...gate.near].sort()).toEqual(['', 'a']);
    gate.configure({ ...limits, seriesPerMetric: 100, series: 0 });
    expect([...gate.near]).toEqual([]);
    gate.configure({ ...limits, series: 0 });
    expect([...gate.near]).toEqual(['a']);
    expect(told.filter((line) => line.startsWith('near series_per_metric'))).toHaveLength(2);
  });
});

function admitted(gate: CardinalityGate, storage: ReturnType<typeof memoryStorage>, metric: string, asked: number): number {
  let count = 0;
  for (let i = 0; i < asked; i++) {
    if (gate.obstacle(metric, Infinity) !== undefined) continue;
    storage.index.create(Labels.of({ __name__: metric, i: `${gate.total} ${i}` }));
    gate.take(metric);
    count++;
  }
  return count;
}
