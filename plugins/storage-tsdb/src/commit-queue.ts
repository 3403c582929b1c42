import { InvariantError, StorageError } from '@metrics-dashboard/sdk';
import type { Head } from './head.js';
import type { HeadAppender } from './head-append.js';
import { U32List, grown } from './u32-list.js';
import type { Wal } from './wal.js';
import { RecordWriter } from './wal-record.js';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit that paces itself: while one round is written and synced, everything else that arrives waits for the
 * next, and all who wait share its one sync.
 *
 *     round 1   write ─ fdatasync ─ apply ─ answer
 *                 appends and commits ─► round 2   write ─ fdatasync ─ …
 */
export class CommitQueue {
  readonly #head: Head;
  readonly #appender: HeadAppender;
  readonly #wal: Wal;
  readonly #syncTook: (seconds: number) => void;
  readonly #elapsed: () => number;
  readonly #report: (error: StorageError) => void;
  readonly #records = new RecordWriter();
  readonly #created = new U32List(64);
  /** The segment in which each series was last defined, by slot. */
  #defined: Uint32Array = new Uint32Array(256);
  #waiting: Waiter[] = [];
  /** What waits for the moment between two rounds. */
  readonly #between: (() => void)[] = [];
  #running: Promise<void> | undefined;

  constructor(options: {
    head: Head;
    appender: HeadAppender;
    wal: Wal;
    /** A monotonic clock in milliseconds, and who is told how long each sync took. */
    elapsed: () => number;
    syncTook: (seconds: number) => void;
    /** Told why a round failed. */
    failed: (error: StorageError) => void;
  }) {
    this.#head = options.head;
    this.#appender = options.appender;
    this.#wal = options.wal;
    this.#elapsed = options.elapsed;
    this.#syncTook = options.syncTook;
    this.#report = options.failed;
  }

  /** A new series: its definition is written with the next round. */
  created(ref: number): void {
    this.#created.push(ref);
    const slot = this.#head.index.slotOf(ref);
    if (slot === undefined) return;
    this.#defined = grown(this.#defined, slot + 1);
    this.#defined[slot] = 0;
  }

  /** Resolves when what was appended before is durable. */
  commit(): Promise<void> {
    if (this.#appender.pending === 0 && this.#created.length === 0 && this.#running === undefined) return Promise.resolve();
    this.#appender.cover();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when no round is under way. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /**
   * Closes the open segment between two rounds, when all that is durable is in the head. Answers the number of the
   * next segment, with what `then` made at that moment.
   */
  rotate<T>(then: () => T): Promise<{ segment: number; made: T }> {
    return new Promise((resolve, reject) => {
      this.#between.push(() => {
        try {
          this.#wal.rotate();
          resolve({ segment: this.#wal.segment + 1, made: then() });
        } catch (error) {
          reject(error instanceof Error ? error : new InvariantError(String(error)));
        }
      });
      if (this.#running === undefined) this.#runBetween();
    });
  }

  #runBetween(): void {
    for (const work of this.#between.splice(0)) work();
  }

  async #run(): Promise<void> {
    // Begins a moment later: commits of the same moment share a round.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      this.#runBetween();
      const waiters = this.#waiting;
      this.#waiting = [];
      try {
        await this.#round();
        for (const { resolve } of waiters) resolve();
      } catch (cause) {
        const error = this.#failed(cause);
        for (const { reject } of waiters) reject(error);
        // Those who came meanwhile were judged by what was lost.
        for (const { reject } of this.#waiting.splice(0)) reject(error);
      }
    }
    // In one go with the last look at who waits: whoever comes later starts a new run.
    this.#running = undefined;
    this.#runBetween();
  }

  async #round(): Promise<void> {
    await this.#wal.prepare();
    const samples = this.#appender.begin();
    const refs = this.#undefinedRefs(samples.refs.subarray(0, samples.count));
    this.#records.reset(this.#wal.salt);
    if (refs.length > 0) this.#records.series(refs, this.#head.index);
    if (samples.count > 0) this.#records.samples(samples.count, samples.refs, samples.times, samples.values);
    if (this.#records.length > 0) {
      this.#wal.write(this.#records.finish(), samples.maxTime);
      const began = this.#elapsed();
      await this.#wal.sync();
      this.#syncTook((this.#elapsed() - began) / 1000);
    }
    this.#appender.apply();
  }

  #failed(cause: unknown): StorageError {
    this.#wal.abandon();
    this.#appender.fail();
    // Whoever was to be defined in the lost bytes is defined again: the next segment has none of them.
    const error = new StorageError('write to the write-ahead log', { retryable: true, cause });
    this.#report(error);
    return error;
  }

  /** Series of the round that the open segment does not define yet; from now on it does. */
  #undefinedRefs(refs: Uint32Array): Uint32Array {
    const segment = this.#wal.segment;
    const found = new U32List(16);
    this.#defined = grown(this.#defined, this.#head.index.slots);
    const defined = this.#defined;
    const slots = this.#head.index.slotColumn();
    const note = (ref: number): void => {
      const slot = slots[ref] as number;
      if (slot >= defined.length || defined[slot] === segment) return;
      defined[slot] = segment;
      found.push(ref);
    };
    for (const ref of this.#created.view()) note(ref);
    this.#created.clear();
    for (let i = 0; i < refs.length; i++) note(refs[i] as number);
    return found.view();
  }
}
