import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { SeriesSet } from '@metrics-dashboard/sdk';
import {
  BLOCK_VERSION,
  BOUNDS,
  CHUNKS_FILE,
  COUNTS,
  GROUP_ENDS,
  INDEX_FILE,
  INDEX_HEADER_BYTES,
  INDEX_MAGIC,
  META_FILE,
  PAGES,
  SECTIONS,
  SERIES_GROUP,
  TIMES,
  VALUES,
} from './block-format.js';
import { encodeMeta } from './block-meta.js';
import type { BlockMeta } from './block-meta.js';
import type { BlockInput } from './block-input.js';
import { BlockLabels } from './block-labels.js';
import { crc32 } from './checksum.js';
import { BLOCK_CHUNK_SAMPLES, encodeColumn } from './chunk.js';
import { ChunkFile } from './chunk-file.js';
import type { Disk } from './disk.js';
import { yieldToLoop } from './disk.js';
import { packIndex } from './index-file.js';
import { U32List } from './u32-list.js';

/** Samples encoded before other work of the thread gets a turn. */
const SLICE_SAMPLES = 40_000;

/** Series whose samples are in memory at a time. */
const PART_SERIES = 2048;

export interface BlockOptions {
  readonly replaces: readonly string[];
  readonly content: readonly string[];
  readonly disk: Disk;
  readonly signal: AbortSignal;
}

/**
 * Writes series as a block into a new folder beside and gives the folder its name when all of it is durable. Answers
 * undefined, and leaves nothing, when there are no samples.
 */
export async function writeBlock(
  blocksFolder: string,
  id: string,
  input: BlockInput,
  options: BlockOptions,
): Promise<BlockMeta | undefined> {
  const beside = path.join(blocksFolder, `${id}.tmp`);
  fs.rmSync(beside, { recursive: true, force: true });
  try {
    fs.mkdirSync(beside);
    const writer = new BlockWriter(beside, input, options);
    const meta = await writer.write(id);
    if (meta === undefined) {
      fs.rmSync(beside, { recursive: true, force: true });
      return undefined;
    }
    fs.renameSync(beside, path.join(blocksFolder, id));
    await options.disk.syncFolder(blocksFolder);
    return meta;
  } catch (cause) {
    fs.rmSync(beside, { recursive: true, force: true });
    options.signal.throwIfAborted();
    throw new StorageError(`write block ${id}`, { file: beside, retryable: true, cause });
  }
}

class BlockWriter {
  readonly #folder: string;
  readonly #input: BlockInput;
  readonly #options: BlockOptions;
  readonly #chunks: ChunkFile;
  readonly #seriesGroup = new U32List(64);
  readonly #values = new U32List(256);
  readonly #groupEnds = new U32List(64);
  readonly #times = new U32List(64);
  readonly #counts = new U32List(64);
  readonly #bounds: number[] = [];
  /** The groups written, by a digest of their times. */
  readonly #groupByTimes = new Map<string, number>();
  #column = new Float64Array(256);
  #samples = 0;

  constructor(folder: string, input: BlockInput, options: BlockOptions) {
    this.#folder = folder;
    this.#input = input;
    this.#options = options;
    this.#chunks = new ChunkFile(path.join(folder, CHUNKS_FILE), options.disk);
  }

  async write(id: string): Promise<BlockMeta | undefined> {
    const { signal } = this.#options;
    try {
      const all = Array.from({ length: this.#input.size }, (_, i) => i);
      const labels = await BlockLabels.of(this.#input, all, signal);
      const present: number[] = [];
      for (let from = 0; from < labels.order.length; from += PART_SERIES) {
        await this.#writePart(labels.order.slice(from, from + PART_SERIES), present);
      }
      await this.#chunks.finish();
      if (this.#samples === 0) return undefined;
      // Labels of series without samples are left out.
      return await this.#finish(
        id,
        present.length === all.length ? labels : await BlockLabels.of(this.#input, present, signal),
      );
    } finally {
      this.#chunks.close();
    }
  }

  /** Writes some series, in the block's order, and adds those that have samples to `present`. */
  async #writePart(series: readonly number[], present: number[]): Promise<void> {
    const { signal } = this.#options;
    const set = await this.#input.load(series, signal);
    const groups = new Int32Array(set.groups).fill(UNKNOWN);
    let done = 0;
    for (const [i, one] of series.entries()) {
      const count = this.#writeSeries(set, i, groups);
      if (count > 0) present.push(one);
      if ((done += count + 1) < SLICE_SAMPLES) continue;
      done = 0;
      await yieldToLoop();
      signal.throwIfAborted();
    }
  }

  #writeSeries(set: SeriesSet, i: number, groups: Int32Array): number {
    const group = set.timeGroup[i] as number;
    if (groups[group] === UNKNOWN) groups[group] = this.#group(set, group);
    if (groups[group] === EMPTY) return 0;
    this.#seriesGroup.push(groups[group] as number);
    this.#room(set.capacity(group));
    let count = 0;
    for (const column of this.#input.columns) {
      count = set.values(i, column, this.#column);
      for (let from = 0; from < count; from += BLOCK_CHUNK_SAMPLES) {
        this.#values.push(this.#chunks.add(encodeColumn(this.#column, from, Math.min(BLOCK_CHUNK_SAMPLES, count - from))));
      }
    }
    this.#samples += count;
    return count;
  }

  /** The block's group with the times of a set's group, written if there is none yet; `EMPTY` without times. */
  #group(set: SeriesSet, group: number): number {
    this.#room(set.capacity(group));
    const count = set.times(group, this.#column);
    if (count === 0) return EMPTY;
    const key = createHash('sha1').update(bytesOf(this.#column.subarray(0, count))).digest('base64');
    const known = this.#groupByTimes.get(key);
    if (known !== undefined) return known;
    for (let from = 0; from < count; from += BLOCK_CHUNK_SAMPLES) {
      const samples = Math.min(BLOCK_CHUNK_SAMPLES, count - from);
      this.#times.push(this.#chunks.add(encodeColumn(this.#column, from, samples)));
      this.#counts.push(samples);
      this.#bounds.push(this.#column[from] as number, this.#column[from + samples - 1] as number);
    }
    const id = this.#groupEnds.length;
    this.#groupEnds.push(this.#times.length);
    this.#groupByTimes.set(key, id);
    return id;
  }

  #room(samples: number): void {
    if (this.#column.length < samples) this.#column = new Float64Array(samples * 2);
  }

  async #finish(id: string, labels: BlockLabels): Promise<BlockMeta> {
    const sections: Uint8Array[] = labels.sections();
    sections[SERIES_GROUP] = bytesOf(this.#seriesGroup.view());
    sections[VALUES] = bytesOf(this.#values.view());
    sections[GROUP_ENDS] = bytesOf(this.#groupEnds.view());
    sections[TIMES] = bytesOf(this.#times.view());
    sections[COUNTS] = bytesOf(this.#counts.view());
    sections[BOUNDS] = bytesOf(Float64Array.from(this.#bounds));
    sections[PAGES] = bytesOf(this.#chunks.pageChecksums());
    const index = await packIndex(assemble(sections));
    await this.#writeFile(INDEX_FILE, index);
    let minTime = Infinity;
    let maxTime = -Infinity;
    for (const bound of this.#bounds) {
      minTime = Math.min(minTime, bound);
      maxTime = Math.max(maxTime, bound);
    }
    const meta: BlockMeta = {
      version: BLOCK_VERSION,
      id,
      minTime,
      maxTime,
      series: this.#seriesGroup.length,
      samples: this.#samples,
      chunks: this.#values.length,
      chunksBytes: this.#chunks.bytes,
      indexBytes: index.length,
      indexChecksum: crc32(index),
      replaces: this.#options.replaces,
      columns: this.#input.columns.length,
      content: this.#options.content,
    };
    await this.#writeFile(META_FILE, Buffer.from(encodeMeta(meta)));
    await this.#options.disk.syncFolder(this.#folder);
    return meta;
  }

  async #writeFile(name: string, bytes: Uint8Array): Promise<void> {
    const { disk } = this.#options;
    const fd = disk.create(path.join(this.#folder, name));
    try {
      disk.write(fd, bytes);
      await disk.sync(fd);
    } finally {
      disk.close(fd);
    }
  }
}

/** A set's group that was not looked at yet, and one without times. */
const UNKNOWN = -1;
const EMPTY = -2;

/** The index of its sections. */
function assemble(sections: readonly Uint8Array[]): Buffer {
  let length = INDEX_HEADER_BYTES;
  for (const section of sections) length += (section.length + 7) & ~7;
  // On an 8-byte edge, as sections are looked at.
  const bytes = Buffer.from(new ArrayBuffer(length));
  bytes.write(INDEX_MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(BLOCK_VERSION, 8);
  bytes.writeUInt32LE(SECTIONS, 12);
  let at = INDEX_HEADER_BYTES;
  sections.forEach((section, i) => {
    bytes.writeUInt32LE(at, 16 + i * 8);
    bytes.writeUInt32LE(section.length, 20 + i * 8);
    bytes.set(section, at);
    at += (section.length + 7) & ~7;
  });
  return bytes;
}

function bytesOf(column: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
