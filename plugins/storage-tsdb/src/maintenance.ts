import type { Duration, Host, Matcher, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import { sealBoundary } from './compaction-plan.js';
import { Compactor } from './compactor.js';
import type { HeadAppender } from './head-append.js';
import { Retention } from './retention.js';
import { windowEnd } from './rollup-windows.js';
import { Sealing } from './sealing.js';
import type { SealingParts } from './sealing.js';
import type { TsdbMetrics } from './tsdb-metrics.js';

const PERIOD: Duration = 30_000;
/** After so long a turn leaves the rest to the next one, so that sealing goes on. */
const TURN: Duration = 20_000;
/** Late samples of what is sealed already wait this long. */
const LATE_PERIOD: Duration = 600_000;
/**
 * A series without a sample in the head leaves it when its last one is this much older than the head's newest; one that
 * never had a sample, when it was seen so for this long.
 */
const IDLE: Duration = 3600_000;

interface Parts extends SealingParts {
  readonly appender: HeadAppender;
  readonly retention: Duration;
  readonly retentionSize: number | undefined;
  readonly host: Host;
  readonly metrics: TsdbMetrics;
  /** Told that what is on disk changed. */
  readonly changed: () => void;
  /** Told the refs of series that left the head. */
  readonly removed: (refs: Uint32Array) => void;
}

/**
 * The background work, one task at a time: sealing old parts of the head to blocks, rollups, retention, merging, and letting
 * go of series that ended. Sealing runs on the engine's thread in slices of a few milliseconds; what makes blocks of blocks
 * runs in a worker.
 */
export class Maintenance {
  readonly #parts: Parts;
  readonly #sealing: Sealing;
  readonly #compactor: Compactor;
  readonly #retention: Retention;
  #sealed: { readonly boundary: Timestamp; readonly at: number } = { boundary: -Infinity, at: -Infinity };
  readonly #stopped = new AbortController();
  /** Aborted when the backend closes or its plugin is unloaded. */
  readonly #signal: AbortSignal;
  #last: Promise<unknown> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();
  /** Since when series that never had a sample were seen, by ref; on the monotonic clock. */
  #neverSampled = new Map<number, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#signal = AbortSignal.any([this.#stopped.signal, parts.host.signal]);
    this.#sealing = new Sealing(parts);
    this.#compactor = new Compactor(parts);
    this.#retention = new Retention({ ...parts, compactor: this.#compactor });
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the storage is closed'));
    await Promise.allSettled([this.#loop, this.#last]);
  }

  /** Seals everything that is in the head, makes rollups, applies retention to the sample, and merges blocks. */
  flush(signal: AbortSignal): Promise<void> {
    return this.#exclusive(async () => {
      const either = AbortSignal.any([signal, this.#signal]);
      either.throwIfAborted();
      await all([() => this.#seal(Infinity, either), () => this.#tidy({ signal: either, isFinal: true })]);
    });
  }

  /** One turn of the background work. */
  turn(): Promise<void> {
    return this.#exclusive(async () => {
      const { head, host, retention } = this.#parts;
      const boundary = sealBoundary({ start: head.minTime, end: head.maxTime }, host.clock.now(), retention);
      const signal = this.#signal;
      await all([
        async () => (boundary !== undefined && this.#isDue(boundary) ? this.#seal(boundary, signal) : undefined),
        () => this.#tidy({ signal, isFinal: false }),
      ]);
    });
  }

  /**
   * Deletes the samples of the series that pass the matchers, those of the head too: they are sealed to blocks first. Windows
   * that have lost samples are made anew; those whose samples are gone are deleted.
   */
  delete(matchers: readonly Matcher[], range: TimeRange, signal: AbortSignal): Promise<void> {
    return this.#exclusive(async () => {
      const { blocks, rollups } = this.#parts;
      const either = AbortSignal.any([signal, this.#signal]);
      either.throwIfAborted();
      await this.#seal(Infinity, either);
      // First the rollups: should this be cut short, windows may lack samples that are still there, and not the other way.
      for (const { store, resolution } of rollups.levels) {
        const ends = { start: windowEnd(range.start, resolution), end: windowEnd(range.end, resolution) };
        await store.delete(matchers, ends);
      }
      await blocks.delete(matchers, range);
      await this.#compactor.roll(this.#retention.rollBefore(), either, () => false);
    });
  }

  /** Writes blocks anew that have deleted samples in them. */
  cleanTombstones(signal: AbortSignal): Promise<void> {
    return this.#exclusive(() => this.#compactor.clean(AbortSignal.any([signal, this.#signal])));
  }

  /** Does something while blocks and closed segments of the log stay as they are. */
  undisturbed<T>(work: () => Promise<T>): Promise<T> {
    return this.#exclusive(work);
  }

  async #run(): Promise<void> {
    const { host, metrics } = this.#parts;
    while (!this.#signal.aborted) {
      await host.clock.sleep(PERIOD, this.#signal);
      if (this.#signal.aborted) return;
      try {
        await this.turn();
      } catch (error) {
        if (this.#signal.aborted) return;
        metrics.maintenanceFailures.inc();
        host.log.error('background work of the storage', { error });
      }
    }
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Late samples alone are sealed now and then only: each time a block is written anew. */
  #isDue(boundary: Timestamp): boolean {
    const now = this.#parts.host.clock.elapsed();
    return boundary !== this.#sealed.boundary || now - this.#sealed.at >= LATE_PERIOD;
  }

  async #seal(before: Timestamp, signal: AbortSignal): Promise<void> {
    const { host, metrics, retention, rollups } = this.#parts;
    const began = host.clock.elapsed();
    await this.#sealing.seal(before, host.clock.now() - Math.max(retention, rollups.retention), signal);
    this.#sealed = { boundary: before, at: host.clock.elapsed() };
    const seconds = (host.clock.elapsed() - began) / 1000;
    metrics.sealSeconds.inc(seconds);
    host.log.info('head sealed to blocks', { before: Number.isFinite(before) ? before : 'all', seconds });
  }

  /** Rollups, retention, merging, in this order: samples are given up only when their windows are durable. */
  async #tidy({ signal, isFinal }: { readonly signal: AbortSignal; readonly isFinal: boolean }): Promise<void> {
    const { host, changed } = this.#parts;
    const began = host.clock.elapsed();
    const isEnough = (): boolean => !isFinal && host.clock.elapsed() - began > TURN;
    try {
      await all([
        () => this.#compactor.roll(this.#retention.rollBefore(), signal, isEnough),
        () => this.#retention.apply({ trims: isFinal, signal }),
        () => this.#compactor.merge(signal, isEnough),
      ]);
    } finally {
      changed();
    }
    this.#letGo();
  }

  /** Lets go of series that ended, when no view is open any more that may look for them in the head. */
  #letGo(): void {
    const { head, removed } = this.#parts;
    const ended = this.#endedSeries();
    if (ended.length === 0) return;
    head.whenQuiet(() => {
      const leaving = ended.filter((ref) => this.#isIdle(ref));
      if (leaving.length === 0) return;
      head.remove(leaving);
      removed(leaving);
    });
  }

  /** The refs of the series without a sample in the head whose last one is long ago, ascending. */
  #endedSeries(): Uint32Array {
    const { head, host } = this.#parts;
    const now = host.clock.elapsed();
    const refs: number[] = [];
    const neverSampled = new Map<number, number>();
    for (const ref of head.index.all()) {
      if (!this.#isIdle(ref)) continue;
      const slot = head.index.slotOf(ref);
      if (slot !== undefined && head.lastTime[slot] === -Infinity) {
        const since = this.#neverSampled.get(ref) ?? now;
        neverSampled.set(ref, since);
        if (now - since < IDLE) continue;
      }
      refs.push(ref);
    }
    this.#neverSampled = neverSampled;
    return Uint32Array.from(refs);
  }

  #isIdle(ref: number): boolean {
    const { head, appender } = this.#parts;
    const slot = head.index.slotOf(ref);
    if (slot === undefined || !head.isEmpty(slot) || appender.isWaiting(slot)) return false;
    return (head.lastTime[slot] as number) < head.maxTime - IDLE;
  }
}

/**
 * Does all, one after another, and then throws what the first that failed threw: a full disk, to which no block can be
 * written, must not keep retention from making room.
 */
async function all(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
