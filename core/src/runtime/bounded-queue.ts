/** What happens to an item that comes when the queue is full. */
export type WhenFull = 'drop-oldest' | 'refuse';

export interface BoundedQueueOptions<Item> {
  /** The most items that wait, at least 1. */
  readonly capacity: number;
  readonly whenFull: WhenFull;
  /** Told of each item that was dropped or refused; for counters. */
  readonly onDropped?: (item: Item) => void;
}

/**
 * Items on their way from one who must not wait to one who may be slow. Every queue has a size, a policy for when it
 * is full, and a count of what it dropped.
 */
export class BoundedQueue<Item> {
  readonly #options: BoundedQueueOptions<Item>;
  readonly #items: Item[] = [];
  readonly #waiting: (() => void)[] = [];
  #dropped = 0;
  #closed = false;

  constructor(options: BoundedQueueOptions<Item>) {
    this.#options = options;
  }

  get size(): number {
    return this.#items.length;
  }

  /** How many items were dropped or refused since the queue was made. */
  get dropped(): number {
    return this.#dropped;
  }

  /** False when the item was not taken: the queue is full and refuses, or is closed. */
  push(item: Item): boolean {
    const isFull = this.#items.length >= this.#options.capacity;
    if (this.#closed || (isFull && this.#options.whenFull === 'refuse')) {
      this.#drop(item);
      return false;
    }
    if (isFull) for (const oldest of this.#items.splice(0, 1)) this.#drop(oldest);
    this.#items.push(item);
    this.#waiting.shift()?.();
    return true;
  }

  /** The oldest item without waiting; undefined when there is none. */
  shift(): Item | undefined {
    return this.#items.shift();
  }

  /** The oldest item, once there is one; undefined when the signal aborts, or the queue is closed and empty. */
  async take(signal: AbortSignal): Promise<Item | undefined> {
    while (this.#items.length === 0 && !this.#closed && !signal.aborted) await this.#wait(signal);
    return signal.aborted ? undefined : this.#items.shift();
  }

  /** Takes nothing more; what waits can still be taken. */
  close(): void {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #drop(item: Item): void {
    this.#dropped += 1;
    this.#options.onDropped?.(item);
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const place = this.#waiting.indexOf(wake);
        if (place >= 0) this.#waiting.splice(place, 1);
        resolve();
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
