import { describe, expect, it } from 'vitest';
import { rowAt, topsOf } from './row-places.js';

describe('the rows of a long list', () => {
  it('stand one below the other', () => {
    const tops = topsOf([40, 60, 60]);
    expect([...tops]).toEqual([0, 40, 100, 160]);
    expect([-5, 0, 39, 40, 99, 100, 500].map((y) => rowAt(tops, y))).toEqual([0, 0, 0, 1, 1, 2, 2]);
    expect(rowAt(topsOf([]), 10)).toBe(0);
  });
});
