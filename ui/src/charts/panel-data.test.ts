import { describe, expect, it } from 'vitest';
import { labelSetText, legendName, nearestIndex, summarize } from './panel-data.js';
import { sparklinePath } from './sparkline.js';

describe('a summary', () => {
  it('leaves out gaps, NaN and the infinities', () => {
    expect(summarize([1, undefined, NaN, 5, Infinity])).toEqual({ last: 5, min: 1, mean: 3, max: 5 });
  });

  it('of nothing has no values', () => {
    expect(summarize([undefined, NaN])).toEqual({ last: undefined, min: undefined, mean: undefined, max: undefined });
  });
});

describe('names', () => {
  it('are the label set in the query language', () => {
    expect(labelSetText({ job: 'a"b', __name__: 'up', instance: 'x' })).toBe('up{instance="x", job="a\\"b"}');
    expect(labelSetText({ __name__: 'up' })).toBe('up');
    expect(labelSetText({})).toBe('{}');
  });

  it('fill a template, and leave a missing label empty', () => {
    expect(legendName('{{job}} on {{ instance }}{{none}}', { job: '$1', instance: 'x' })).toBe('$1 on x');
    expect(legendName('', { job: 'a' })).toBe('{job="a"}');
  });
});

describe('the nearest time', () => {
  it.each([[-5, 0], [0, 0], [14, 1], [15, 1], [16, 2], [99, 2]])('to %i has index %i', (at, index) => {
    expect(nearestIndex([0, 10, 20], at)).toBe(index);
  });

  it('of none is none', () => {
    expect(nearestIndex([], 5)).toBe(-1);
  });
});

describe('a sparkline', () => {
  it('lifts the pen over gaps and dots a lone point', () => {
    expect(sparklinePath([0, undefined, 10, 5], 30, 10)).toBe('M0.0 10.0h0M20.0 0.0h0L30.0 5.0');
  });

  it('shows a small change small', () => {
    expect(sparklinePath([100, 99], 30, 10)).toBe('M0.0 4.8h0L30.0 5.2');
  });

  it('of no finite values is empty', () => {
    expect(sparklinePath([undefined, NaN], 30, 10)).toBe('');
  });
});
