import type { Timestamp } from '@metrics-dashboard/sdk';
import { ViewInput } from './block-input.js';
import type { BlockStore } from './block-store.js';
import type { CommitQueue } from './commit-queue.js';
import { blockRange } from './compaction-plan.js';
import type { Disk } from './disk.js';
import { yieldToLoop } from './disk.js';
import type { Head } from './head.js';
import { justAfter, rangeLimit, rangeStart } from './head.js';
import type { Rollups } from './rollups.js';
import { CHUNK, CHUNKS, COUNT, LATE, TIMELINE } from './series-state.js';
import { HeadSource } from './view-source.js';
import { TsdbView } from './view.js';
import { readCheckpoints, writeCheckpoints } from './wal-checkpoint.js';
import type { Wal } from './wal.js';

const SLICE_SERIES = 1024;

export interface SealingParts {
  readonly head: Head;
  readonly blocks: BlockStore;
  readonly rollups: Rollups;
  readonly wal: Wal;
  readonly walFolder: string;
  readonly disk: Disk;
  readonly commits: CommitQueue;
}

/** Turns old parts of the head into blocks, on the thread of the head, in slices. */
export class Sealing {
  readonly #parts: SealingParts;

  constructor(parts: SealingParts) {
    this.#parts = parts;
  }

  /**
   * Turns what the head has before a time, the limit of a block's range or infinite, into blocks. What is at `kept` or
   * before is dropped: nobody keeps it.
   */
  async seal(before: Timestamp, kept: Timestamp, signal: AbortSignal): Promise<void> {
    const { head, commits, wal, walFolder, disk } = this.#parts;
    await this.#closeColumns(before, signal);
    // From here on the log of what is sealed is in closed segments, and the snapshot has all of it.
    const { segment, made: snapshot } = await commits.rotate(() => new HeadSource(head));
    try {
      const { ranges, gone } = await this.#survey(snapshot, before, signal);
      for (const start of ranges) if (blockRange(start).end > kept) await this.#writeRange(start, snapshot, signal);
      await this.#drop(gone);
    } finally {
      snapshot.release();
    }
    const known = readCheckpoints(walFolder).filter((one) => one.before > before);
    await writeCheckpoints(walFolder, [...known, { segment, before: Number.isFinite(before) ? before : Number.MAX_VALUE }], disk);
    wal.truncate(segment, before);
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
        const first = chunks.firstTime(chunks.timeChunk(node));
        if (rangeLimit(first) <= before) {
          starts.add(rangeStart(first));
          gone[node] = 1;
        }
        node = chunks.before(node);
      }
    });
    return { ranges: [...starts].sort((a, b) => a - b), gone };
  }

  /** Writes what the snapshot has in a range; what came when the raw samples of its time were given up, by itself. */
  async #writeRange(start: Timestamp, snapshot: HeadSource, signal: AbortSignal): Promise<void> {
    const { floor } = this.#parts.rollups;
    const range = blockRange(start);
    if (floor < range.end) await this.#write(start, { start: Math.max(range.start, justAfter(floor)), end: range.end }, snapshot, signal);
    if (range.start <= floor) await this.#write(start, { start: range.start, end: Math.min(range.end, floor) }, snapshot, signal);
  }

  /** The block takes over what small blocks have of its range; a larger one stays beside it until it is merged. */
  async #write(unit: Timestamp, range: { start: number; end: number }, snapshot: HeadSource, signal: AbortSignal): Promise<void> {
    const { blocks, rollups } = this.#parts;
    const isLate = range.end <= rollups.floor;
    const inside = blocks.all.filter(({ meta }) => range.start <= meta.minTime && meta.maxTime <= range.end);
    // A block whose samples are in the windows already must not come into a new one: they would be counted again.
    const taken = isLate ? inside.filter((block) => !rollups.holds(block)) : inside;
    const replaces = taken.map(({ meta }) => meta.id);
    const sources = blocks.sourcesOf(replaces);
    const view = new TsdbView(range, [...sources, snapshot]);
    try {
      const list = await view.find([], Infinity, signal);
      if (list.size === 0) return;
      const level = { resolution: 0, range, columns: ['value'] as const };
      const input = new ViewInput(view, list, { level, columns: level.columns, range });
      const id = blocks.reserveId();
      await blocks.write(input, { id, replaces, content: [`${unit}/${id}`], signal });
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
}
