import fs from 'node:fs';
import path from 'node:path';
import { messageOf } from '@metrics-dashboard/sdk';
import type { Labels, Logger, SeriesSet, TimeRange } from '@metrics-dashboard/sdk';
import { lastTimeInBlock, valueInBlock } from './block-lookup.js';
import { BlockReader } from './block-reader.js';
import { BlockSource } from './block-source.js';
import { writeBlock } from './block-writer.js';
import type { Disk } from './disk.js';
import type { TsdbMetrics } from './tsdb-metrics.js';
import type { ViewSource } from './view-source.js';

interface Held {
  readonly block: BlockReader;
  /** Views that read it. */
  users: number;
  isRemoved: boolean;
}

/** The blocks that can be queried. A block that is removed stays open until the last view that reads it is released. */
export class BlockStore {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #disk: Disk;
  readonly #metrics: TsdbMetrics;
  /** By id, which is by age. */
  #blocks: Held[] = [];
  readonly #closing = new Set<Promise<void>>();
  #nextId = 1;

  private constructor(folder: string, log: Logger, disk: Disk, metrics: TsdbMetrics) {
    this.#folder = folder;
    this.#log = log;
    this.#disk = disk;
    this.#metrics = metrics;
  }

  /** Opens all blocks of a folder. Leftovers of a crash are deleted; a damaged block is set aside, and the rest serves. */
  static async open(folder: string, log: Logger, disk: Disk, metrics: TsdbMetrics): Promise<BlockStore> {
    fs.mkdirSync(folder, { recursive: true });
    const store = new BlockStore(folder, log, disk, metrics);
    for (const name of fs.readdirSync(folder).sort()) await store.#openNamed(name);
    const replaced = new Set(store.#blocks.flatMap(({ block }) => block.meta.replaces));
    for (const held of store.#blocks.filter(({ block }) => replaced.has(block.meta.id))) await store.#remove(held);
    store.#report();
    return store;
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

  /** The blocks that may have samples in a range, oldest first, as parts of a view, which releases them. */
  sources(range: TimeRange): ViewSource[] {
    return this.#within(range).map((held) => this.#source(held));
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
      const last = lastTimeInBlock(held.block, labels);
      if (last !== undefined && (newest === undefined || last > newest)) newest = last;
    }
    return newest !== undefined && this.valueAt(labels, newest, into) ? newest : undefined;
  }

  /** The ids of the blocks that lie in a range of time wholly. */
  idsInside(range: TimeRange): readonly string[] {
    return this.#blocks
      .filter(({ block: { meta } }) => range.start <= meta.minTime && meta.maxTime <= range.end)
      .map(({ block }) => block.meta.id);
  }

  /** Writes a set as a block, which takes the place of those it replaces in views made from now on. */
  async write(set: SeriesSet, replaces: readonly string[], signal: AbortSignal): Promise<void> {
    const id = String(this.#nextId++).padStart(10, '0');
    const meta = await writeBlock(this.#folder, id, set, { replaces, disk: this.#disk, signal });
    if (meta === undefined) return;
    const block = await BlockReader.open(path.join(this.#folder, id));
    this.#blocks.push({ block, users: 0, isRemoved: false });
    for (const held of this.#blocks.filter((one) => replaces.includes(one.block.meta.id))) await this.#remove(held);
    this.#report();
  }

  /** Deletes the blocks that have nothing from a time on. */
  async removeBefore(time: number): Promise<void> {
    for (const held of this.#blocks.filter(({ block }) => block.meta.maxTime < time)) {
      this.#log.info('block deleted, its samples are older than the retention', { block: held.block.meta.id });
      await this.#remove(held);
    }
    this.#report();
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
      () => {
        held.users--;
        if (held.isRemoved && held.users === 0) this.#close(held);
      },
      (error) => this.#setAside(held, error),
    );
  }

  async #openNamed(name: string): Promise<void> {
    const folder = path.join(this.#folder, name);
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

  /** Takes a block out of the views made from now on and deletes its folder; who reads it goes on reading. */
  async #remove(held: Held): Promise<void> {
    this.#withdraw(held);
    const deleted = `${held.block.folder}.deleted`;
    fs.renameSync(held.block.folder, deleted);
    await this.#disk.syncFolder(this.#folder);
    await fs.promises.rm(deleted, { recursive: true, force: true });
  }

  #setAside(held: Held, error: unknown): void {
    if (held.isRemoved) return;
    this.#withdraw(held);
    this.#rename(held.block.folder, error);
    this.#report();
  }

  #withdraw(held: Held): void {
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

  #report(): void {
    this.#metrics.blocks.set(this.count);
  }
}
