import { describe, expect, it } from 'vitest';
import { parseDuration } from '@metrics-dashboard/sdk';
import { STEP_LADDER, stepFor } from './step-ladder.js';

describe('the ladder of steps', () => {
  it.each([
    ['5m', 600, '1s'],
    ['15m', 600, '2s'],
    ['1h', 600, '10s'],
    ['1h', 601, '10s'],
    ['1h', 361, '10s'],
    ['1h', 360, '15s'],
    ['6h', 600, '1m'],
    ['1d', 600, '5m'],
    ['7d', 600, '30m'],
    ['30d', 600, '2h'],
    ['1y', 600, '1d'],
    ['10y', 600, '7d'],
  ])('gives %s in at most %i points a step of %s', (window, points, step) => {
    expect(stepFor(parseDuration(window), points)).toBe(parseDuration(step));
  });

  it('never gives more points than asked for', () => {
    for (let window = 1000; window < 4e11; window = Math.ceil(window * 1.37)) {
      for (const points of [2, 3, 100, 599, 600, 11_000]) {
        expect(Math.floor(window / stepFor(window, points)) + 1).toBeLessThanOrEqual(points);
      }
    }
  });

  it('goes up', () => {
    expect([...STEP_LADDER].sort((a, b) => a - b)).toEqual(STEP_LADDER);
  });
});
