import type { Clock } from '../host/clock.js';
import type { Duration, Timestamp } from '../model/sample.js';

interface Sleeper {
  readonly due: number;
  wake(): void;
}

/**
 * A clock that stands still until a test moves it. `advance` goes from one sleeper to the next, earliest first and
 * in order of falling asleep where several are due at once, and lets promises settle between two of them, so
 * whoever wakes and sleeps again inside the time that is advanced wakes again.
 */
export class ManualClock implements Clock {
  #now: Timestamp;
  #elapsed = 0;
  readonly #sleepers: Sleeper[] = [];

  /** Starts at some time on the wall clock, by default 2026-01-01T00:00:00Z. */
  constructor(now: Timestamp = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): Timestamp {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** How many are asleep: lets a test wait for a loop to have come round, or see that nothing was left behind. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  sleep(duration: Duration, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        const at = this.#sleepers.indexOf(sleeper);
        if (at >= 0) this.#sleepers.splice(at, 1);
        resolve();
      };
      const sleeper: Sleeper = { due: this.#elapsed + Math.max(0, duration), wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', wake);
    });
  }

  /** Moves both clocks by a number of milliseconds, 0 allowed: that wakes who is due already. */
  async advance(duration: Duration): Promise<void> {
    const end = this.#elapsed + duration;
    await settle();
    for (let next = this.#earliest(end); next !== undefined; next = this.#earliest(end)) {
      this.#moveTo(Math.max(this.#elapsed, next.due));
      next.wake();
      await settle();
    }
    this.#moveTo(end);
    await settle();
  }

  /** Sets the wall clock alone, as an operator or NTP does; nobody wakes, for sleep follows the monotonic clock. */
  setNow(now: Timestamp): void {
    this.#now = now;
  }

  #moveTo(elapsed: number): void {
    this.#now += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }

  #earliest(end: number): Sleeper | undefined {
    let earliest: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.due <= end && (earliest === undefined || sleeper.due < earliest.due)) earliest = sleeper;
    }
    return earliest;
  }
}

/**
 * Resolves when all promises that can settle without the outside world have settled: the microtask queue is empty
 * before an immediate runs. Work that waits for files, sockets or threads is not waited for.
 */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
