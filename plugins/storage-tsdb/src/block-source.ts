import type { Duration, Labels, TimeRange } from '@metrics-dashboard/sdk';
import { PAGE_BYTES } from './block-format.js';
import type { BlockReader } from './block-reader.js';
import { MAX_CHUNK_WORDS } from './chunk.js';
import { chunkDecoder } from './chunk-decoder.js';
import type { ChunkDecoder } from './chunk-decoder.js';
import { MaskedPiece } from './masked-piece.js';
import type { Piece, PieceSink } from './pieces.js';
import type { PostingsSource } from './postings.js';
import { isCovered } from './tombstones.js';
import type { Tombstones } from './tombstones.js';
import { U32List } from './u32-list.js';
import type { PieceOffer, SourceRequest, ViewSource } from './view-source.js';

const PAGE_WORDS = PAGE_BYTES / 4;

/** Pages read with one call. */
const RUN_PAGES = 1024;

/** A block as a part of a view. */
export class BlockSource implements ViewSource {
  readonly resolution: Duration;
  readonly isBlock = true;
  readonly #block: BlockReader;
  readonly #tombstones: Tombstones;
  readonly #released: () => void;
  readonly #damaged: (error: unknown) => void;

  /** `released` is called once; `damaged` when the block can't be read after all. */
  constructor(block: BlockReader, resolution: Duration, released: () => void, damaged: (error: unknown) => void) {
    this.#block = block;
    this.resolution = resolution;
    this.#tombstones = block.tombstones;
    this.#released = released;
    this.#damaged = damaged;
  }

  get postings(): PostingsSource {
    return this.#block.postings;
  }

  estimate(ref: number, { start, end }: TimeRange): number {
    const block = this.#block;
    const group = block.groupOf(ref);
    const deleted = this.#tombstones.rangesOf(ref);
    let samples = 0;
    for (let chunk = block.groupStart(group); chunk < block.groupEnd(group); chunk++) {
      const first = block.firstTime(chunk);
      const last = block.lastTime(chunk);
      if (last < start || first > end) continue;
      if (deleted === undefined || !isCovered({ start: Math.max(first, start), end: Math.min(last, end) }, deleted)) {
        samples += block.samples(chunk);
      }
    }
    return samples;
  }

  labels(ref: number): Labels {
    return this.#block.labels(ref);
  }

  async open(
    refs: Uint32Array,
    { range, columns }: SourceRequest,
    pieces: Piece[],
    signal: AbortSignal,
  ): Promise<PieceOffer> {
    const block = this.#block;
    const wanted = new BlockPages(block);
    for (const ref of refs) {
      eachChunk(block, ref, range, (chunk, n) => {
        const word = block.timeWord(chunk);
        wanted.want(word, word + MAX_CHUNK_WORDS);
        for (const column of columns) wanted.want(block.valueWord(ref, n, column), block.valueEnd(ref, n, column));
      });
    }
    try {
      await wanted.read(signal);
    } catch (error) {
      if (!signal.aborted) this.#damaged(error);
      throw error;
    }
    return new BlockOffer(block, { range, columns }, { pages: wanted, tombstones: this.#tombstones, pieces });
  }

  release(): void {
    this.#released();
  }
}

/** Some pages of a chunks file, one after another in memory. Pages that are neighbours in the file are so here too. */
export class BlockPages {
  readonly #block: BlockReader;
  /** For each page, 1 when it is wanted; when read, 1 and its place. */
  readonly #place: Uint32Array;
  words: Int32Array = new Int32Array(0);

  constructor(block: BlockReader) {
    this.#block = block;
    this.#place = new Uint32Array(block.pages);
  }

  want(fromWord: number, toWord: number): void {
    const last = Math.min(Math.floor((toWord - 1) / PAGE_WORDS), this.#place.length - 1);
    for (let page = Math.floor(fromWord / PAGE_WORDS); page <= last; page++) this.#place[page] = 1;
  }

  async read(signal: AbortSignal): Promise<void> {
    for (const { first, count, bytes } of this.#runs()) {
      signal.throwIfAborted();
      await this.#block.readPages(first, count, bytes);
    }
  }

  readSync(): void {
    for (const { first, count, bytes } of this.#runs()) this.#block.readPagesSync(first, count, bytes);
  }

  /** Where in `words` a word of the file is. */
  position(word: number): number {
    const page = Math.floor(word / PAGE_WORDS);
    return ((this.#place[page] as number) - 1) * PAGE_WORDS + (word % PAGE_WORDS);
  }

  #runs(): { first: number; count: number; bytes: Uint8Array }[] {
    const runs: { first: number; count: number }[] = [];
    let total = 0;
    for (let page = 0; page < this.#place.length; page++) {
      if (this.#place[page] === 0) continue;
      this.#place[page] = ++total;
      const run = runs.at(-1);
      if (run !== undefined && run.first + run.count === page && run.count < RUN_PAGES) run.count++;
      else runs.push({ first: page, count: 1 });
    }
    this.words = new Int32Array(total * PAGE_WORDS);
    let at = 0;
    return runs.map(({ first, count }) => {
      const bytes = new Uint8Array(this.words.buffer, at, count * PAGE_BYTES);
      at += bytes.length;
      return { first, count, bytes };
    });
  }
}

/** The time chunks of a series that reach into a range, each with its place among those of the series. */
export function eachChunk(
  block: BlockReader,
  ref: number,
  { start, end }: TimeRange,
  each: (chunk: number, n: number) => void,
): void {
  const group = block.groupOf(ref);
  const first = block.groupStart(group);
  const after = block.groupEnd(group);
  for (let chunk = first; chunk < after; chunk++) {
    if (block.lastTime(chunk) >= start && block.firstTime(chunk) <= end) each(chunk, chunk - first);
  }
}

/** The pieces of a block's series. Series of one group with the same deletions get the same pieces. */
class BlockOffer implements PieceOffer {
  readonly #block: BlockReader;
  readonly #request: SourceRequest;
  readonly #pages: BlockPages;
  readonly #tombstones: Tombstones;
  readonly #pieces: Piece[];
  readonly #pieceOfChunk = new Map<number, number>();
  readonly #masked = new Map<readonly TimeRange[], Map<number, number>>();
  /** Where the columns of each series' chunk are, for blocks of more than one column. */
  readonly #positions = new U32List(64);

  constructor(
    block: BlockReader,
    request: SourceRequest,
    read: { readonly pages: BlockPages; readonly tombstones: Tombstones; readonly pieces: Piece[] },
  ) {
    this.#block = block;
    this.#request = request;
    this.#pages = read.pages;
    this.#tombstones = read.tombstones;
    this.#pieces = read.pieces;
  }

  offer(ref: number, sink: PieceSink): void {
    const deleted = this.#tombstones.rangesOf(ref);
    eachChunk(this.#block, ref, this.#request.range, (chunk, n) => {
      const whole = this.#wholePiece(chunk);
      const piece = deleted === undefined ? whole : this.#maskedPiece(chunk, whole, deleted);
      if (piece !== undefined) sink.add(piece, this.#address(ref, n));
    });
  }

  #wholePiece(chunk: number): number {
    let piece = this.#pieceOfChunk.get(chunk);
    if (piece === undefined) {
      piece = this.#pieces.push(new BlockPiece(this.#block, chunk, this.#pages, this.#positions)) - 1;
      this.#pieceOfChunk.set(chunk, piece);
    }
    return piece;
  }

  /** What deletions left of a chunk; undefined for nothing. */
  #maskedPiece(chunk: number, whole: number, deleted: readonly TimeRange[]): number | undefined {
    const inner = this.#pieces[whole] as Piece;
    if (!deleted.some(({ start, end }) => start <= inner.last && inner.first <= end)) return whole;
    let pieceOfChunk = this.#masked.get(deleted);
    if (pieceOfChunk === undefined) {
      pieceOfChunk = new Map();
      this.#masked.set(deleted, pieceOfChunk);
    }
    let piece = pieceOfChunk.get(chunk);
    if (piece === undefined) {
      const masked = MaskedPiece.of(inner, deleted);
      piece = masked === undefined ? NOTHING : this.#pieces.push(masked) - 1;
      pieceOfChunk.set(chunk, piece);
    }
    return piece === NOTHING ? undefined : piece;
  }

  #address(ref: number, n: number): number {
    const block = this.#block;
    if (block.columns === 1) return this.#pages.position(block.valueWord(ref, n));
    const address = this.#positions.length / block.columns;
    for (let column = 0; column < block.columns; column++) {
      const isRead = this.#request.columns.includes(column);
      this.#positions.push(isRead ? this.#pages.position(block.valueWord(ref, n, column)) : 0);
    }
    return address;
  }
}

/** No piece: all of the chunk was deleted. */
const NOTHING = -1;

class BlockPiece implements Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly #pages: BlockPages;
  readonly #timePosition: number;
  readonly #decoder: ChunkDecoder;
  readonly #columns: number;
  readonly #positions: U32List;

  constructor(block: BlockReader, chunk: number, pages: BlockPages, positions: U32List) {
    this.count = block.samples(chunk);
    this.first = block.firstTime(chunk);
    this.last = block.lastTime(chunk);
    this.#pages = pages;
    this.#decoder = chunkDecoder(block.meta.version);
    this.#timePosition = pages.position(block.timeWord(chunk));
    this.#columns = block.columns;
    this.#positions = positions;
  }

  readTimes(into: Float64Array, to: number): void {
    this.#decoder.times(this.#pages.words, this.#timePosition, this.count, into, to);
  }

  readValues(address: number, into: Float64Array, to: number, column: number): void {
    const position = this.#columns === 1 ? address : this.#positions.at(address * this.#columns + column);
    this.#decoder.values(this.#pages.words, position, this.count, into, to);
  }
}
