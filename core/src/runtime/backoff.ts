import type { Clock, Duration } from '@metrics-dashboard/sdk';

export interface BackoffOptions {
  /** The first wait, before jitter. */
  readonly initial: Duration;
  /** No wait is longer. */
  readonly max: Duration;
  /** Gives numbers from 0 to below 1. */
  readonly random?: () => number;
}

/** Waits between attempts: each about twice as long as the one before, never the same for two who began together. */
export interface Backoff {
  /** Waits on the monotonic clock, and no longer than `most`; at once, without an error, when the signal aborts. Answers with how long it was to be. */
  wait(signal: AbortSignal, most?: Duration): Promise<Duration>;
  /** The next wait is the first again: an attempt succeeded. */
  reset(): void;
}

/** A wait is between half of and all of `initial × 2ⁿ`, at most `max`. */
export function backoff(clock: Clock, options: BackoffOptions): Backoff {
  const random = options.random ?? Math.random;
  let attempt = 0;
  return {
    wait: async (signal, most = Infinity) => {
      const full = Math.min(options.max, options.initial * 2 ** Math.min(attempt, 52));
      const duration = Math.min(most, full / 2 + (random() * full) / 2);
      attempt += 1;
      await clock.sleep(duration, signal);
      return duration;
    },
    reset: () => {
      attempt = 0;
    },
  };
}
