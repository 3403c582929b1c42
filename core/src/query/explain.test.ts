import { ManualClock, memoryStorage, parseSeries } from '@metrics-dashboard/sdk/testing';
import type { AggregationFunction } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { QueryEngine } from './engine.js';
import type { ExplainRequest, Explanation } from './query.js';
import { LeveledStorage } from './testing/leveled-storage.js';

const MINUTE = 60_000;
const never = new AbortController().signal;
const sum: AggregationFunction = {
  name: 'sum',
  create: () => {
    let total: number | undefined;
    return {
      add: (value) => {
        total = (total ?? 0) + value;
      },
      result: () => total,
      reset: () => {
        total = undefined;
      },
    };
  },
};

async function explained(expression: string, run = true, rawFrom = 0): Promise<Explanation> {
  const storage = new LeveledStorage(memoryStorage(), { rawFrom, rollups: [{ resolution: 5 * MINUTE, from: 0 }] });
  for (const line of ['a_total{job="x",i="1"} 0+1x60', 'a_total{job="x",i="2"} 0+2x60', 'a_total{job="y",i="1"} 0+3x60', 'b{job="x"} 5x60', 'b{job="y"} 6x60', 'target_info{job="x"} 1x60']) {
    const series = parseSeries(line);
    const { times, values } = series.columns(0, MINUTE);
    storage.append({ count: times.length, refs: new Uint32Array(times.length).fill(storage.index.create(series.labels)), times, values });
  }
  await storage.commit();
  const limits = { querySeries: 100, querySamples: 100_000, queryTimeout: 1000 };
  const engine = new QueryEngine({ storage, aggregations: [sum], limits, clock: new ManualClock(), yieldToLoop: () => Promise.resolve() });
  const request: ExplainRequest = { expression, time: { kind: 'range', start: 10 * MINUTE, end: 60 * MINUTE, step: 5 * MINUTE }, run };
  return engine.explain(request, never);
}

/** One line for each operator. */
function tree({ operators }: Explanation): string[] {
  return operators.map(({ operator, depth, series, actual }) => `${'  '.repeat(depth)}${operator} ${series}${actual === undefined ? '' : ` ${actual.points} ${actual.samples}`}`);
}

describe('an explanation', () => {
  it('shows the operators with the series, points and samples of each', async () => {
    const explanation = await explained('sum by (job) (rate(a_total[5m])) / 2');
    expect(tree(explanation)).toEqual([
      '/() 2 22 165',
      '  sum by (job) 2 22 165',
      '    rate(window {__name__="a_total"}[5m]) 3 33 165',
      '  scalar 1 11 0',
    ]);
    expect(explanation.operators.map(({ text }) => text)).toEqual(['sum by (job) (rate(a_total[5m])) / 2', 'sum by (job) (rate(a_total[5m]))', 'rate(a_total[5m])', '2']);
    expect(explanation.operators[2]?.levels).toEqual([0]);
  });

  it('estimates without reading a sample', async () => {
    const explanation = await explained('sum(a_total)', false);
    expect(explanation.ran).toBe(false);
    expect(explanation.operators.map(({ actual }) => actual)).toEqual([undefined, undefined]);
    expect(explanation.operators[1]).toMatchObject({ series: 3, estimatedPoints: 33 });
    expect(explanation.operators[1]?.estimatedSamples).toBeGreaterThan(0);
  });

  it('names the levels of a stitched query', async () => {
    const explanation = await explained('max_over_time(a_total[10m])', true, 30 * MINUTE);
    expect(explanation.operators[0]).toMatchObject({ operator: 'stitch' });
    const levels = (await explained('sum(a_total)', true, 30 * MINUTE)).operators.map((one) => one.levels);
    expect(levels).toEqual([[], [], [300_000, 0], [0]]);
    expect(explanation.passes.at(-1)).toBe('choose rollup levels');
  });

  it('reads labels where parts of a range are put together by them', async () => {
    const explanation = await explained('sum(a_total)', true, 30 * MINUTE);
    expect(tree(explanation).slice(0, 3)).toEqual(['sum by () 1 11 156', '  stitch 3 33 156', '    select {__name__="a_total"}[5m] 3 15 66']);
  });

  it.each([
    ['1 + 2 + b', ['fold constants']],
    ['b + b @ 600', ['mark what is the same at every step', 'merge selectors']],
    ['a_total{job="x"} + on (job) group_left b', ['propagate matchers']],
    ['sum(rate(a_total[5m]))', ['push grouping']],
    ['sum by (job) (a_total) + sum by (job) (a_total)', ['share common subexpressions']],
    ['rate(a_total[5m]) > rate(a_total[10m])', ['merge selectors']],
  ])('tells which passes changed %s', async (expression, passes) => {
    expect((await explained(expression)).passes).toEqual(passes);
  });

  it('shows that what is common is computed once, and that matchers cross over', async () => {
    expect(tree(await explained('sum by (job) (a_total) + sum by (job) (a_total)')).slice(1)).toEqual([
      '  shared 2 22 165',
      '    sum by (job) 2 22 165',
      '      select {__name__="a_total"} 3 33 165',
      '  shared 2 22 0',
    ]);
    expect(tree(await explained('a_total{job="x"} + on (job) group_left b')).at(-1)).toBe('  select {__name__="b",job="x"} 1 11 55');
  });
});
