import { expect, test } from 'vitest';
import { thinningOf } from './thinning.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

test('four weeks in hours are asked for by the minute, and answered as two points for each two hours', () => {
  expect(thinningOf({ start: 0, end: 28 * DAY - MINUTE, step: 60 * MINUTE }, MINUTE)).toEqual({
    time: { start: 0, end: 28 * DAY - MINUTE, step: MINUTE },
    thin: { thin: 120 },
    answer: { start: 0, end: 28 * DAY - 60 * MINUTE, step: 60 * MINUTE },
  });
});

test('what is longer is asked for as finely as can be', () => {
  expect(thinningOf({ start: 0, end: 365 * DAY, step: 12 * 60 * MINUTE }, MINUTE)?.time.step).toBe(15 * MINUTE);
});

test('a grid as fine as the samples stays', () => {
  expect(thinningOf({ start: 0, end: 60 * MINUTE, step: 10_000 }, 15_000)).toBeUndefined();
});
