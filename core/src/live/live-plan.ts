import { QueryError, alignDown } from '@metrics-dashboard/sdk';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { LiveRequest } from './live-event.js';
import { stepFor } from './step-ladder.js';

/** The most points a live query draws. */
const MAX_POINTS = 11_000;

/** No live query looks more often. */
const MIN_INTERVAL: Duration = 1000;

/**
 * How long a scrape may take to land after the time its samples carry: three steps, as scrapes are about as frequent as
 * steps are short, and never less or more than this. For so long a step is asked for again; what comes later is seen by
 * the next snapshot.
 */
const LATE = { least: 10_000, most: 60_000, steps: 3 } as const;

/**
 * Words with which a step may need more than the samples before it: `@`, an offset other than a plain duration into the past, the length of the
 * query's own range, and lines drawn to later samples. In a label's value they mean nothing, and make a tick dearer than it has to be.
 */
const BEYOND_THE_PAST = /@|\boffset\b(?!\s*\d)|\brange\s*\(|\bsmoothed\b/i;

/** How a live query is evaluated. Requests with one plan share one evaluation. */
export interface LivePlan {
  /** Equal for equal plans. */
  readonly key: string;
  readonly expression: string;
  readonly step: Duration;
  /** The window's points, both ends counted. */
  readonly steps: number;
  /** How often to look. */
  readonly every: Duration;
  /** How long after a step it is first asked for, so that most scrapes of that step have landed. */
  readonly delay: Duration;
  /** For so long after a step, samples from before it may still land: it is asked for again. */
  readonly late: Duration;
  /** Whether steps depend on more than the samples before them (the window's ends, a fixed or a later time): no part of an answer can be kept. */
  readonly dependsOnWindow: boolean;
}

/** Throws a `QueryError` for a request that makes no sense. */
export function planOf({ expression, window, interval, maxPoints }: LiveRequest): LivePlan {
  if (!(window >= 1000)) throw new QueryError(`the window of a live query is ${window} ms, expected at least 1s`);
  if (!Number.isInteger(maxPoints) || maxPoints < 2 || maxPoints > MAX_POINTS) {
    throw new QueryError(`a live query asks for ${maxPoints} points, expected 2 to ${MAX_POINTS}`);
  }
  if (interval !== undefined && !(interval >= MIN_INTERVAL)) {
    throw new QueryError(`the interval of a live query is ${interval} ms, expected at least 1s`);
  }
  const step = stepFor(window, maxPoints);
  const steps = Math.floor(window / step) + 1;
  const every = Math.max(MIN_INTERVAL, interval ?? step);
  return {
    key: JSON.stringify([expression, step, steps, every]),
    expression,
    step,
    steps,
    every,
    delay: Math.min(500, every / 4),
    late: Math.min(LATE.most, Math.max(LATE.least, LATE.steps * step)),
    dependsOnWindow: BEYOND_THE_PAST.test(expression),
  };
}

/** The last step of the window at a time: the newest that is old enough to have been scraped. */
export function windowEnd({ step, delay }: LivePlan, now: Timestamp): Timestamp {
  return alignDown(now - delay, step);
}
