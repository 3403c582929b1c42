import type { LiveEvent } from './live-event.js';

/** The most events that are kept; at a step of five seconds, about five minutes. */
export const MAX_EVENTS = 64;

/**
 * The last events of a live query, for viewers that come back. A snapshot makes all that was before it useless, and so
 * does a number of cells beyond what a snapshot would have: the history is never larger than the window itself.
 */
export class LiveHistory {
  readonly #events: LiveEvent[] = [];
  #last = 0;
  #cells = 0;

  /** How many values are kept. */
  get cells(): number {
    return this.#cells;
  }

  /** Keeps the newest event. `room` is how many cells a snapshot would have now. */
  record(event: LiveEvent, room: number): void {
    this.#last = event.sequence;
    if (event.kind === 'snapshot') {
      this.#events.length = 0;
      this.#cells = 0;
      return;
    }
    this.#events.push(event);
    this.#cells += cellsOf(event);
    while (this.#events.length > MAX_EVENTS || this.#cells > room) {
      const oldest = this.#events.shift();
      if (oldest === undefined) return;
      this.#cells -= cellsOf(oldest);
    }
  }

  /** All events after one of them, which may be none; undefined when they are not held, or when there was no such event. */
  after(sequence: number): readonly LiveEvent[] | undefined {
    const missed = this.#last - sequence;
    if (missed < 0 || missed > this.#events.length) return undefined;
    return this.#events.slice(this.#events.length - missed);
  }
}

function cellsOf(event: LiveEvent): number {
  return event.kind === 'error' ? 0 : event.columns.reduce((sum, { values }) => sum + values.length, 0);
}
