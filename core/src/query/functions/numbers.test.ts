import { describe, expect, it } from 'vitest';
import { arithmetic } from './arithmetic.js';
import { bucketFraction, bucketQuantile } from './buckets.js';
import { CompensatedSum } from './compensated-sum.js';
import { formatValue } from './format-value.js';
import { quantileOf } from './quantile.js';

describe('the quantile of values', () => {
  it.each([
    [0.5, [3, 1, 2], 2],
    [0.5, [1, 2], 1.5],
    [0, [2, 1], 1],
    [1, [2, 1], 2],
    [0, [1, NaN], NaN],
    [1, [1, NaN, 4], 4],
    [-1, [1], -Infinity],
    [2, [1], Infinity],
    [NaN, [1], NaN],
    [0.5, [], NaN],
  ])('%d of %j is %d', (phi, values, expected) => {
    expect(quantileOf(phi, Float64Array.from(values))).toBe(expected);
  });
});

describe('the quantile of buckets', () => {
  const buckets = (...pairs: readonly [number, number][]): { bound: number; count: number }[] => pairs.map(([bound, count]) => ({ bound, count }));

  it.each([
    ['lies inside a bucket by its share', 0.5, buckets([1, 10], [2, 30], [Infinity, 30]), 1.25],
    ['starts at zero in the first bucket', 0.5, buckets([4, 10], [Infinity, 10]), 2],
    ['is the bound of a first bucket below zero', 0.5, buckets([-1, 10], [Infinity, 10]), -1],
    ['is the last finite bound beyond it', 0.9, buckets([1, 1], [Infinity, 10]), 1],
    ['needs a bucket of +Inf', 0.5, buckets([1, 10]), NaN],
    ['needs two buckets', 0.5, buckets([Infinity, 10]), NaN],
    ['needs an observation', 0.5, buckets([1, 0], [Infinity, 0]), NaN],
    ['adds buckets of one bound up', 0.5, buckets([1, 5], [1, 5], [2, 30], [Infinity, 30]), 1.25],
  ])('%s', (_name, phi, given, expected) => {
    expect(bucketQuantile(phi, given).value).toBe(expected);
  });

  it('raises counts that fall, and says so unless it is mere rounding', () => {
    expect(bucketQuantile(0.5, buckets([1, 10], [2, 8], [Infinity, 10]))).toMatchObject({ forced: true });
    expect(bucketQuantile(0.5, buckets([1, 10], [2, 10 - 1e-13], [Infinity, 10]))).toMatchObject({ forced: false });
  });

  it('has a share between bounds', () => {
    const given = buckets([1, 10], [2, 30], [Infinity, 40]);
    expect(bucketFraction(0, 1.5, given)).toBe(0.5);
    expect(bucketFraction(-Infinity, Infinity, given)).toBe(1);
    expect(bucketFraction(2, 1, given)).toBe(0);
    expect(bucketFraction(NaN, 1, given)).toBe(NaN);
  });
});

describe('a value as a label', () => {
  it.each([
    [1, '1'],
    [-0.5, '-0.5'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-1.25e22, '-12500000000000000000000'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('%d is written %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe('arithmetic', () => {
  it('takes one to any power to be one', () => {
    expect(arithmetic('^', 1, NaN)).toBe(1);
    expect(arithmetic('^', -1, Infinity)).toBe(1);
    expect(arithmetic('^', 2, NaN)).toBe(NaN);
  });

  it('gives a remainder the sign of the dividend', () => {
    expect(arithmetic('%', -5, 3)).toBe(-2);
  });
});

describe('a compensated sum', () => {
  it('keeps what a plain one loses', () => {
    const sum = new CompensatedSum();
    for (const value of [1, 1e100, 1, -1e100]) sum.add(value);
    expect(sum.total).toBe(2);
  });
});
