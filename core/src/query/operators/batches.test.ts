import type { AggregationFunction } from '@metrics-dashboard/sdk';
import { ManualClock, memoryStorage, parseSeries } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { parserFor } from '../language/grammar.js';
import { parse } from '../language/parse.js';
import { Aggregations } from '../plan/aggregations.js';
import { buildPlan } from '../plan/build.js';
import { optimize } from '../plan/optimize.js';
import { Physical } from '../plan/physical.js';
import { MatrixBuilder } from '../result.js';
import { Execution } from './execution.js';
import { makeBatch } from './operator.js';

const GRID = { start: 60_000, step: 17_000, count: 50 };
const never = new AbortController().signal;

/** Adds up; `across` and `over` are left to the engine. */
const sum: AggregationFunction = {
  name: 'sum',
  create: () => {
    let total: number | undefined;
    return { add: (value) => (total = (total ?? 0) + value), result: () => total, reset: () => (total = undefined) };
  },
};

async function storageOf(lines: readonly string[]): Promise<ReturnType<typeof memoryStorage>> {
  const storage = memoryStorage();
  for (const line of lines) {
    const series = parseSeries(line);
    const { times, values } = series.columns(0, 15_000);
    storage.append({ count: times.length, refs: new Uint32Array(times.length).fill(storage.index.create(series.labels)), times, values });
  }
  await storage.commit();
  return storage;
}

const storage = await storageOf([
  'c_total{a="1",b="x"} 0+3x20 5+7x20 stale _ 3+1x30',
  'c_total{a="2",b="x"} _x7 9+2x60',
  'c_total{a="3",b="y"} 4 NaN 8 2 _x30 1+1x20',
  'limit{b="x"} 30x80',
  'limit{b="y"} 10x10 _x20 40x30',
]);

async function run(expression: string, capacity: number): Promise<unknown> {
  const aggregations = new Aggregations([sum]);
  const plan = optimize(buildPlan(parse(expression, parserFor([])), { text: expression, grid: GRID, lookback: 300_000, defaultStep: 60_000 }), GRID);
  const execution = new Execution({
    text: expression,
    storage,
    limits: { querySeries: 100, querySamples: 1e6, queryTimeout: 1000 },
    clock: new ManualClock(),
    deadline: Infinity,
    timeout: Infinity,
    yieldToLoop: () => Promise.resolve(),
  });
  const operator = new Physical(execution, aggregations).operator(plan, GRID);
  const series = await operator.series(never);
  const batch = makeBatch(capacity, series.length);
  const matrix = new MatrixBuilder(series);
  while (await operator.next(batch, never)) matrix.add(batch);
  execution.release();
  return matrix.finish();
}

describe('operators', () => {
  it.each([
    'c_total',
    'rate(c_total[1m])',
    'max_over_time(c_total[2m] offset 30s)',
    'sum by (b) (c_total)',
    'topk(1, c_total)',
    'limitk(1, c_total)',
    'count_values("v", limit)',
    'c_total > on (b) group_left limit',
    'c_total and on (b) limit > 20',
    'c_total or limit',
    'c_total * 2 - scalar(limit{b="x"})',
    'sum_over_time(rate(c_total[1m])[3m:20s])',
    'limit @ 600 + limit offset -1m',
    'absent(limit{b="y"})',
    'timestamp(c_total)',
    'label_replace(c_total, "z", "$1", "a", "(.)") + time()',
  ])('yield the same in batches of any size: %s', async (expression) => {
    const whole = await run(expression, 1000);
    expect(await run(expression, 1)).toEqual(whole);
    expect(await run(expression, 7)).toEqual(whole);
    expect(await run(expression, GRID.count)).toEqual(whole);
  });
});
