import type { Labels, TimeRange } from '@metrics-dashboard/sdk';
import { PAGE_BYTES } from './block-format.js';
import type { BlockReader } from './block-reader.js';
import { MAX_CHUNK_WORDS } from './chunk.js';
import { chunkDecoder } from './chunk-decoder.js';
import type { ChunkDecoder } from './chunk-decoder.js';
import type { Piece, PieceSink } from './pieces.js';
import type { PostingsSource } from './postings.js';
import type { PieceOffer, ViewSource } from './view-source.js';

const PAGE_WORDS = PAGE_BYTES / 4;

/** Pages read with one call. */
const RUN_PAGES = 1024;

/** A block as a part of a view. */
export class BlockSource implements ViewSource {
  readonly #block: BlockReader;
  readonly #released: () => void;
  readonly #damaged: (error: unknown) => void;

  /** `released` is called once; `damaged` when the block can't be read after all. */
  constructor(block: BlockReader, released: () => void, damaged: (error: unknown) => void) {
    this.#block = block;
    this.#released = released;
    this.#damaged = damaged;
  }

  get postings(): PostingsSource {
    return this.#block.postings;
  }

  estimate(ref: number, { start, end }: TimeRange): number {
    const block = this.#block;
    const group = block.groupOf(ref);
    let samples = 0;
    for (let chunk = block.groupStart(group); chunk < block.groupEnd(group); chunk++) {
      if (block.lastTime(chunk) >= start && block.firstTime(chunk) <= end) samples += block.samples(chunk);
    }
    return samples;
  }

  labels(ref: number): Labels {
    return this.#block.labels(ref);
  }

  async open(refs: Uint32Array, range: TimeRange, pieces: Piece[], signal: AbortSignal): Promise<PieceOffer> {
    const wanted = new BlockPages(this.#block);
    for (const ref of refs) {
      eachChunk(this.#block, ref, range, (chunk, n) => {
        const word = this.#block.timeWord(chunk);
        wanted.want(word, word + MAX_CHUNK_WORDS);
        wanted.want(this.#block.valueWord(ref, n), this.#block.valueEnd(ref, n));
      });
    }
    try {
      await wanted.read(signal);
    } catch (error) {
      if (!signal.aborted) this.#damaged(error);
      throw error;
    }
    const pieceOfChunk = new Map<number, number>();
    return {
      offer: (ref, sink: PieceSink) => {
        eachChunk(this.#block, ref, range, (chunk, n) => {
          let piece = pieceOfChunk.get(chunk);
          if (piece === undefined) {
            piece = pieces.push(new BlockPiece(this.#block, chunk, wanted)) - 1;
            pieceOfChunk.set(chunk, piece);
          }
          sink.add(piece, wanted.position(this.#block.valueWord(ref, n)));
        });
      },
    };
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

class BlockPiece implements Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly #pages: BlockPages;
  readonly #timePosition: number;
  readonly #decoder: ChunkDecoder;

  constructor(block: BlockReader, chunk: number, pages: BlockPages) {
    this.count = block.samples(chunk);
    this.first = block.firstTime(chunk);
    this.last = block.lastTime(chunk);
    this.#pages = pages;
    this.#decoder = chunkDecoder(block.meta.version);
    this.#timePosition = pages.position(block.timeWord(chunk));
  }

  readTimes(into: Float64Array, to: number): void {
    this.#decoder.times(this.#pages.words, this.#timePosition, this.count, into, to);
  }

  readValues(position: number, into: Float64Array, to: number): void {
    this.#decoder.values(this.#pages.words, position, this.count, into, to);
  }
}
