import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { Labels } from '@metrics-dashboard/sdk';
import {
  BLOCK_VERSION,
  BOUNDS,
  CHUNKS_FILE,
  COUNTS,
  GROUP_ENDS,
  INDEX_FILE,
  META_FILE,
  PAGES,
  PAGE_BYTES,
  SERIES_GROUP,
  TIMES,
  VALUES,
} from './block-format.js';
import { decodeMeta } from './block-meta.js';
import type { BlockMeta } from './block-meta.js';
import { BlockPostings } from './block-postings.js';
import { crc32 } from './checksum.js';
import { BLOCK_RANGE, rangeStart } from './head.js';
import { unpackIndex } from './index-file.js';
import { bytesOfSection, u32Section } from './index-section.js';
import { Tombstones, readTombstones } from './tombstones.js';

/** Bytes of the chunks file that are checked at a time when a block is opened. */
const CHECK_BYTES = PAGE_BYTES * 256;

/** An opened block: its index in memory, its chunks on disk. Series are numbered from 0, in the block's order. */
export class BlockReader {
  readonly meta: BlockMeta;
  readonly postings: BlockPostings;
  readonly folder: string;
  /** The columns of each series: 1 of samples, more of a rollup's windows. */
  readonly columns: number;
  /** What was deleted from the block; another object after each deletion, so that a view keeps what it saw. */
  tombstones: Tombstones = Tombstones.NONE;
  readonly #file: fs.promises.FileHandle;
  readonly #seriesGroup: Uint32Array;
  readonly #values: Uint32Array;
  /** Where the value chunks of each series begin; one more entry than there are series. */
  readonly #valueStart: Uint32Array;
  readonly #groupEnds: Uint32Array;
  readonly #times: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #bounds: Float64Array;
  readonly #pages: Uint32Array;

  private constructor(folder: string, meta: BlockMeta, index: Buffer, file: fs.promises.FileHandle) {
    const section = (number: number): Uint32Array => u32Section(index, number);
    this.folder = folder;
    this.meta = meta;
    this.columns = meta.columns ?? 1;
    this.#file = file;
    this.postings = new BlockPostings(index);
    this.#seriesGroup = section(SERIES_GROUP);
    this.#values = section(VALUES);
    this.#groupEnds = section(GROUP_ENDS);
    this.#times = section(TIMES);
    this.#counts = section(COUNTS);
    const bounds = bytesOfSection(index, BOUNDS);
    this.#bounds = new Float64Array(bounds.buffer, bounds.byteOffset, bounds.byteLength / 8);
    this.#pages = section(PAGES);
    this.#valueStart = new Uint32Array(this.#seriesGroup.length + 1);
    for (let ref = 0; ref < this.#seriesGroup.length; ref++) {
      const group = this.#seriesGroup[ref] as number;
      this.#valueStart[ref + 1] = (this.#valueStart[ref] as number) + (this.groupEnd(group) - this.groupStart(group)) * this.columns;
    }
  }

  /** Opens a block and checks every byte of it. Throws a `StorageError` that names what is damaged. */
  static async open(folder: string): Promise<BlockReader> {
    const meta = readMeta(folder);
    const index = await readIndex(folder, meta);
    const file = await fs.promises.open(path.join(folder, CHUNKS_FILE), 'r');
    try {
      const reader = new BlockReader(folder, meta, index, file);
      await reader.#check();
      reader.tombstones = readTombstones(folder);
      return reader;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.meta.chunksBytes + this.meta.indexBytes;
  }

  /** What the block holds, with its deletions; see `BlockMeta.content`. */
  get content(): readonly string[] {
    const content = this.meta.content ?? unitsOf(this.meta).map((start) => `${start}/${this.meta.id}`);
    return this.tombstones.isEmpty ? content : content.map((one) => `${one}~${this.tombstones.checksum}`);
  }

  get pages(): number {
    return this.#pages.length;
  }

  labels(ref: number): Labels {
    return this.postings.labels(ref);
  }

  groupOf(ref: number): number {
    return this.#seriesGroup[ref] as number;
  }

  /** The first time chunk of a group, and the one after its last. */
  groupStart(group: number): number {
    return group === 0 ? 0 : (this.#groupEnds[group - 1] as number);
  }

  groupEnd(group: number): number {
    return this.#groupEnds[group] as number;
  }

  /** A time chunk: its word in the chunks file, its samples, its first and last time. */
  timeWord(chunk: number): number {
    return this.#times[chunk] as number;
  }

  samples(chunk: number): number {
    return this.#counts[chunk] as number;
  }

  firstTime(chunk: number): number {
    return this.#bounds[chunk * 2] as number;
  }

  lastTime(chunk: number): number {
    return this.#bounds[chunk * 2 + 1] as number;
  }

  /** The word of the `n`th value chunk of a series' column, and the word that follows it. */
  valueWord(ref: number, n: number, column = 0): number {
    return this.#values[this.#valueChunk(ref, n, column)] as number;
  }

  valueEnd(ref: number, n: number, column = 0): number {
    return this.#values[this.#valueChunk(ref, n, column) + 1] ?? this.meta.chunksBytes / 4;
  }

  #valueChunk(ref: number, n: number, column: number): number {
    const start = this.#valueStart[ref] as number;
    if (column === 0) return start + n;
    const group = this.#seriesGroup[ref] as number;
    return start + (this.groupEnd(group) - this.groupStart(group)) * column + n;
  }

  /** Reads consecutive pages of the chunks file and checks them. */
  async readPages(first: number, count: number, into: Uint8Array): Promise<void> {
    const length = Math.min(count * PAGE_BYTES, this.meta.chunksBytes - first * PAGE_BYTES);
    const { bytesRead } = await this.#file.read(into, 0, length, first * PAGE_BYTES);
    this.#checkPages(first, into.subarray(0, bytesRead), length);
  }

  /** As `readPages`, at once: for the few samples that have to be judged against a block. */
  readPagesSync(first: number, count: number, into: Uint8Array): void {
    const length = Math.min(count * PAGE_BYTES, this.meta.chunksBytes - first * PAGE_BYTES);
    const bytesRead = fs.readSync(this.#file.fd, into, 0, length, first * PAGE_BYTES);
    this.#checkPages(first, into.subarray(0, bytesRead), length);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #checkPages(first: number, bytes: Uint8Array, expected: number): void {
    const file = path.join(this.folder, CHUNKS_FILE);
    if (bytes.length < expected) {
      throw new StorageError(`chunks of block ${this.meta.id}: read ${bytes.length} bytes, expected ${expected}`, { file });
    }
    for (let at = 0, page = first; at < bytes.length; at += PAGE_BYTES, page++) {
      const checksum = crc32(bytes.subarray(at, at + PAGE_BYTES));
      if (checksum === this.#pages[page]) continue;
      throw new StorageError(
        `chunks of block ${this.meta.id}: checksum ${hex(checksum)}, expected ${hex(this.#pages[page])}`,
        { file, offset: page * PAGE_BYTES },
      );
    }
  }

  async #check(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size !== this.meta.chunksBytes || this.#pages.length !== Math.ceil(size / PAGE_BYTES)) {
      throw new StorageError(`chunks of block ${this.meta.id} have ${size} bytes, expected ${this.meta.chunksBytes}`);
    }
    const bytes = new Uint8Array(CHECK_BYTES);
    const step = CHECK_BYTES / PAGE_BYTES;
    for (let page = 0; page < this.#pages.length; page += step) await this.readPages(page, step, bytes);
  }
}

/** The starts of the ranges of 2 h into which a block reaches. */
function unitsOf({ minTime, maxTime }: BlockMeta): number[] {
  const starts: number[] = [];
  for (let start = rangeStart(minTime); start < maxTime; start += BLOCK_RANGE) starts.push(start);
  return starts;
}

function readMeta(folder: string): BlockMeta {
  const file = path.join(folder, META_FILE);
  const meta = decodeMeta(fs.readFileSync(file, 'utf8'));
  if (meta === undefined) throw new StorageError('the meta data is damaged', { file });
  if (meta.version > BLOCK_VERSION) {
    throw new StorageError(`block of version ${meta.version}, this program reads up to ${BLOCK_VERSION}`, { file });
  }
  return meta;
}

async function readIndex(folder: string, meta: BlockMeta): Promise<Buffer> {
  const file = path.join(folder, INDEX_FILE);
  const bytes = await fs.promises.readFile(file);
  const checksum = crc32(bytes);
  if (bytes.length !== meta.indexBytes || checksum !== meta.indexChecksum) {
    throw new StorageError(`index: checksum ${hex(checksum)}, expected ${hex(meta.indexChecksum)}`, { file });
  }
  const index = await unpackIndex(bytes);
  if (index === undefined) throw new StorageError('the index is not that of a block', { file });
  return index;
}

function hex(checksum: number | undefined): string {
  return (checksum ?? 0).toString(16).padStart(8, '0');
}
