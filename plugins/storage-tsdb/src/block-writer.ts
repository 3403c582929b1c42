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
import { BlockLabels } from './block-labels.js';
import { crc32 } from './checksum.js';
import { BLOCK_CHUNK_SAMPLES, encodeColumn } from './chunk.js';
import { ChunkFile } from './chunk-file.js';
import type { Disk } from './disk.js';
import { yieldToLoop } from './disk.js';
import { U32List } from './u32-list.js';

/** Samples encoded before other work of the thread gets a turn. */
const SLICE_SAMPLES = 40_000;

/**
 * Writes the samples of a set as a block into a new folder beside and gives the folder its name when all of it is
 * durable. Answers undefined, and leaves nothing, when the set has no samples.
 */
export async function writeBlock(
  blocksFolder: string,
  id: string,
  set: SeriesSet,
  options: { replaces: readonly string[]; disk: Disk; signal: AbortSignal },
): Promise<BlockMeta | undefined> {
  const beside = path.join(blocksFolder, `${id}.tmp`);
  fs.rmSync(beside, { recursive: true, force: true });
  fs.mkdirSync(beside);
  try {
    const writer = new BlockWriter(beside, set, options.disk);
    const meta = await writer.write(id, options.replaces, options.signal);
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
  readonly #set: SeriesSet;
  readonly #disk: Disk;
  readonly #chunks: ChunkFile;
  readonly #seriesGroup = new U32List(64);
  readonly #values = new U32List(256);
  readonly #groupEnds = new U32List(64);
  readonly #times = new U32List(64);
  readonly #counts = new U32List(64);
  readonly #bounds: number[] = [];
  readonly #groupOf: Int32Array;
  #column = new Float64Array(256);
  #samples = 0;

  constructor(folder: string, set: SeriesSet, disk: Disk) {
    this.#folder = folder;
    this.#set = set;
    this.#disk = disk;
    this.#chunks = new ChunkFile(path.join(folder, CHUNKS_FILE), disk);
    this.#groupOf = new Int32Array(set.groups).fill(-1);
  }

  async write(id: string, replaces: readonly string[], signal: AbortSignal): Promise<BlockMeta | undefined> {
    try {
      const present = this.#present();
      const labels = await BlockLabels.of(this.#set, present, signal);
      let encoded = 0;
      for (const i of labels.order) {
        this.#writeSeries(i);
        if (this.#samples - encoded < SLICE_SAMPLES) continue;
        encoded = this.#samples;
        await yieldToLoop();
        signal.throwIfAborted();
      }
      await this.#chunks.finish();
      if (this.#samples === 0) return undefined;
      return await this.#finish(id, replaces, labels);
    } finally {
      this.#chunks.close();
    }
  }

  /** The series that have samples. */
  #present(): number[] {
    const counts = new Int32Array(this.#set.groups).fill(-1);
    const present: number[] = [];
    for (let i = 0; i < this.#set.size; i++) {
      const group = this.#set.timeGroup[i] as number;
      if (counts[group] === -1) counts[group] = this.#readTimes(group);
      if ((counts[group] as number) > 0) present.push(i);
    }
    return present;
  }

  #writeSeries(i: number): void {
    const group = this.#set.timeGroup[i] as number;
    if (this.#groupOf[group] === -1) this.#writeGroup(group);
    this.#seriesGroup.push(this.#groupOf[group] as number);
    this.#room(this.#set.capacity(group));
    const count = this.#set.values(i, 'value', this.#column);
    for (let from = 0; from < count; from += BLOCK_CHUNK_SAMPLES) {
      this.#values.push(this.#chunks.add(encodeColumn(this.#column, from, Math.min(BLOCK_CHUNK_SAMPLES, count - from))));
    }
    this.#samples += count;
  }

  #writeGroup(group: number): void {
    const count = this.#readTimes(group);
    for (let from = 0; from < count; from += BLOCK_CHUNK_SAMPLES) {
      const samples = Math.min(BLOCK_CHUNK_SAMPLES, count - from);
      this.#times.push(this.#chunks.add(encodeColumn(this.#column, from, samples)));
      this.#counts.push(samples);
      this.#bounds.push(this.#column[from] as number, this.#column[from + samples - 1] as number);
    }
    this.#groupOf[group] = this.#groupEnds.length;
    this.#groupEnds.push(this.#times.length);
  }

  #readTimes(group: number): number {
    this.#room(this.#set.capacity(group));
    return this.#set.times(group, this.#column);
  }

  #room(samples: number): void {
    if (this.#column.length < samples) this.#column = new Float64Array(samples * 2);
  }

  async #finish(id: string, replaces: readonly string[], labels: BlockLabels): Promise<BlockMeta> {
    const sections: Uint8Array[] = labels.sections();
    sections[SERIES_GROUP] = bytesOf(this.#seriesGroup.view());
    sections[VALUES] = bytesOf(this.#values.view());
    sections[GROUP_ENDS] = bytesOf(this.#groupEnds.view());
    sections[TIMES] = bytesOf(this.#times.view());
    sections[COUNTS] = bytesOf(this.#counts.view());
    sections[BOUNDS] = bytesOf(Float64Array.from(this.#bounds));
    sections[PAGES] = bytesOf(this.#chunks.pageChecksums());
    const index = assemble(sections);
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
      replaces,
    };
    await this.#writeFile(META_FILE, Buffer.from(encodeMeta(meta)));
    await this.#disk.syncFolder(this.#folder);
    return meta;
  }

  async #writeFile(name: string, bytes: Uint8Array): Promise<void> {
    const fd = this.#disk.create(path.join(this.#folder, name));
    try {
      this.#disk.write(fd, bytes);
      await this.#disk.sync(fd);
    } finally {
      this.#disk.close(fd);
    }
  }
}

/** The index file of its sections. */
function assemble(sections: readonly Uint8Array[]): Buffer {
  let length = INDEX_HEADER_BYTES;
  for (const section of sections) length += (section.length + 7) & ~7;
  const bytes = Buffer.alloc(length);
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
