import type { Duration, Timestamp } from '../model/sample.js';

/**
 * Time, as everything but the system's clock itself sees it. `now` is the wall clock and may jump; `elapsed`
 * never does, and `sleep` follows it, so a clock that is set an hour back holds nothing up.
 */
export interface Clock {
  /** The wall clock, in milliseconds since the epoch. */
  now(): Timestamp;
  /** Milliseconds since some fixed moment; monotonic, with fractions. */
  elapsed(): number;
  /** Resolves after a time on the monotonic clock; at once, without an error, when the signal aborts. */
  sleep(duration: Duration, signal: AbortSignal): Promise<void>;
}
