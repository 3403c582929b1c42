import type { SampleBatch, Timestamp } from '@metrics-dashboard/sdk';
import { CHUNK_SAMPLES } from './chunk.js';
import { ColumnArena, sizeOf } from './column-arena.js';
import { Epochs } from './epochs.js';
import { valueInHead } from './head-lookup.js';
import { HeadChunks } from './head-chunks.js';
import { LabelIndex } from './label-index.js';
import { COLUMN_KIND, LATE_KIND, LateColumns, NODE_KIND, QUIET_KIND, TIMELINE_KIND } from './late-columns.js';
import { CHUNK, CHUNKS, COLUMN, COUNT, LATE, SIZE, START, SeriesState, TIMELINE, offsetOf } from './series-state.js';
import { NONE, Timelines } from './timelines.js';
import { grownDoubles } from './u32-list.js';

/** The length of a block's range, in milliseconds. No chunk of the head reaches over the end of one. */
export const BLOCK_RANGE = 2 * 3600_000;

const scratchTimes = new Float64Array(CHUNK_SAMPLES);
const scratchValues = new Float64Array(CHUNK_SAMPLES);

/**
 * The newest samples, in memory.
 *
 *     series ─► open column   up to 120 raw values; their times are rows of a timeline that series share
 *            ─► late column   samples that came out of order, sorted
 *            ─► chunks        sealed 120 at a time, in bulk, when the open column is full
 *
 * The head takes what was judged and made durable; it judges nothing itself.
 */
export class Head {
  readonly index = new LabelIndex();
  readonly epochs: Epochs;
  readonly columns = new ColumnArena();
  readonly timelines = new Timelines(this.columns);
  readonly chunks = new HeadChunks();
  readonly late: LateColumns;
  readonly state: SeriesState;
  /** The newest stored sample of each series, by slot; the time is -Infinity before there is one. */
  lastTime: Float64Array = new Float64Array(256).fill(-Infinity);
  lastValue: Float64Array = new Float64Array(256);
  /** What waits for the views of its time to be released. */
  readonly #quietWork = new Map<number, () => void>();
  #nextWork = 0;
  #samples = 0;
  #minTime = Infinity;
  #maxTime = -Infinity;
  /** Where the sample before stands, for series of the same scrape that begin a column. */
  #runTimeline = NONE;
  #runRow = 0;

  constructor() {
    this.epochs = new Epochs((kind, item) => this.#reclaim(kind, item));
    this.late = new LateColumns(this.columns, this.epochs);
    this.state = new SeriesState(this.epochs);
  }

  get samples(): number {
    return this.#samples;
  }

  get minTime(): number {
    return this.#minTime;
  }

  get maxTime(): number {
    return this.#maxTime;
  }

  get bytes(): number {
    return this.columns.bytes + this.chunks.bytes + this.state.bytes;
  }

  /** Makes room for the slots of the index. */
  reserve(): void {
    const slots = this.index.slots;
    this.state.reserve(slots);
    const before = this.lastTime.length;
    if (slots <= before) return;
    this.lastTime = grownDoubles(this.lastTime, slots).fill(-Infinity, before);
    this.lastValue = grownDoubles(this.lastValue, slots);
  }

  /**
   * Stores samples in their order. Passed over is one before `from`, and one that repeats the time of a sample that its
   * series has. In columns, and in one loop as far as it goes: a number handed to another function is an object to the engine.
   */
  store({ count, refs, times, values }: SampleBatch, from: Timestamp): void {
    const { state, timelines, columns, lastTime, lastValue } = this;
    const slots = this.index.slotColumn();
    // The time of the row at which the sample before stands; NaN where it is not known.
    let runTime = NaN;
    for (let i = 0; i < count; i++) {
      const time = times[i] as number;
      const slot = slots[refs[i] as number] as number;
      const last = lastTime[slot] as number;
      if (time <= last || time < from) {
        if (time < last && time >= from) this.#storeLate(slot, time, values[i] as number);
        continue;
      }
      this.#samples++;
      if (time < this.#minTime) this.#minTime = time;
      if (time > this.#maxTime) this.#maxTime = time;
      lastTime[slot] = time;
      lastValue[slot] = values[i] as number;
      const page = state.writable(slot);
      const at = offsetOf(slot);
      const length = page[at + COUNT] as number;
      const timeline = page[at + TIMELINE] as number;
      const row = (page[at + START] as number) + length;
      // Of a series without an open column the timeline and its row are those of the column before.
      if (length === 0 || time !== runTime || timeline !== this.#runTimeline || row !== this.#runRow) {
        if (length === 0 || row >= timelines.rows(timeline) || timelines.time(timeline, row) !== time) {
          this.#open(page, at, time, values[i] as number);
          runTime = NaN;
          continue;
        }
        this.#runTimeline = timeline;
        this.#runRow = row;
        runTime = time;
      }
      if (length === sizeOf(page[at + SIZE] as number)) this.#enlarge(page, at);
      columns.set(page[at + COLUMN] as number, length, values[i] as number);
      page[at + COUNT] = length + 1;
    }
  }

  /** Seals the open column of a series, and its late column too when `late`. */
  seal(slot: number, late: boolean): void {
    const page = this.state.writable(slot);
    const at = offsetOf(slot);
    if (page[at + COUNT] !== 0) this.#sealOpen(page, at);
    if (late && page[at + LATE] !== 0) this.#sealLate(page, at);
  }

  /**
   * Drops the chunks of a series whose nodes are marked 1 in `gone`; answers the samples dropped. Chunks that stay
   * keep their order.
   */
  drop(slot: number, gone: Uint8Array): number {
    const page = this.state.writable(slot);
    const at = offsetOf(slot);
    const kept: number[] = [];
    let samples = 0;
    let node = page[at + CHUNK] as number;
    for (let left = page[at + CHUNKS] as number; left > 0; left--) {
      if (gone[node] === 1) {
        samples += this.chunks.samples(this.chunks.timeChunk(node));
        this.epochs.giveUp(NODE_KIND, node);
      } else kept.push(node);
      node = this.chunks.before(node);
    }
    this.#relink(page, at, kept);
    this.#samples -= samples;
    return samples;
  }

  /** Whether a series has no sample in the head. */
  isEmpty(slot: number): boolean {
    return this.state.get(slot, COUNT) === 0 && this.state.get(slot, CHUNKS) === 0 && this.state.get(slot, LATE) === 0;
  }

  /** Takes series without samples out of the index; their slots are free for others. */
  remove(refs: Uint32Array): void {
    const slots = Array.from(refs, (ref) => this.index.slotOf(ref));
    this.index.remove(refs);
    for (const slot of slots) {
      if (slot === undefined) continue;
      this.lastTime[slot] = -Infinity;
      this.state.writable(slot).fill(0, offsetOf(slot), offsetOf(slot + 1) || undefined);
      this.index.freeSlot(slot);
    }
  }

  /** Finds the oldest time that the head still holds, after chunks were dropped. */
  recountTimes(): void {
    let oldest = Infinity;
    for (const ref of this.index.all()) {
      const slot = this.index.slotOf(ref);
      if (slot !== undefined) oldest = Math.min(oldest, this.#oldest(slot));
    }
    this.#minTime = oldest;
  }

  /** Does some work when no view that is open now is open any more: at once when there is none. */
  whenQuiet(work: () => void): void {
    const id = this.#nextWork++;
    this.#quietWork.set(id, work);
    this.epochs.giveUp(QUIET_KIND, id);
  }

  #oldest(slot: number): number {
    const { chunks, state } = this;
    let oldest = Infinity;
    let node = state.get(slot, CHUNK);
    for (let left = state.get(slot, CHUNKS); left > 0; left--) {
      oldest = Math.min(oldest, chunks.firstTime(chunks.timeChunk(node)));
      node = chunks.before(node);
    }
    if (state.get(slot, COUNT) > 0) {
      oldest = Math.min(oldest, this.timelines.time(state.get(slot, TIMELINE), state.get(slot, START)));
    }
    const late = state.get(slot, LATE);
    return late === 0 ? oldest : Math.min(oldest, this.late.time(late, 0));
  }

  /** A sample before its series' newest; passed over when there is one of its time. */
  #storeLate(slot: number, time: number, value: number): void {
    if (valueInHead(this, slot, time, scratchValues)) return;
    this.#insertLate(slot, time, value);
    this.#samples++;
    if (time < this.#minTime) this.#minTime = time;
  }

  /** A sample whose time its series' timeline does not have as the next row: a new row, a fork, or a new column. */
  #open(page: Uint32Array, at: number, time: number, value: number): void {
    const length = page[at + COUNT] as number;
    if (length === 0) this.#begin(page, at, NONE, time, value);
    else this.#continue(page, at, length, time, value);
  }

  /** The open column moves to the next size. */
  #enlarge(page: Uint32Array, at: number): void {
    const size = page[at + SIZE] as number;
    const old = page[at + COLUMN] as number;
    page[at + COLUMN] = this.columns.enlarged(old, size + 1, page[at + COUNT] as number);
    page[at + SIZE] = size + 1;
    this.epochs.giveUp(COLUMN_KIND + size, old);
  }

  #begin(page: Uint32Array, at: number, from: number, time: number, value: number): void {
    const limit = rangeLimit(time);
    let timeline = this.#runTimeline;
    let row = this.#runRow;
    if (timeline === NONE || row >= this.timelines.rows(timeline) || this.timelines.time(timeline, row) !== time) {
      row = 0;
      timeline =
        from === NONE ? this.timelines.create(time, limit) : this.timelines.successor(from, time, limit);
      this.#runTimeline = timeline;
      this.#runRow = row;
    }
    this.timelines.join(timeline);
    const column = this.columns.allocate(0);
    this.columns.set(column, 0, value);
    page[at + TIMELINE] = timeline;
    page[at + COLUMN] = column;
    page[at + START] = row;
    page[at + COUNT] = 1;
    page[at + SIZE] = 0;
  }

  #continue(page: Uint32Array, at: number, count: number, time: number, value: number): void {
    const timelines = this.timelines;
    let timeline = page[at + TIMELINE] as number;
    const start = page[at + START] as number;
    let row = start + count;
    if (row === CHUNK_SAMPLES || time >= timelines.limit(timeline)) {
      this.#sealOpen(page, at);
      this.#begin(page, at, timeline, time, value);
      return;
    }
    if (row === timelines.rows(timeline)) timelines.push(timeline, time);
    else {
      const fork = timelines.forkOf(timeline, start, row, time);
      timelines.join(fork);
      this.#leave(timeline);
      page[at + TIMELINE] = timeline = fork;
      page[at + START] = 0;
      row = count;
    }
    this.#runTimeline = timeline;
    this.#runRow = row;
    if (count === sizeOf(page[at + SIZE] as number)) this.#enlarge(page, at);
    this.columns.set(page[at + COLUMN] as number, count, value);
    page[at + COUNT] = count + 1;
  }

  #sealOpen(page: Uint32Array, at: number): void {
    const count = page[at + COUNT] as number;
    const timeline = page[at + TIMELINE] as number;
    const start = page[at + START] as number;
    const column = page[at + COLUMN] as number;
    this.columns.read(column, 0, count, scratchValues, 0);
    const times = this.#timeChunkOf(timeline, start, count);
    page[at + CHUNK] = this.chunks.add(page[at + CHUNK] as number, times, scratchValues, count);
    page[at + CHUNKS] = (page[at + CHUNKS] as number) + 1;
    page[at + COUNT] = 0;
    this.epochs.giveUp(COLUMN_KIND + (page[at + SIZE] as number), column);
    this.#leave(timeline);
  }

  /** The chunk of the times on some rows of a timeline, shared by all series that seal the same rows. */
  #timeChunkOf(timeline: number, start: number, count: number): number {
    const timelines = this.timelines;
    const rows = start * 256 + count;
    const known = timelines.sealed[timeline] as number;
    if (
      known !== 0 &&
      timelines.sealedRows[timeline] === rows &&
      timelines.sealedGeneration[timeline] === this.chunks.generation(known)
    ) {
      return known;
    }
    timelines.read(timeline, start, count, scratchTimes, 0);
    const times = this.chunks.addTimes(scratchTimes, count);
    timelines.sealed[timeline] = times;
    timelines.sealedRows[timeline] = rows;
    timelines.sealedGeneration[timeline] = this.chunks.generation(times);
    return times;
  }

  /** Late columns become chunks, one for each block's range. */
  #sealLate(page: Uint32Array, at: number): void {
    const late = page[at + LATE] as number;
    const count = this.late.samples(late);
    this.late.read(late, scratchTimes, scratchValues, 0);
    for (let from = 0; from < count; ) {
      const limit = rangeLimit(scratchTimes[from] as number);
      let to = from + 1;
      while (to < count && (scratchTimes[to] as number) < limit) to++;
      const times = this.chunks.addTimes(scratchTimes.slice(from, to), to - from);
      page[at + CHUNK] = this.chunks.add(page[at + CHUNK] as number, times, scratchValues.slice(from, to), to - from);
      page[at + CHUNKS] = (page[at + CHUNKS] as number) + 1;
      from = to;
    }
    page[at + LATE] = 0;
    this.epochs.giveUp(LATE_KIND, late);
  }

  #insertLate(slot: number, time: number, value: number): void {
    const page = this.state.writable(slot);
    const at = offsetOf(slot);
    if (this.late.isFull(page[at + LATE] as number)) this.#sealLate(page, at);
    const late = page[at + LATE] as number;
    page[at + LATE] = this.late.inserted(late, -1 - this.late.find(late, time), time, value);
  }

  #relink(page: Uint32Array, at: number, kept: readonly number[]): void {
    const total = page[at + CHUNKS] as number;
    if (kept.length === total) return;
    page[at + CHUNKS] = kept.length;
    let node = page[at + CHUNK] as number;
    // Whether those kept are the newest: then the links to the older ones are simply not followed any more.
    let inOrder = true;
    for (const one of kept) {
      if (one !== node) inOrder = false;
      node = this.chunks.before(one);
    }
    if (kept.length === 0) page[at + CHUNK] = 0;
    else if (!inOrder) {
      let before = 0;
      for (const one of kept.toReversed()) {
        before = this.chunks.copy(one, before);
        this.epochs.giveUp(NODE_KIND, one);
      }
      page[at + CHUNK] = before;
    }
  }

  #leave(timeline: number): void {
    if (this.timelines.leave(timeline)) this.epochs.giveUp(TIMELINE_KIND, timeline);
  }

  #reclaim(kind: number, item: number): void {
    if (kind === LATE_KIND) this.late.reclaim(item);
    else if (kind === NODE_KIND) this.chunks.reclaim(item);
    else if (kind === TIMELINE_KIND) this.#reclaimTimeline(item);
    else if (kind === QUIET_KIND) this.#doQuietWork(item);
    else this.columns.free(item, kind - COLUMN_KIND);
  }

  #doQuietWork(id: number): void {
    const work = this.#quietWork.get(id);
    this.#quietWork.delete(id);
    work?.();
  }

  #reclaimTimeline(timeline: number): void {
    this.timelines.reclaim(timeline);
    if (this.#runTimeline === timeline && this.timelines.rows(timeline) === 0) this.#runTimeline = NONE;
  }
}

/**
 * The start of the block's range that holds a time. Ranges are left-open, as windows of the query language and of rollups
 * are: a time that is a multiple of their length ends one.
 */
export function rangeStart(time: number): number {
  return Math.ceil(time / BLOCK_RANGE) * BLOCK_RANGE - BLOCK_RANGE;
}

/** The least time after the block's range that holds a time. */
export function rangeLimit(time: number): number {
  return justAfter(rangeStart(time) + BLOCK_RANGE);
}

/** The least float64 above a time: times are milliseconds, but need not be whole. */
export function justAfter(time: number): number {
  if (!Number.isFinite(time)) return time;
  return time + Math.max(Number.MIN_VALUE, Math.abs(time) * (Number.EPSILON / 2));
}
