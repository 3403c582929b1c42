import { InvariantError } from '@metrics-dashboard/sdk';
import type { Clock } from '@metrics-dashboard/sdk';
import type { RemoteRead } from '../engine.js';

/** A read that is older than this was forgotten by whoever began it. */
const LONGEST = 10 * 60_000;

/** One read that somebody takes in pieces from another thread. */
interface Session {
  readonly pieces: AsyncIterator<Uint8Array<ArrayBuffer>>;
  readonly ending: AbortController;
  readonly begun: number;
}

/** Reads that are taken piece by piece over a port. One that is left alone is closed, for it holds a view of the storage. */
export class ReadSessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<number, Session>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a read, and tells its number. */
  async open(begin: (signal: AbortSignal) => Promise<RemoteRead>): Promise<Pick<RemoteRead, 'form'> & { readonly id: number }> {
    const begun = this.#clock.elapsed();
    for (const [id, session] of this.#sessions) if (begun - session.begun > LONGEST) await this.close(id);
    const ending = new AbortController();
    const { form, pieces } = await begin(ending.signal);
    const id = ++this.#last;
    this.#sessions.set(id, { pieces: pieces[Symbol.asyncIterator](), ending, begun });
    return { id, form };
  }

  /** The next piece; undefined at the end, which closes the read, as an error does and an abort. */
  async next(id: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new InvariantError(`read ${id} is open`);
    const stop = (): void => session.ending.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const piece = await session.pieces.next();
      if (piece.done !== true) return piece.value;
      this.#sessions.delete(id);
      return undefined;
    } catch (error) {
      this.#sessions.delete(id);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends a read before its end. */
  async close(id: number): Promise<void> {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    session?.ending.abort();
    await session?.pieces.return?.();
  }
}
