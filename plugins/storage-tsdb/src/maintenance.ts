import type { Duration, Host, Timestamp } from '@metrics-dashboard/sdk';
import type { BlockStore } from './block-store.js';
import type { CommitQueue } from './commit-queue.js';
import { blockRange, sealBoundary } from './compaction-plan.js';
import type { Disk } from './disk.js';
import { yieldToLoop } from './disk.js';
import type { HeadAppender } from './head-append.js';
import type { Head } from './head.js';
import { BLOCK_RANGE, rangeStart } from './head.js';
import { CHUNK, CHUNKS, COUNT, LATE, TIMELINE } from './series-state.js';
import type { TsdbMetrics } from './tsdb-metrics.js';
import { HeadSource } from './view-source.js';
import { TsdbView } from './view.js';
import { readCheckpoints, writeCheckpoints } from './wal-checkpoint.js';
import type { Wal } from './wal.js';

const PERIOD: Duration = 30_000;
const SLICE_SERIES = 1024;
/**
 * A series without a sample in the head leaves it when its last one is this much older than the head's newest; one that
 * never had a sample, when it was seen so for this long.
 */
const IDLE: Duration = 3600_000;

interface Parts {
  readonly head: Head;
  readonly blocks: BlockStore;
  readonly wal: Wal;
  readonly walFolder: string;
  readonly disk: Disk;
  readonly commits: CommitQueue;
  readonly appender: HeadAppender;
  readonly retention: Duration;
  readonly host: Host;
  readonly metrics: TsdbMetrics;
  /** Told the refs of series that left the head. */
  readonly removed: (refs: Uint32Array) => void;
}

/**
 * The background work: sealing old parts of the head to blocks, retention, and letting go of series that ended. It
 * runs on the engine's thread in slices of a few milliseconds, one task at a time.
 */
export class Maintenance {
  readonly #parts: Parts;
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
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the storage is closed'));
    await Promise.allSettled([this.#loop, this.#last]);
  }

  /** Seals everything that is in the head, and applies retention. */
  flush(signal: AbortSignal): Promise<void> {
    return this.#exclusive(async () => {
      const either = AbortSignal.any([signal, this.#signal]);
      either.throwIfAborted();
      await this.#seal(Infinity, either);
      await this.#retain();
    });
  }

  /** One turn of the background work. */
  turn(): Promise<void> {
    return this.#exclusive(async () => {
      const { head, host, retention } = this.#parts;
      const boundary = sealBoundary({ start: head.minTime, end: head.maxTime }, host.clock.now(), retention);
      if (boundary !== undefined) await this.#seal(boundary, this.#signal);
      await this.#retain();
    });
  }

  async #run(): Promise<void> {
    const { host } = this.#parts;
    while (!this.#signal.aborted) {
      await host.clock.sleep(PERIOD, this.#signal);
      if (this.#signal.aborted) return;
      try {
        await this.turn();
      } catch (error) {
        if (!this.#signal.aborted) host.log.error('background work of the storage', { error });
      }
    }
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #retain(): Promise<void> {
    const { blocks, host, retention, wal, metrics } = this.#parts;
    await blocks.removeBefore(host.clock.now() - retention);
    metrics.diskBytes.set(blocks.bytes + wal.bytes);
    this.#letGo();
  }

  /** Turns what the head has before a time, a multiple of the blocks' range or infinite, into blocks. */
  async #seal(before: Timestamp, signal: AbortSignal): Promise<void> {
    const { host, head, commits, wal, walFolder, disk, metrics } = this.#parts;
    const began = host.clock.elapsed();
    await this.#closeColumns(before, signal);
    // From here on the log of what is sealed is in closed segments, and the snapshot has all of it.
    const { segment, made: snapshot } = await commits.rotate(() => new HeadSource(head));
    try {
      const { ranges, gone } = await this.#survey(snapshot, before, signal);
      for (const start of ranges) await this.#writeRange(start, snapshot, signal);
      await this.#drop(gone);
    } finally {
      snapshot.release();
    }
    const kept = readCheckpoints(walFolder).filter((one) => one.before > before);
    await writeCheckpoints(walFolder, [...kept, { segment, before: Number.isFinite(before) ? before : Number.MAX_VALUE }], disk);
    wal.truncate(segment, before);
    const seconds = (host.clock.elapsed() - began) / 1000;
    metrics.sealSeconds.inc(seconds);
    host.log.info('head sealed to blocks', { before: Number.isFinite(before) ? before : 'all', seconds });
  }

  /** Makes chunks of the open and late columns that begin before a time. */
  async #closeColumns(before: Timestamp, signal: AbortSignal): Promise<void> {
    const { head } = this.#parts;
    await this.#eachSeries(signal, (slot) => {
      const late = head.state.get(slot, LATE);
      const isLate = late !== 0 && head.late.time(late, 0) < before;
      const isOpen = head.state.get(slot, COUNT) !== 0 && head.timelines.time(head.state.get(slot, TIMELINE), 0) < before;
      if (isOpen || isLate) head.seal(slot, isLate);
    });
  }

  /** The starts of the ranges before a time in which the snapshot has samples, and which chunks lie there. */
  async #survey(snapshot: HeadSource, before: Timestamp, signal: AbortSignal): Promise<{ ranges: number[]; gone: Uint8Array }> {
    const { chunks } = this.#parts.head;
    const starts = new Set<number>();
    const gone = new Uint8Array(chunks.nodes);
    await this.#eachSeries(signal, (slot) => {
      let node = snapshot.state.get(slot, CHUNK);
      for (let left = snapshot.state.get(slot, CHUNKS); left > 0; left--) {
        const start = rangeStart(chunks.firstTime(chunks.timeChunk(node)));
        if (start + BLOCK_RANGE <= before) {
          starts.add(start);
          gone[node] = 1;
        }
        node = chunks.before(node);
      }
    });
    return { ranges: [...starts].sort((a, b) => a - b), gone };
  }

  async #writeRange(start: Timestamp, snapshot: HeadSource, signal: AbortSignal): Promise<void> {
    const { blocks, host, retention } = this.#parts;
    const range = blockRange(start);
    if (range.end < host.clock.now() - retention) return;
    const replaces = blocks.idsInside(range);
    const sources = blocks.sources(range);
    const view = new TsdbView(range, [...sources, snapshot]);
    try {
      const level = view.levels[0];
      if (level === undefined) return;
      const list = await view.find([], Infinity, signal);
      const set = await view.load(list, { level, columns: ['value'], range }, signal);
      await blocks.write(set, replaces, signal);
    } finally {
      for (const source of sources) source.release();
    }
  }

  /** Drops chunks that are in blocks now. Not to be stopped half way: views see a sample twice until it is done. */
  async #drop(gone: Uint8Array): Promise<void> {
    const { head } = this.#parts;
    await this.#eachSeries(undefined, (slot) => head.drop(slot, gone));
    head.recountTimes();
  }

  async #eachSeries(signal: AbortSignal | undefined, work: (slot: number) => void): Promise<void> {
    const { index } = this.#parts.head;
    let done = 0;
    for (const ref of Uint32Array.from(index.all())) {
      const slot = index.slotOf(ref);
      if (slot !== undefined) work(slot);
      if (++done % SLICE_SERIES !== 0) continue;
      await yieldToLoop();
      signal?.throwIfAborted();
    }
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
