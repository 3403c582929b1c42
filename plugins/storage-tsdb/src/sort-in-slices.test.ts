import { Random } from '@metrics-dashboard/sdk/testing';
import { expect, it } from 'vitest';
import { sortInSlices } from './sort-in-slices.js';

it.each([0, 1, 2, 2047, 2048, 2049, 10_000])('sorts %i items as one sort does, equal ones in their order', async (count) => {
  const dice = new Random(count);
  const items = Array.from({ length: count }, (_, i) => ({ key: dice.below(count / 3 + 1), i }));
  const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
  const sorted = await sortInSlices(items, compare, new AbortController().signal);
  expect(sorted).toEqual(items.toSorted(compare));
});
