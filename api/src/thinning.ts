import { MOST_FINE_STEPS, STEP_LADDER } from '@metrics-dashboard/core';
import type { Config } from '@metrics-dashboard/core';
import type { Duration } from '@metrics-dashboard/sdk';
import type { AnswerGrid } from './frames.js';

/** How a range is asked for on a finer grid, and the grid of its answer. */
export interface Thinning {
  readonly time: AnswerGrid;
  readonly thin: { readonly thin: number };
  readonly answer: AnswerGrid;
}

/** undefined where there is nothing between the steps of a grid: they are no further apart than samples are. */
export function thinningOf({ start, end, step }: AnswerGrid, finest: Duration): Thinning | undefined {
  const bucket = 2 * step;
  const fine = STEP_LADDER.find((rung) => rung >= finest && bucket % rung === 0 && (end - start) / rung < MOST_FINE_STEPS);
  if (fine === undefined || fine >= step) return undefined;
  const buckets = Math.floor((end - start) / bucket) + 1;
  return { time: { start, end, step: fine }, thin: { thin: bucket / fine }, answer: { start, end: start + (2 * buckets - 1) * step, step } };
}

/** How far apart the closest samples are, as the configuration has it. */
export function scrapeIntervalOf({ global, scrapeConfigs }: Config): Duration {
  return Math.min(global.scrapeInterval, ...scrapeConfigs.map(({ interval }) => interval));
}
