import { describe, expect, it } from 'vitest';
import { axisEnds, lineStep, rounded, valueAt } from './threshold-line.js';

const geometry = { height: 200, axis: { min: 0, max: 0.5, ticks: [] } };

describe('a threshold on a chart', () => {
  it('moves in round steps', () => {
    expect(lineStep(geometry)).toBe(0.001);
    expect(valueAt(geometry, 100)).toBe(0.25);
    expect(valueAt(geometry, -20)).toBe(0.5);
    expect(rounded(0.1 + 0.2, 0.001)).toBe(0.3);
  });

  it('has a place on the axis', () => {
    expect(axisEnds(0, 10, [])).toEqual({ min: undefined, max: undefined });
    expect(axisEnds(0, 10, [5, Infinity])).toEqual({ min: undefined, max: undefined });
    expect(axisEnds(0, 10, [20]).max).toBeCloseTo(21.6);
    expect(axisEnds(100, 110, [90])).toEqual({ min: 88.4, max: undefined });
    expect(axisEnds(Infinity, -Infinity, [5])).toEqual({ min: 4.6, max: 5.4 });
  });
});
