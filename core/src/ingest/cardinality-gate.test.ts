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
    expect((gate.obstacle('a', Infinity) === undefined)).toBe(false);
    const { epoch } = gate;
    storage.expireBefore(1000);
    expect(gate.epoch).not.toBe(epoch);
    expect((gate.obstacle('a', Infinity) === undefined)).toBe(true);
  });

  it('takes new limits at once', () => {
    const storage = memoryStorage();
    const gate = new CardinalityGate(storage.index, { seriesPerMetric: 0, seriesPerMetricPolicy: 'reject' });
    expect([(gate.obstacle('a', Infinity) === undefined), gate.refusal]).toEqual([false, 'cardinality_limit']);
    gate.configure({ seriesPerMetric: 1, seriesPerMetricPolicy: 'drop' });
    expect([(gate.obstacle('a', Infinity) === undefined), gate.refusal]).toEqual([true, 'dropped_cardinality_limit']);
  });
});

function admitted(gate: CardinalityGate, storage: ReturnType<typeof memoryStorage>, metric: string, asked: number): number {
  let count = 0;
  for (let i = 0; i < asked; i++) {
    if (!(gate.obstacle(metric, Infinity) === undefined)) continue;
    storage.index.create(Labels.of({ __name__: metric, i: String(i) }));
    gate.take(metric);
    count++;
  }
  return count;
}
