import { Labels } from '@metrics-dashboard/sdk';
import type { AggregationFunction, StorageBackend } from '@metrics-dashboard/sdk';
import { ManualClock, Random, memoryStorage } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { QueryEngine } from './engine.js';
import { segmentsOf } from './plan/levels.js';
import type { QueryResult, QueryTime } from './query.js';
import { LeveledStorage } from './testing/leveled-storage.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SCRAPE = 15_000;
const LENGTH = 12 * HOUR;
const never = new AbortController().signal;

const sum: AggregationFunction = {
  name: 'sum',
  create: () => {
    let total: number | undefined;
    return { add: (value) => (total = (total ?? 0) + value), result: () => total, reset: () => (total = undefined) };
  },
};

/** A gauge, a counter that starts again now and then, and two buckets of a histogram. */
function write(storage: StorageBackend): void {
  const random = new Random(7);
  const series = ['temperature', 'requests_total', 'seconds_bucket{le="1"}', 'seconds_bucket{le="+Inf"}'];
  const state = [20, 0, 0, 0];
  const refs = series.map((text) => {
    const [name = '', le] = text.split('{le="');
    return storage.index.create(Labels.from([['__name__', name], ...(le === undefined ? [] : ([['le', le.slice(0, -2)]] as [string, string][]))]));
  });
  for (let t = SCRAPE; t <= LENGTH; t += SCRAPE) {
    const fast = random.below(8);
    if (t % (3 * HOUR) === 90_000) state[1] = 0;
    state[0] = (state[0] as number) + random.below(200) / 100 - 1;
    state[1] = (state[1] as number) + 40 + random.below(20);
    state[2] = (state[2] as number) + 20 + fast;
    state[3] = (state[3] as number) + 30 + fast;
    const values = Float64Array.from(state);
    storage.append({ count: 4, refs: Uint32Array.from(refs), times: new Float64Array(4).fill(t), values });
  }
}

function engineOver(storage: StorageBackend): QueryEngine {
  const limits = { querySeries: 1000, querySamples: 50_000_000, queryTimeout: 60_000 };
  return new QueryEngine({ storage, aggregations: [sum], limits, clock: new ManualClock(), yieldToLoop: () => Promise.resolve() });
}

async function both(expression: string, time: QueryTime, options = { rawFrom: 10 * HOUR + 7000, rollups: [{ resolution: 5 * MINUTE, from: 0 }] }): Promise<[raw: QueryResult, leveled: QueryResult]> {
  const plain = memoryStorage();
  const leveled = new LeveledStorage(memoryStorage(), options);
  for (const storage of [plain, leveled]) {
    write(storage);
    await storage.commit();
  }
  return [await engineOver(plain).query({ expression, time }, never), await engineOver(leveled).query({ expression, time }, never)];
}

const onGrid: QueryTime = { kind: 'range', start: HOUR, end: LENGTH, step: 10 * MINUTE };

function expectClose(leveled: QueryResult, raw: QueryResult, relative: number): void {
  expect(leveled.series).toEqual(raw.series);
  expect([...leveled.times]).toEqual([...raw.times]);
  raw.values.forEach((value, i) => expect(Math.abs((leveled.values[i] as number) - value) / Math.max(1e-9, Math.abs(value)), `point ${i}`).toBeLessThanOrEqual(relative));
}

describe('rolled-up and raw samples in one query', () => {
  it.each([
    'sum_over_time(temperature[10m])',
    'count_over_time(temperature[30m])',
    'min_over_time(temperature[30m])',
    'max_over_time(temperature[1h])',
    'avg_over_time(temperature[15m])',
    'first_over_time(temperature[30m])',
    'last_over_time(temperature[30m])',
    'present_over_time(temperature[5m])',
    'ts_of_last_over_time(temperature[20m])',
    'ts_of_first_over_time(temperature[20m])',
    'timestamp(temperature)',
    'delta(temperature[20m])',
    'rate(requests_total[10m])',
    'increase(requests_total[30m])',
    'histogram_quantile(0.5, rate(seconds_bucket[30m]))',
    'temperature',
    'temperature offset 20m',
    'sum_over_time(temperature[10m] @ 7200)',
    'sum(temperature) + sum_over_time(temperature[20m])',
    'absent_over_time(temperature[5m]) or absent(nothing)',
    'max_over_time(temperature[30m:10m])',
  ])('on the grid %s is what raw samples give', async (expression) => {
    const [raw, leveled] = await both(expression, onGrid);
    expectClose(leveled, raw, 1e-9);
    expect(leveled.infos).toEqual([]);
    expect(leveled.warnings).toEqual([]);
  });

  it.each([
    'rate(requests_total[1h])',
    'increase(requests_total[1h])',
    'sum(rate(seconds_bucket[2h]))',
    'histogram_quantile(0.5, rate(seconds_bucket[1h]))',
  ])('on the grid the long range of %s is within two per cent', async (expression) => {
    const [raw, leveled] = await both(expression, onGrid);
    expectClose(leveled, raw, 0.02);
  });

  it('counts every increase once, whatever the level', async () => {
    const [, leveled] = await both('increase(requests_total[5m])', { kind: 'range', start: 10 * MINUTE, end: LENGTH, step: 5 * MINUTE });
    const gained = leveled.values.reduce((total, value) => total + value, 0);
    const [, whole] = await both('increase(requests_total[11h55m])', { kind: 'instant', at: LENGTH });
    expect(gained / (whole.values[0] as number)).toBeCloseTo(1, 3);
  });

  it('off the grid takes the windows around as a whole, and says so', async () => {
    const time: QueryTime = { kind: 'range', start: HOUR + 90_000, end: 2 * HOUR, step: 10 * MINUTE };
    const [, off] = await both('max_over_time(temperature[10m])', time);
    const [around] = await both('max_over_time(temperature[15m])', { ...time, start: HOUR + 5 * MINUTE });
    expect([...off.values]).toEqual([...around.values].slice(0, off.values.length));
    expect(off.infos).toEqual(['PromQL info: samples this old are kept as windows of 5m; steps and ranges that cut a window take it as a whole (1:15)']);
  });

  it('says which functions need raw samples, and answers where there are some', async () => {
    const [raw, leveled] = await both('stddev_over_time(temperature[10m])', onGrid);
    const first = leveled.times[0] as number;
    expect(first).toBeGreaterThanOrEqual(10 * HOUR + 10 * MINUTE);
    expect([...leveled.values]).toEqual([...raw.values].slice(raw.times.indexOf(first)));
    expect(leveled.warnings).toEqual(['PromQL warning: stddev_over_time needs raw samples, which are kept since 1970-01-01T10:00:07.000Z; there is no result from before (1:18)']);
  });

  it('goes from an hour over five minutes to raw samples', async () => {
    const rollups = [{ resolution: 5 * MINUTE, from: 6 * HOUR + 11 * MINUTE }, { resolution: HOUR, from: 0 }];
    const time: QueryTime = { kind: 'range', start: 2 * HOUR, end: LENGTH, step: HOUR };
    for (const expression of ['sum_over_time(temperature[2h])', 'count_over_time(temperature[1h])']) {
      const [raw, leveled] = await both(expression, time, { rawFrom: 10 * HOUR + 7000, rollups });
      expectClose(leveled, raw, 1e-9);
      expect(leveled.infos).toEqual([]);
    }
  });

  it('reads raw samples alone where they hold everything', async () => {
    const storage = new LeveledStorage(memoryStorage(), { rawFrom: 0, rollups: [{ resolution: 5 * MINUTE, from: 0 }] });
    write(storage);
    await storage.commit();
    await engineOver(storage).query({ expression: 'rate(requests_total[10m])', time: onGrid }, never);
    expect([...storage.loads]).toEqual([[0, 1]]);
  });
});

describe('the choice of levels', () => {
  const level = (resolution: number, start: number, end = 1000): Parameters<typeof segmentsOf>[0][number] => ({ resolution, range: { start, end }, columns: [] });
  it.each([
    ['raw alone', [level(0, 0)], [[0, -1, Infinity]]],
    ['a rollup where raw begins on the grid', [level(0, 501), level(100, 1)], [[100, 0, 500], [0, 500, Infinity]]],
    ['the rollup\'s whole window where raw begins inside', [level(0, 530), level(100, 1)], [[100, 0, 600], [0, 600, Infinity]]],
    ['what there is where the rollup ends too soon', [level(0, 530), level(100, 1, 450)], [[100, 0, 400], [0, 529, Infinity]]],
    ['three levels', [level(0, 801), level(100, 330), level(200, 1)], [[200, 0, 400], [100, 400, 800], [0, 800, Infinity]]],
  ])('takes %s', (_, levels, expected) => {
    const segments = segmentsOf(levels, { start: 100, end: 1000 });
    expect(segments.map((one) => [one.level.resolution, one.after, one.upTo])).toEqual(expected);
  });
});
