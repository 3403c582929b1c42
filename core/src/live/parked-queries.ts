import type { Clock, Duration } from '@metrics-dashboard/sdk';
import type { LiveQuery } from './live-query.js';

/** For so long a live query that nobody watches can be taken up again. */
export const GRACE: Duration = 30_000;

/** So many live queries that nobody watches are kept. */
const MAX_PARKED = 64;

/** All of them together hold so many values at most, at nine bytes each. */
const MAX_PARKED_CELLS = 4_000_000;

/** Live queries whose last viewer has left, for a short time: they are not evaluated, and only remember. */
export class ParkedQueries {
  readonly #clock: Clock;
  /** Longest parked first; aborting ends the wait. */
  readonly #parked = new Map<LiveQuery, AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(query: LiveQuery): boolean {
    return this.#parked.has(query);
  }

  /** Ends the query after its time, or when others that were parked later need the room. */
  park(query: LiveQuery): void {
    const taken = new AbortController();
    this.#parked.set(query, taken);
    void this.#endLater(query, taken.signal);
    for (const oldest of this.#parked.keys()) {
      if (this.#parked.size <= MAX_PARKED && this.#cells() <= MAX_PARKED_CELLS) return;
      this.#end(oldest);
    }
  }

  /** Somebody watches the query again, or it has ended. */
  take(query: LiveQuery): void {
    this.#parked.get(query)?.abort();
    this.#parked.delete(query);
  }

  async #endLater(query: LiveQuery, taken: AbortSignal): Promise<void> {
    await this.#clock.sleep(GRACE, taken);
    if (!taken.aborted) this.#end(query);
  }

  #end(query: LiveQuery): void {
    this.take(query);
    query.end();
  }

  #cells(): number {
    let cells = 0;
    for (const query of this.#parked.keys()) cells += query.cells;
    return cells;
  }
}
