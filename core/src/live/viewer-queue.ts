import type { LiveEvent } from './live-event.js';

/** So many events wait for a viewer at most. */
export const MAX_PENDING = 8;

export interface ViewerOptions {
  /** What brings a viewer up to date: a snapshot, and the error that stands, if one does. Empty: there is nothing to show yet. */
  resync(skipped: number): readonly LiveEvent[];
  /** What a viewer that was here before has missed; undefined: more than is held, or it was not. Asked once, at first. */
  missed?(): readonly LiveEvent[] | undefined;
  /** Told of events that a viewer did not get. */
  onSkipped(events: number): void;
}

/**
 * The events of a live query on their way to one viewer. A viewer that is too slow for them loses all that wait, and
 * gets one fresh snapshot when it comes back: so it costs a bounded amount of memory, and sees the newest state first.
 */
export class ViewerQueue implements AsyncIterableIterator<LiveEvent> {
  readonly #options: ViewerOptions;
  readonly #pending: LiveEvent[] = [];
  /** Whether the viewer has to be brought up to date before it can make use of further deltas. */
  #isBehind = true;
  #isNew = true;
  #skipped = 0;
  #isClosed = false;
  #lastSequence = -1;
  readonly #closed: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(options: ViewerOptions) {
    this.#options = options;
  }

  push(event: LiveEvent): void {
    if (this.#isClosed) return;
    if (this.#isBehind) {
      // Before its first snapshot a viewer has missed nothing.
      if (this.#skipped > 0) this.#skip(1);
    } else if (this.#pending.length >= MAX_PENDING) {
      this.#skip(this.#pending.length + 1);
      this.#pending.length = 0;
      this.#isBehind = true;
    } else {
      this.#pending.push(event);
    }
    this.#wake();
  }

  async next(): Promise<IteratorResult<LiveEvent>> {
    for (;;) {
      if (this.#isClosed) return { done: true, value: undefined };
      if (this.#isBehind) this.#catchUp();
      const event = this.#pending.shift();
      if (event !== undefined) {
        this.#lastSequence = event.sequence;
        return { done: false, value: event };
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  return(): Promise<IteratorResult<LiveEvent>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** To be called once, when the viewer is gone. */
  onClosed(listener: () => void): void {
    this.#closed.push(listener);
  }

  /** Ends the iteration. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pending.length = 0;
    this.#wake();
    for (const listener of this.#closed) listener();
  }

  #catchUp(): void {
    const missed = this.#isNew ? this.#options.missed?.() : undefined;
    this.#isNew = false;
    if (missed !== undefined) {
      this.#pending.push(...missed);
      this.#isBehind = false;
      return;
    }
    const events = this.#options.resync(this.#skipped);
    for (const event of events) {
      // An error that the viewer knows is not told twice while it waits for its first snapshot.
      if (event.kind === 'snapshot' || event.sequence > this.#lastSequence) this.#pending.push(event);
    }
    if (!events.some(({ kind }) => kind === 'snapshot')) return;
    this.#isBehind = false;
    this.#skipped = 0;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #skip(events: number): void {
    this.#skipped += events;
    this.#options.onSkipped(events);
  }
}
