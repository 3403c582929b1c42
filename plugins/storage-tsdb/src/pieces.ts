import type { Head } from './head.js';
import { CHUNK, CHUNKS, COLUMN, COUNT, LATE, START, TIMELINE } from './series-state.js';
import type { StateSnapshot } from './series-state.js';

/** Consecutive times that one or many series have, and the way to the values of any of them by an address. */
export interface Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readTimes(into: Float64Array, to: number): void;
  /** Samples have one column, of number 0. */
  readValues(address: number, into: Float64Array, to: number, column: number): void;
}

/** Takes the pieces of a series, those stored earlier first. */
export interface PieceSink {
  add(piece: number, address: number): void;
}

/** The pieces of the head as a snapshot saw it; series that share times get the same piece. */
export class HeadPieces {
  readonly #head: Head;
  readonly #state: StateSnapshot;
  readonly #pieces: Piece[];
  readonly #ofChunk = new Map<number, number>();
  readonly #ofRows = new Map<number, number>();
  readonly #nodes: number[] = [];

  /** New pieces are appended to `pieces`; a piece's number is its position there. */
  constructor(head: Head, state: StateSnapshot, pieces: Piece[]) {
    this.#head = head;
    this.#state = state;
    this.#pieces = pieces;
  }

  /** Offers the pieces of a series that may have samples in a range. */
  offer(slot: number, start: number, end: number, sink: PieceSink): void {
    const { chunks } = this.#head;
    this.#nodes.length = 0;
    let node = this.#state.get(slot, CHUNK);
    for (let left = this.#state.get(slot, CHUNKS); left > 0; left--) {
      const times = chunks.timeChunk(node);
      if (chunks.lastTime(times) >= start && chunks.firstTime(times) <= end) this.#nodes.push(node);
      node = chunks.before(node);
    }
    for (let i = this.#nodes.length - 1; i >= 0; i--) {
      const one = this.#nodes[i] as number;
      sink.add(this.#chunkPiece(chunks.timeChunk(one)), chunks.valueAddress(one));
    }
    this.#offerOpen(slot, start, end, sink);
    this.#offerLate(slot, start, end, sink);
  }

  #offerOpen(slot: number, start: number, end: number, sink: PieceSink): void {
    const count = this.#state.get(slot, COUNT);
    if (count === 0) return;
    const timeline = this.#state.get(slot, TIMELINE);
    const row = this.#state.get(slot, START);
    const { timelines } = this.#head;
    if (timelines.time(timeline, row + count - 1) < start || timelines.time(timeline, row) > end) return;
    const key = (timeline * 128 + row) * 128 + count;
    let piece = this.#ofRows.get(key);
    if (piece === undefined) {
      piece = this.#pieces.push(new OpenPiece(this.#head, timeline, row, count)) - 1;
      this.#ofRows.set(key, piece);
    }
    sink.add(piece, this.#state.get(slot, COLUMN));
  }

  #offerLate(slot: number, start: number, end: number, sink: PieceSink): void {
    const late = this.#state.get(slot, LATE);
    if (late === 0) return;
    const piece = new LatePiece(this.#head, late);
    if (piece.last < start || piece.first > end) return;
    sink.add(this.#pieces.push(piece) - 1, late);
  }

  #chunkPiece(times: number): number {
    let piece = this.#ofChunk.get(times);
    if (piece === undefined) {
      piece = this.#pieces.push(new ChunkPiece(this.#head, times)) - 1;
      this.#ofChunk.set(times, piece);
    }
    return piece;
  }
}

/** The samples a series may have in a range, by a snapshot of the head; from its index alone. */
export function estimateInHead(head: Head, state: StateSnapshot, slot: number, start: number, end: number): number {
  const { chunks, timelines, late: lateColumns } = head;
  let samples = 0;
  let node = state.get(slot, CHUNK);
  for (let left = state.get(slot, CHUNKS); left > 0; left--) {
    const times = chunks.timeChunk(node);
    if (chunks.lastTime(times) >= start && chunks.firstTime(times) <= end) samples += chunks.samples(times);
    node = chunks.before(node);
  }
  const count = state.get(slot, COUNT);
  if (count > 0) {
    const timeline = state.get(slot, TIMELINE);
    const row = state.get(slot, START);
    if (timelines.time(timeline, row + count - 1) >= start && timelines.time(timeline, row) <= end) samples += count;
  }
  const late = state.get(slot, LATE);
  if (late !== 0) {
    const lateCount = lateColumns.samples(late);
    if (lateColumns.time(late, lateCount - 1) >= start && lateColumns.time(late, 0) <= end) samples += lateCount;
  }
  return samples;
}

class ChunkPiece implements Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly #head: Head;
  readonly #times: number;

  constructor(head: Head, times: number) {
    this.count = head.chunks.samples(times);
    this.first = head.chunks.firstTime(times);
    this.last = head.chunks.lastTime(times);
    this.#head = head;
    this.#times = times;
  }

  readTimes(into: Float64Array, to: number): void {
    this.#head.chunks.readTimes(this.#times, into, to);
  }

  readValues(address: number, into: Float64Array, to: number): void {
    this.#head.chunks.readValues(address, this.count, into, to);
  }
}

class OpenPiece implements Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly #head: Head;
  readonly #timeline: number;
  readonly #row: number;

  constructor(head: Head, timeline: number, row: number, count: number) {
    this.count = count;
    this.first = head.timelines.time(timeline, row);
    this.last = head.timelines.time(timeline, row + count - 1);
    this.#head = head;
    this.#timeline = timeline;
    this.#row = row;
  }

  readTimes(into: Float64Array, to: number): void {
    this.#head.timelines.read(this.#timeline, this.#row, this.count, into, to);
  }

  readValues(address: number, into: Float64Array, to: number): void {
    this.#head.columns.read(address, 0, this.count, into, to);
  }
}

class LatePiece implements Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly #head: Head;
  readonly #late: number;

  constructor(head: Head, late: number) {
    this.count = head.late.samples(late);
    this.first = head.late.time(late, 0);
    this.last = head.late.time(late, this.count - 1);
    this.#head = head;
    this.#late = late;
  }

  readTimes(into: Float64Array, to: number): void {
    this.#head.late.readTimes(this.#late, into, to);
  }

  readValues(late: number, into: Float64Array, to: number): void {
    this.#head.late.readValues(late, into, to);
  }
}
