import type { Clock, Duration, Logger, Timestamp } from '@metrics-dashboard/sdk';
import type { AlertingStore, StoreChange } from './store.js';

/** What nobody waits for is written with the next thing that somebody does, or after this long. */
const LAZY_WAIT: Duration = 1000;
/** Nothing is written again sooner than this after it could not be. */
const RETRY_WAIT: Duration = 5000;

export interface StoreWriterOptions {
  readonly store: AlertingStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFailure: () => void;
}

/**
 * Writes changes in the order in which they were made, those that gather while one transaction runs in the next one.
 * A change of a document replaces one that still waits; what could not be written waits for the next attempt, so that a
 * database that is away for a while loses nothing but what the process knew when it died.
 */
export class StoreWriter {
  readonly #options: StoreWriterOptions;
  #waiting = new Map<string, StoreChange>();
  #writing: Promise<void> | undefined;
  readonly #closing = new AbortController();
  #lazy: Promise<void> | undefined;

  constructor(options: StoreWriterOptions) {
    this.#options = options;
  }

  /** Takes changes that nobody waits for. */
  later(changes: readonly StoreChange[]): void {
    this.#take(changes);
    if (changes.length > 0) this.#lazy ??= this.#drainIn(LAZY_WAIT);
  }

  /** Resolves when these changes and all before them are durable. Rejects when they are not; they are tried again then. */
  async now(changes: readonly StoreChange[]): Promise<void> {
    this.#take(changes);
    while (this.#writing !== undefined) await this.#writing.catch(() => undefined);
    await this.#drain();
  }

  /** Writes what waits. Rejects when it can't be written. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#lazy;
    await this.now([]);
  }

  #take(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      const key = keyOf(change);
      this.#waiting.delete(key);
      this.#waiting.set(key, change);
    }
  }

  async #drainIn(wait: Duration): Promise<void> {
    await this.#options.clock.sleep(wait, this.#closing.signal);
    this.#lazy = undefined;
    if (this.#closing.signal.aborted) return;
    await this.now([]).catch(() => undefined);
  }

  #drain(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    const taken = this.#waiting;
    this.#waiting = new Map();
    const writing = this.#write(taken).finally(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
    this.#writing = writing;
    return writing;
  }

  async #write(taken: Map<string, StoreChange>): Promise<void> {
    try {
      await this.#options.store.write([...taken.values()]);
    } catch (error) {
      this.#options.onFailure();
      this.#options.log.error('the state of alerting could not be written, and is tried again', { error, changes: taken.size });
      // What came meanwhile is newer.
      this.#waiting = new Map([...taken, ...this.#waiting]);
      if (!this.#closing.signal.aborted) this.#lazy ??= this.#drainIn(RETRY_WAIT);
      throw error;
    }
  }
}

function keyOf(change: StoreChange): string {
  if ('record' in change) return `record ${change.record.id}`;
  return 'put' in change ? `${change.put} ${change.key}` : `${change.remove} ${change.key}`;
}

/** Notes that the process is alive. */
export function aliveAt(now: Timestamp): StoreChange {
  return { put: 'time', key: 'aliveAt', document: now };
}
