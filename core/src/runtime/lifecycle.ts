import { InvariantError, messageOf } from '@metrics-dashboard/sdk';

/** Something that is open and can be closed. */
export interface Closeable {
  close(): Promise<void> | void;
}

/** How to end something: the thing itself, or what ends it. */
export type Owned = Closeable | (() => Promise<void> | void);

/**
 * Who opens, owns. What a scope owns is closed in reverse order, one after another; one that can't be closed does
 * not keep the others open.
 */
export class Scope {
  readonly #owned: Owned[] = [];
  #closing: Promise<void> | undefined;

  /** Takes over and hands back what it was given. A scope that is closing takes nothing more: throws `InvariantError`. */
  own<Thing extends Owned>(thing: Thing): Thing {
    if (this.#closing !== undefined) throw new InvariantError('a closed scope owns nothing');
    this.#owned.push(thing);
    return thing;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Idempotent: every call gives the same promise. Rejects, when all are closed, with the one error there was,
   * or with an `AggregateError` of several, the first met first.
   */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let thing = this.#owned.pop(); thing !== undefined; thing = this.#owned.pop()) {
      try {
        await (typeof thing === 'function' ? thing() : thing.close());
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, errors.map(messageOf).join('; '));
  }
}
