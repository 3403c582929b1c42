import { expect, it } from 'vitest';
import { ALL_TIME, alignDown, alignUp, contains, gridSize, overlaps } from './time.js';

it('ranges include both ends', () => {
  const range = { start: 10, end: 20 };
  expect([9, 10, 20, 21].map((at) => contains(range, at))).toEqual([false, true, true, false]);
  expect(overlaps(range, { start: 20, end: 30 })).toBe(true);
  expect(overlaps(range, { start: 0, end: 9 })).toBe(false);
  expect(overlaps({ start: 12, end: 13 }, range)).toBe(true);
  expect(contains(ALL_TIME, Date.UTC(2026, 0, 1))).toBe(true);
});

it('times are aligned to multiples of a step, before the epoch too', () => {
  expect([0, 14, 15, 16, -1].map((at) => alignDown(at, 15))).toEqual([0, 0, 15, 15, -15]);
  expect([0, 1, 15, 16, -14].map((at) => alignUp(at, 15) + 0)).toEqual([0, 15, 15, 30, 0]);
});

it('a grid has both ends', () => {
  expect([gridSize({ start: 0, end: 0 }, 15), gridSize({ start: 0, end: 29 }, 15), gridSize({ start: 0, end: 30 }, 15)]).toEqual([1, 2, 3]);
});
