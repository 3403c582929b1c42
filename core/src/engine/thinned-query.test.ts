import { Labels, setStale } from '@metrics-dashboard/sdk';
import { ManualClock, memoryStorage } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { QueryEngine } from '../query/engine.js';
import { thinnedQuery } from './thinned-query.js';

const MINUTE = 60_000;
const SAMPLES = 40_320;
const START = 1_699_999_200_000;
const SIGNAL = new AbortController().signal;
const THIN = 120;

/** Four weeks at a sample a minute around 50, with spikes and drops of one sample, and a hole. */
async function world() {
  const storage = memoryStorage();
  const ref = storage.index.create(Labels.from([['__name__', 'load'], ['host', 'a']]));
  const values = Float64Array.from({ length: SAMPLES }, (_, i) => 50 + Math.sin(i / 500));
  const spikes = Array.from({ length: 31 }, (_, i) => 701 + i * 1237);
  const drops = Array.from({ length: 13 }, (_, i) => 333 + i * 2999);
  for (const [i, at] of spikes.entries()) values[at] = 1000 + i;
  for (const at of drops) values[at] = 0;
  setStale(values, 17_000);
  const kept = [...values.keys()].filter((i) => i <= 17_000 || i > 17_600);
  storage.append({ count: kept.length, refs: new Uint32Array(kept.length).fill(ref), times: Float64Array.from(kept, (i) => START + i * MINUTE), values: Float64Array.from(kept, (i) => values[i] ?? NaN) });
  await storage.commit();
  const limits = { querySeries: 50_000, querySamples: 50_000_000, queryTimeout: 120_000 };
  const queries = new QueryEngine({ storage, aggregations: [], limits, clock: new ManualClock(START) });
  return { queries, spikes, drops };
}

describe('a thinned range', () => {
  it.each(['load', 'load * 1'])('of four weeks at 900 points keeps all spikes, all drops and the hole: %s', async (expression) => {
    const { queries, spikes, drops } = await world();
    const time = { kind: 'range', start: START, end: START + (SAMPLES - 1) * MINUTE, step: MINUTE } as const;
    const answer = await thinnedQuery({ expression, time, thin: THIN }, queries, SIGNAL);
    const values = [...answer.values];
    expect(values.length).toBeLessThanOrEqual(900);
    expect(values.filter((value) => value >= 1000)).toEqual(spikes.map((_, i) => 1000 + i));
    expect(values.filter((value) => value === 0)).toHaveLength(drops.length);
    const missing = Array.from({ length: (SAMPLES / THIN) * 2 }, (_, i) => START + (i * THIN * MINUTE) / 2).filter((at) => !answer.times.includes(at));
    expect(missing.every((at) => at >= START + 17_000 * MINUTE && at < START + 17_600 * MINUTE)).toBe(true);
    expect(missing.length).toBeGreaterThanOrEqual(6);
    expect(answer.infos.at(-1)).toBe('thinned: the least and the greatest value of each 2h');
  });

  it('finds what stands between two steps of a plain selector', async () => {
    const { queries, spikes, drops } = await world();
    const time = { kind: 'range', start: START, end: START + (SAMPLES - 1) * MINUTE, step: 10 * MINUTE } as const;
    const answer = await thinnedQuery({ expression: 'load{host="a"}', time, thin: 12 }, queries, SIGNAL);
    expect(answer.values.filter((value) => value >= 1000)).toHaveLength(spikes.length);
    expect(answer.values.filter((value) => value === 0)).toHaveLength(drops.length);
  });

  it('refuses what can not be thinned', async () => {
    const { queries } = await world();
    await expect(thinnedQuery({ expression: 'load', time: { kind: 'instant', at: START }, thin: 10 }, queries, SIGNAL)).rejects.toThrow('a range of steps is thinned');
    await expect(thinnedQuery({ expression: 'load', time: { kind: 'range', start: 0, end: 1e9, step: 1000 }, thin: 10 }, queries, SIGNAL)).rejects.toThrow('at most 44000');
  });
});
