import { QueryError, alignDown } from '@metrics-dashboard/sdk';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { LiveRequest } from './live-event.js';
import { stepFor } from './step-ladder.js';

/** The most points a live query draws. */
const MAX_POINTS = 11_000;

/** No live query looks more often. */
const MIN_INTERVAL: Duration = 1000;

/**
 * How long a scrape may take to land after the time its samples carry. For so long the last steps are asked for again
 * at each tick; what comes later is seen by the next snapshot.
 */
const LATE: Duration = 10_000;

/** At least so many steps are asked for again, so that a scrape that was under way at the last tick is taken in. */
const MIN_REVISED = 3;

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
  /** How many of the steps that are known are asked for again at each tick. */
  readonly revised: number;
  /** Whether the expression looks at the ends of the window, so that no part of an answer can be kept. */
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
    revised: Math.min(steps, Math.max(MIN_REVISED, Math.ceil(LATE / step))),
    dependsOnWindow: /@\s*(?:start|end)\s*\(/.test(expression),
  };
}

/** The last step of the window at a time: the newest that is old enough to have been scraped. */
export function windowEnd({ step, delay }: LivePlan, now: Timestamp): Timestamp {
  return alignDown(now - delay, step);
}
