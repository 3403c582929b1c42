import { describe, expect, it } from 'vitest';
import { isStale, sameBits, setStale, staleColumn } from './sample.js';

describe('the staleness marker', () => {
  it('is one NaN and no other', () => {
    const column = new Float64Array(2).fill(NaN);
    setStale(column, 1);
    expect([isStale(column[0] as number), isStale(column[1] as number)]).toEqual([false, true]);
    for (const value of [0, 1, NaN, Infinity, -Infinity]) expect(isStale(value)).toBe(false);
    expect(new BigUint64Array(column.buffer)[1]).toBe(0x7ff0000000000002n);
  });

  it('survives the ways in which columns move', () => {
    const column = staleColumn();
    const copy = new Float64Array(3);
    copy.set(column, 2);
    expect([copy, copy.slice(), structuredClone(copy)].map((one) => isStale(one[2] as number))).toEqual([true, true, true]);
    expect(staleColumn()).not.toBe(column);
  });
});

it('the same bits are neither equality nor identity', () => {
  expect(sameBits(1, 1)).toBe(true);
  expect(sameBits(0, -0)).toBe(false);
  expect(sameBits(NaN, NaN)).toBe(true);
  expect(sameBits(NaN, staleColumn()[0] as number)).toBe(false);
  expect(sameBits(1, 1 + Number.EPSILON)).toBe(false);
});
