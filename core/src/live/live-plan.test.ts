import { describe, expect, it } from 'vitest';
import { planOf } from './live-plan.js';

describe('the plan of a live query', () => {
  it.each([
    ['rate(a[5m])', false],
    ['a offset 5m', false],
    ['sum by (range) (range_total{x="y"})', false],
    ['rate(a[5m] anchored)', false],
    ['a @ 1700000000', true],
    ['a @ end()', true],
    ['a offset -5m', true],
    ['a offset (-5m)', true],
    ['a offset (1m - step())', true],
    ['max_over_time(a[range()])', true],
    ['rate(a[5m] smoothed)', true],
  ])('of %s: steps depend on more than the samples before them: %s', (expression, dependsOnWindow) => {
    expect(planOf({ expression, window: 300_000, interval: undefined, maxPoints: 300, resume: undefined })).toMatchObject({ dependsOnWindow });
  });
});
