import { describe, expect, it } from 'vitest';
import { stacked } from './stack.js';

const series = (...all: (number | undefined)[][]) => all.map((values, i) => ({ key: String(i), name: String(i), labels: {}, values }));

describe('stacked series', () => {
  it('lie on those before them', () => {
    expect(stacked(series([1, 2], [10, undefined], [100, 100]), 'normal')).toEqual([[1, 2], [11, undefined], [111, 102]]);
  });

  it('are shares of each step', () => {
    expect(stacked(series([1, 0], [3, 0]), 'percent')).toEqual([[25, 0], [100, 0]]);
  });

  it('are as they were without a stack', () => {
    expect(stacked(series([1, NaN]), 'none')).toEqual([[1, NaN]]);
    expect(stacked(series([1, NaN], [1, 1]), 'normal')).toEqual([[1, undefined], [2, 1]]);
  });
});
