/**
 * Hands one of core's streams to one subscriber. The next event is asked for when the subscriber has taken the one
 * before, so a slow reader holds nothing up: what it missed, the source leaves out and says so.
 *
 * The stream's own signal aborts first when the subscriber leaves or `outer` aborts; a source that waits for its next
 * event wakes by it, and only then is told to end. `open` is called once, at once: what it throws, the subscriber gets.
 */
export async function eventStream<Event>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  outer: AbortSignal,
): Promise<AsyncIterableIterator<Event>> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  outer.addEventListener('abort', leave, { once: true });
  if (outer.aborted) leave();
  try {
    const source = (await open(leaving.signal))[Symbol.asyncIterator]();
    return new EventStream(source, () => {
      outer.removeEventListener('abort', leave);
      leave();
    });
  } catch (error) {
    outer.removeEventListener('abort', leave);
    throw error;
  }
}

class EventStream<Event> implements AsyncIterableIterator<Event> {
  readonly #source: AsyncIterator<Event>;
  readonly #leave: () => void;

  constructor(source: AsyncIterator<Event>, leave: () => void) {
    this.#source = source;
    this.#leave = leave;
  }

  async next(): Promise<IteratorResult<Event>> {
    const result = await this.#source.next();
    if (result.done) this.#leave();
    return result;
  }

  async return(): Promise<IteratorResult<Event>> {
    this.#leave();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
