import { describe, expect, it } from 'vitest';
import { DeltaToCumulative } from './delta-to-cumulative.js';

describe('differences', () => {
  it('are added up, each series for itself', () => {
    const sums = new DeltaToCumulative();
    expect([sums.add(1, 10, 5), sums.add(2, 10, 1), sums.add(1, 20, 3)]).toEqual([5, 1, 8]);
  });

  it('are counted once, however often they are sent', () => {
    const sums = new DeltaToCumulative();
    sums.add(1, 10, 5);
    expect([sums.add(1, 10, 5), sums.add(1, 9, 5), sums.add(1, 11, 1)]).toEqual([undefined, undefined, 6]);
  });

  it('that were not stored count when they are sent again', () => {
    const sums = new DeltaToCumulative();
    sums.add(1, 10, 5);
    sums.take();
    sums.add(1, 20, 3);
    sums.add(1, 30, 2);
    sums.add(2, 30, 7);
    sums.undo(sums.take());
    expect([sums.add(1, 20, 3), sums.add(1, 30, 2), sums.add(2, 30, 7)]).toEqual([8, 10, 7]);
  });

  it('begin at zero for series that the storage gave up, and for the one silent the longest when there are too many', () => {
    const sums = new DeltaToCumulative(2);
    sums.add(1, 10, 5);
    sums.add(2, 10, 5);
    sums.add(1, 20, 5);
    sums.add(3, 20, 5);
    expect(sums.size).toBe(2);
    expect([sums.add(1, 30, 1), sums.add(2, 30, 1)]).toEqual([11, 1]);
    sums.forget([1]);
    expect(sums.add(1, 40, 1)).toBe(1);
  });
});
