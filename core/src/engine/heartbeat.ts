import type { Clock, Duration } from '@metrics-dashboard/sdk';

/** A count in memory that two threads share. */
export type Heart = Int32Array<SharedArrayBuffer>;

/** How often the other thread looks within its patience. */
const LOOKS = 6;

export function makeHeart(): Heart {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Counts as long as this thread's loop turns, more often than the other thread looks, until the signal aborts. */
export async function beat(heart: Heart, patience: Duration, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    Atomics.add(heart, 0, 1);
    await clock.sleep(patience / LOOKS / 2, signal);
  }
}

/**
 * Resolves with true when the count has stood still for the whole patience, and with false when the signal aborts.
 * Whatever runs on the thread must give its loop back within that time: a query does after each batch of steps, a replay
 * after each segment, a plugin should after 10 ms. What counts are looks and not time: after a pause of the whole process
 * the first look sees an old count, and the next a new one.
 */
export async function standsStill(heart: Heart, patience: Duration, clock: Clock, signal: AbortSignal): Promise<boolean> {
  let last = -1;
  for (let still = 0; still < LOOKS; ) {
    const count = Atomics.load(heart, 0);
    still = count === last ? still + 1 : 0;
    last = count;
    if (still < LOOKS) await clock.sleep(patience / LOOKS, signal);
    if (signal.aborted) return false;
  }
  return true;
}
