import { points } from '@metrics-dashboard/sdk';
import type { AggregationFunction } from '@metrics-dashboard/sdk';
import { testAggregation, testHost } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import plugin from './index.js';
import { avg } from './avg.js';
import { count, group } from './count.js';
import { max, min } from './extremes.js';
import { quantile } from './quantile.js';
import { sum } from './sum.js';
import { stddev, stdvar } from './variance.js';

const ALL: readonly AggregationFunction[] = [sum, avg, min, max, count, group, stddev, stdvar, quantile];

function over(aggregation: AggregationFunction, values: readonly number[], parameter?: number): number | undefined {
  return aggregation.over?.(Float64Array.from(values), 0, values.length, parameter);
}

describe('the contract of aggregations', () => {
  for (const aggregation of ALL) for (const { name, run } of testAggregation(aggregation, { parameters: [-1, 0, 0.3, 1, 2] })) it(name, run);
});

describe('the plugin', () => {
  it('contributes every aggregation of the language that makes one value of many', async () => {
    const contributions = await plugin.activate(testHost(), undefined);
    expect(contributions).toEqual(ALL.map((one) => points.aggregation.of(one)));
  });
});

describe('the results', () => {
  it.each<[AggregationFunction, readonly number[], number | undefined, number]>([
    [sum, [1, 1e100, 1, -1e100], undefined, 2],
    [sum, [Infinity, 1, 1], undefined, Infinity],
    [sum, [Infinity, -Infinity], undefined, NaN],
    [avg, [1, 2, 6], undefined, 3],
    [avg, [1e308, 1e308, 1e308], undefined, 1e308],
    [avg, [Infinity, 5], undefined, Infinity],
    [avg, [Infinity, -Infinity], undefined, NaN],
    [min, [NaN, 3, 2], undefined, 2],
    [min, [NaN, NaN], undefined, NaN],
    [max, [2, NaN, 3], undefined, 3],
    [max, [-Infinity, NaN], undefined, -Infinity],
    [count, [NaN, 1, 2], undefined, 3],
    [group, [5, 6], undefined, 1],
    [stdvar, [2, 4, 4, 4, 5, 5, 7, 9], undefined, 4],
    [stddev, [2, 4, 4, 4, 5, 5, 7, 9], undefined, 2],
    [stddev, [Infinity, 1], undefined, NaN],
    [quantile, [1, 2, 3, 4], 0.5, 2.5],
    [quantile, [1, 2], -0.1, -Infinity],
    [quantile, [1, 2], 1.1, Infinity],
    [quantile, [1, 2], NaN, NaN],
  ])('$0.name of $1 with $2 is $3', (aggregation, values, parameter, expected) => {
    const accumulator = aggregation.create(parameter);
    for (const value of values) accumulator.add(value, 0);
    expect(accumulator.result()).toBe(expected);
    expect(over(aggregation, values, parameter)).toBe(expected);
  });
});
