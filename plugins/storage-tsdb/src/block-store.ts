import fs from 'node:fs';
import path from 'node:path';
import { messageOf } from '@metrics-dashboard/sdk';
import type { Duration, Labels, Logger, Matcher, TimeRange } from '@metrics-dashboard/sdk';
import { lastTimeInBlock, valueInBlock } from './block-lookup.js';
import type { BlockInput } from './block-input.js';
import { BlockReader } from './block-reader.js';
import { BlockSource } from './block-source.js';
import { writeBlock } from './block-writer.js';
import type { Disk } from './disk.js';
import type { TsdbMetrics } from './tsdb-metrics.js';
import { select } from './postings.js';
import { writeTombstones } from './tombstones.js';
import type { ViewSource } from './view-source.js';

interface Held {
  readonly block: BlockReader;
  /** Views that read it. */
  users: number;
  isRemoved: boolean;
}

interface StoreParts {
  readonly log: Logger;
  readonly disk: Disk;
  readonly metrics: TsdbMetrics;
}

/** The blocks of one resolution that can be queried. A block that is removed stays open until the last view that reads it is released. */
export class BlockStore {
  readonly folder: string;
  /** 0 for samples, else the length of the windows. */
  readonly resolution: Duration;
  readonly #log: Logger;
  readonly #disk: Disk;
  readonly #metrics: TsdbMetrics;
  /** By id, which is by age. */
  #blocks: Held[] = [];
  readonly #closing = new Set<Promise<void>>();
  #nextId = 1;
  #version = 0;

  private constructor(folder: string, resolution: Duration, parts: StoreParts) {
    this.folder = folder;
    this.resolution = resolution;
    this.#log = parts.log;
    this.#disk = parts.disk;
    this.#metrics = parts.metrics;
  }

  /** Opens all blocks of a folder. Leftovers of a crash are deleted; a damaged block is set aside, and the rest serves. */
  static async open(folder: string, resolution: Duration, parts: StoreParts): Promise<BlockStore> {
    fs.mkdirSync(folder, { recursive: true });
    const store = new BlockStore(folder, resolution, parts);
    for (const name of fs.readdirSync(folder).sort()) await store.#openNamed(name);
    const replaced = new Set(store.#blocks.flatMap(({ block }) => block.meta.replaces));
    await store.remove(replaced);
    return store;
  }

  /** Changes whenever the blocks or what was deleted from them do. */
  get version(): number {
    return this.#version;
  }

  get count(): number {
    return this.#blocks.length;
  }

  get bytes(): number {
    return this.#blocks.reduce((sum, { block }) => sum + block.bytes, 0);
  }

  get samples(): number {
    return this.#blocks.reduce((sum, { block }) => sum + block.meta.samples, 0);
  }

  /** The blocks, oldest first; not to be closed. */
  get all(): readonly BlockReader[] {
    return this.#blocks.map(({ block }) => block);
  }

  /** The blocks that may have samples in a range, oldest first, as parts of a view, which releases them. */
  sources(range: TimeRange): ViewSource[] {
    return this.#within(range).map((held) => this.#source(held));
  }

  /** Some blocks as parts of a view, which releases them. */
  sourcesOf(ids: readonly string[]): ViewSource[] {
    return this.#blocks.filter(({ block }) => ids.includes(block.meta.id)).map((held) => this.#source(held));
  }

  /** Whether a series has a sample at a time in some block; its value is then the first entry of `into`. */
  valueAt(labels: Labels, time: number, into: Float64Array): boolean {
    for (const held of this.#within({ start: time, end: time })) {
      try {
        if (valueInBlock(held.block, labels, time, into)) return true;
      } catch (error) {
        this.#setAside(held, error);
      }
    }
    return false;
  }

  /** The time of the newest sample in any block; -Infinity without one. */
  get maxTime(): number {
    return this.#blocks.reduce((newest, { block }) => Math.max(newest, block.meta.maxTime), -Infinity);
  }

  /**
   * The newest sample of a series in the blocks that have any from a time on: its time is the answer, and its value the
   * first entry of `into`. Undefined when there is none.
   */
  newestOf(labels: Labels, since: number, into: Float64Array): number | undefined {
    let newest: number | undefined;
    for (const held of this.#within({ start: since, end: Infinity })) {
      try {
        const last = lastTimeInBlock(held.block, labels);
        if (last !== undefined && (newest === undefined || last > newest)) newest = last;
      } catch (error) {
        this.#setAside(held, error);
      }
    }
    return newest !== undefined && this.valueAt(labels, newest, into) ? newest : undefined;
  }

  /** Blocks that are gone had ids up to this one, and are still spoken of. */
  skipIds(last: number): void {
    this.#nextId = Math.max(this.#nextId, last + 1);
  }

  /** An id that no block has had which is still spoken of. */
  reserveId(): string {
    return String(this.#nextId++).padStart(10, '0');
  }

  /** Writes a block, which takes the place of those it replaces in views made from now on. */
  async write(
    input: BlockInput,
    options: { readonly id: string; readonly replaces: readonly string[]; readonly content: readonly string[]; readonly signal: AbortSignal },
  ): Promise<void> {
    const meta = await writeBlock(this.folder, options.id, input, { ...options, disk: this.#disk });
    if (meta !== undefined) await this.adopt(options.id, options.replaces);
  }

  /** Opens a block that was written into the store's folder; it takes the place of those it replaces. */
  async adopt(id: string, replaces: readonly string[]): Promise<void> {
    const block = await BlockReader.open(path.join(this.folder, id));
    this.#blocks.push({ block, users: 0, isRemoved: false });
    this.#version++;
    await this.remove(new Set(replaces));
  }

  /** Takes blocks out of the views made from now on and deletes their folders; who reads them goes on reading. */
  async remove(ids: ReadonlySet<string>): Promise<void> {
    const gone = this.#blocks.filter(({ block }) => ids.has(block.meta.id));
    if (gone.length === 0) return;
    const folders = gone.map((held) => {
      this.#withdraw(held);
      const deleted = `${held.block.folder}.deleted`;
      fs.renameSync(held.block.folder, deleted);
      return deleted;
    });
    await this.#disk.syncFolder(this.folder);
    for (const folder of folders) await fs.promises.rm(folder, { recursive: true, force: true });
  }

  /**
   * Deletes samples, or windows, of the series that pass the matchers. Durable, and not seen by views made from now on, when
   * this resolves; the bytes go when a block is written anew.
   */
  async delete(matchers: readonly Matcher[], range: TimeRange): Promise<void> {
    for (const { block } of this.#within(range)) {
      const refs = Uint32Array.from(select(block.postings, matchers));
      if (refs.length === 0) continue;
      const tombstones = block.tombstones.with(refs, range);
      await writeTombstones(block.folder, tombstones, this.#disk);
      block.tombstones = tombstones;
      this.#version++;
    }
  }

  async close(): Promise<void> {
    for (const held of this.#blocks.splice(0)) {
      held.isRemoved = true;
      if (held.users === 0) this.#close(held);
    }
    await Promise.all(this.#closing);
  }

  #within({ start, end }: TimeRange): Held[] {
    return this.#blocks.filter(({ block: { meta } }) => meta.minTime <= end && start <= meta.maxTime);
  }

  #source(held: Held): ViewSource {
    held.users++;
    return new BlockSource(
      held.block,
      this.resolution,
      () => {
        held.users--;
        if (held.isRemoved && held.users === 0) this.#close(held);
      },
      (error) => this.#setAside(held, error),
    );
  }

  async #openNamed(name: string): Promise<void> {
    const folder = path.join(this.folder, name);
    if (name.endsWith('.tmp') || name.endsWith('.deleted')) {
      fs.rmSync(folder, { recursive: true, force: true });
      this.#log.info('deleted what a crash left of a block', { folder });
      return;
    }
    const number = /^(\d{10,})(\.damaged)?$/.exec(name);
    if (number === null) return;
    this.#nextId = Math.max(this.#nextId, Number(number[1]) + 1);
    if (number[2] !== undefined) return;
    try {
      this.#blocks.push({ block: await BlockReader.open(folder), users: 0, isRemoved: false });
    } catch (error) {
      this.#rename(folder, error);
    }
  }

  #setAside(held: Held, error: unknown): void {
    if (held.isRemoved) return;
    this.#withdraw(held);
    this.#rename(held.block.folder, error);
  }

  #withdraw(held: Held): void {
    this.#version++;
    this.#blocks = this.#blocks.filter((one) => one !== held);
    held.isRemoved = true;
    if (held.users === 0) this.#close(held);
  }

  #rename(folder: string, error: unknown): void {
    this.#metrics.damagedBlocks.inc();
    this.#log.error('a damaged block is set aside, the others serve', {
      block: path.basename(folder),
      folder: `${folder}.damaged`,
      reason: messageOf(error),
    });
    fs.renameSync(folder, `${folder}.damaged`);
  }

  #close(held: Held): void {
    const closing = held.block.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
