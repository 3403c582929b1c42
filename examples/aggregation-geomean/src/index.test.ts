import type { AggregationFunction } from '@metrics-dashboard/sdk';
import { testAggregation, testHost } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import plugin from './index.js';

const [contribution] = await plugin.activate(testHost(), undefined);
const geomean = contribution?.value as AggregationFunction;

describe('the geometric mean', () => {
  for (const { name, run } of testAggregation(geomean)) it(name, run);

  it('of ratios is the ratio that, repeated, gives their product', () => {
    const accumulator = geomean.create();
    for (const value of [2, 8]) accumulator.add(value, 0);
    expect(accumulator.result()).toBeCloseTo(4);
  });

  it('is NaN where a value is below zero', () => {
    const accumulator = geomean.create();
    accumulator.add(-1, 0);
    expect(accumulator.result()).toBeNaN();
  });
});
