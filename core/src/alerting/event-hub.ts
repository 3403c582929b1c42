/** Hands events to all who listen; a slow one loses old events, and holds nobody up. */
export class EventHub<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #mostWaiting: number;
  readonly #onDropped: () => void;

  /** A subscriber that is further behind than `mostWaiting` loses the oldest events. */
  constructor(mostWaiting: number, onDropped: () => void = () => undefined) {
    this.#mostWaiting = mostWaiting;
    this.#onDropped = onDropped;
  }

  publish(event: Event): void {
    for (const listen of this.#listeners) listen(event);
  }

  /** What happens from now on. Ends when the signal aborts. */
  listen(signal: AbortSignal): AsyncIterable<Event> {
    const waiting: Event[] = [];
    let wake: () => void = () => undefined;
    const take = (event: Event): void => {
      if (waiting.length >= this.#mostWaiting) {
        waiting.shift();
        this.#onDropped();
      }
      waiting.push(event);
      wake();
    };
    this.#listeners.add(take);
    const leave = (): void => {
      this.#listeners.delete(take);
      wake();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return events(waiting, signal, leave, (resolve) => {
      wake = resolve;
    });
  }
}

async function* events<Event>(waiting: Event[], signal: AbortSignal, leave: () => void, onWake: (resolve: () => void) => void): AsyncGenerator<Event, void, undefined> {
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => onWake(resolve));
    }
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}
