import type { AlertEvent } from './alert-instance.js';

/** What a watcher hears: events, and how many it missed before this one because it was slow. */
export interface HeardEvent {
  readonly event: AlertEvent;
  readonly missed: number;
}

/** Events that wait for a watcher; older ones make place for newer ones. */
const MOST_WAITING = 1000;

/** Hands changes of alert instances to whoever watches. A slow watcher loses old ones, is told how many, and holds nobody up. */
export class AlertEvents {
  readonly #watchers = new Set<Watcher>();
  readonly #onMissed: () => void;

  constructor(onMissed: () => void) {
    this.#onMissed = onMissed;
  }

  publish(events: readonly AlertEvent[]): void {
    for (const watcher of this.#watchers) for (const event of events) if (!watcher.take(event)) this.#onMissed();
  }

  /** Events from now on, until the signal aborts or the iteration is left. */
  async *watch(signal: AbortSignal): AsyncGenerator<HeardEvent, void, undefined> {
    const watcher = new Watcher();
    const wake = (): void => watcher.wake();
    this.#watchers.add(watcher);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const heard = watcher.next();
        if (heard === undefined) await watcher.sleep();
        else yield heard;
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#watchers.delete(watcher);
    }
  }
}

class Watcher {
  readonly #waiting: AlertEvent[] = [];
  #missed = 0;
  #wake: (() => void) | undefined;

  /** False when an older one had to make place. */
  take(event: AlertEvent): boolean {
    this.#waiting.push(event);
    const isFull = this.#waiting.length > MOST_WAITING;
    if (isFull) {
      this.#waiting.shift();
      this.#missed++;
    }
    this.wake();
    return !isFull;
  }

  next(): HeardEvent | undefined {
    const event = this.#waiting.shift();
    if (event === undefined) return undefined;
    const missed = this.#missed;
    this.#missed = 0;
    return { event, missed };
  }

  sleep(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
