import type { Clock, Duration, Timestamp } from '@metrics-dashboard/sdk';

/** One beat of a ticker. */
export interface Tick {
  /** The wall clock's time of this tick, on the grid of the interval and its offset. */
  readonly at: Timestamp;
  /** How many ticks before this one fell out, because whoever takes them was busy or the process stood still. */
  readonly missed: number;
}

/** A timer may end this much before the wall clock has reached the grid; such a tick still belongs to it. */
const EARLY: Duration = 5;

/**
 * Ticks every `every` milliseconds, when the wall clock stands at a multiple of it plus `offset`. The waits are
 * measured on the monotonic clock, each for the way to the next place on the grid: a wall clock that is set an hour
 * forward or back moves the times that ticks carry, and neither stops them nor lets them pour in.
 *
 *     wall   ──┼────────┼────────┼──╳ set back ──┼────────┼──
 *     ticks    ●        ●        ●          ●    ●        ●
 *
 * Who comes late gets the newest tick at once, and the number of those it missed. Ends when the signal aborts.
 */
export async function* ticks(
  clock: Clock,
  every: Duration,
  offset: Duration,
  signal: AbortSignal,
): AsyncGenerator<Tick, void, undefined> {
  const early = Math.min(EARLY, every / 4);
  const latestOnGrid = (): Timestamp => Math.floor((clock.now() + early - offset) / every) * every + offset;
  const untilNext = (at: Timestamp): Duration => at + every - clock.now();

  let due = clock.elapsed() + firstWait(clock.now(), every, offset);
  while (!signal.aborted) {
    const wait = due - clock.elapsed();
    if (wait > 0) await clock.sleep(wait, signal);
    if (signal.aborted) return;
    const late = Math.max(0, clock.elapsed() - due);
    const at = latestOnGrid();
    due = clock.elapsed() + untilNext(at);
    yield { at, missed: Math.floor(late / every) };
  }
}

function firstWait(now: Timestamp, every: Duration, offset: Duration): Duration {
  const beyond = (((now - offset) % every) + every) % every;
  return beyond === 0 ? 0 : every - beyond;
}
