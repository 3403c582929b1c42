import fs from 'node:fs';
import path from 'node:path';
import { formatDuration } from '@metrics-dashboard/sdk';
import type { Duration, Host, Level, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import type { BlockReader } from './block-reader.js';
import { BlockStore } from './block-store.js';
import type { TsdbConfig } from './config.js';
import type { Disk } from './disk.js';
import { readFloor, writeFloor } from './rollup-floor.js';
import { contentByUnit, sealNumber, sealOf, unitsToRoll } from './rollup-plan.js';
import type { BlockContent } from './rollup-plan.js';
import { reachOf } from './rollup-set.js';
import { STORED_COLUMNS, windowEnd } from './rollup-windows.js';
import type { TsdbMetrics } from './tsdb-metrics.js';
import type { ViewSource } from './view-source.js';

/** Windows of one resolution. */
export class RollupLevel {
  readonly store: BlockStore;
  readonly resolution: Duration;
  readonly retention: Duration;
  /** What was rolled and left no window: samples that were deleted, or staleness markers alone. */
  readonly withoutWindows = new Set<string>();

  constructor(store: BlockStore, resolution: Duration, retention: Duration) {
    this.store = store;
    this.resolution = resolution;
    this.retention = retention;
  }

  get blocks(): readonly BlockContent[] {
    return this.store.all.map(contentOf);
  }

  /** What the windows were made from. */
  rolled(): Set<string> {
    // Not of tombstones on windows, but of what the windows were made from.
    const rolled = new Set(this.withoutWindows);
    for (const { meta } of this.store.all) for (const entry of meta.content ?? []) rolled.add(entry);
    return rolled;
  }
}

/** The rollups of a storage, finest first, and up to when samples were given up for them. */
export class Rollups {
  readonly levels: readonly RollupLevel[];
  /** Where the floor is kept. */
  readonly floorFile: string;
  readonly #disk: Disk;
  #floor: Timestamp;
  #durableFloor: Timestamp;
  readonly #covered = new Map<RollupLevel, { readonly key: string; readonly range: TimeRange | undefined }>();

  private constructor(levels: readonly RollupLevel[], floorFile: string, disk: Disk, floor: Timestamp) {
    this.levels = levels;
    this.floorFile = floorFile;
    this.#disk = disk;
    this.#floor = floor;
    this.#durableFloor = floor;
  }

  static async open(folder: string, config: TsdbConfig, parts: { host: Host; disk: Disk; metrics: TsdbMetrics }): Promise<Rollups> {
    const { host, disk, metrics } = parts;
    const levels: RollupLevel[] = [];
    const sorted = [...config.rollups].sort((a, b) => a.resolution - b.resolution);
    for (const { resolution, retention } of sorted) {
      const store = await BlockStore.open(path.join(folder, formatDuration(resolution)), resolution, { log: host.log, disk, metrics });
      levels.push(new RollupLevel(store, resolution, retention));
    }
    for (const name of leftOver(folder, levels)) {
      host.log.warn('rollups of a resolution that is no longer configured take room; delete the folder if they are not wanted any more', { folder: path.join(folder, name) });
    }
    const file = path.join(folder, 'floor');
    let floor = levels.length === 0 ? -Infinity : readFloor(file);
    if (floor === undefined) {
      // Nothing that was rolled is made anew then: what it was made from may be gone.
      floor = Math.max(-Infinity, ...levels.flatMap(({ store }) => store.all.map(({ meta }) => meta.maxTime)));
      host.log.error('the file that says how far raw samples were given up is damaged, rollups are taken as final', { file });
    }
    return new Rollups(levels, file, disk, floor);
  }

  /** All samples up to here are given up, save such as came since; their windows are final. */
  get floor(): Timestamp {
    return this.#floor;
  }

  /** The floor as a start after a crash would find it. */
  get durableFloor(): Timestamp {
    return this.#durableFloor;
  }

  /** The longest that windows are kept; 0 without rollups. */
  get retention(): Duration {
    return Math.max(0, ...this.levels.map(({ retention }) => retention));
  }

  get bytes(): number {
    return this.levels.reduce((sum, { store }) => sum + store.bytes, 0);
  }

  get count(): number {
    return this.levels.reduce((sum, { store }) => sum + store.count, 0);
  }

  /** The least multiple of all resolutions from a time on: resolutions are parts of 2 h that divide each other's. */
  align(time: Timestamp): Timestamp {
    return windowEnd(time, this.levels.at(-1)?.resolution ?? 1);
  }

  /** The greatest such multiple before a time. */
  before(time: Timestamp): Timestamp {
    return this.align(time) - (this.levels.at(-1)?.resolution ?? 1);
  }

  /**
   * Raises the floor, at once for what comes from now on; samples below may be deleted when this resolves. Should it not be
   * made durable, nothing is lost: all samples are still there, and the windows are made of them.
   */
  async raise(floor: Timestamp): Promise<void> {
    this.#floor = Math.max(this.#floor, floor);
    if (this.#floor === this.#durableFloor) return;
    const written = this.#floor;
    await writeFloor(this.floorFile, written, this.#disk);
    this.#durableFloor = written;
  }

  /** The ranges of 2 h of a level that are to be made, ascending. */
  unitsOf(level: RollupLevel, samples: readonly BlockReader[], now: Timestamp): readonly Timestamp[] {
    return unitsToRoll(samples.map(contentOf), level.rolled(), now - level.retention);
  }

  /** Whether all that a block holds is in the rollups of every level that keeps its time. */
  isRolled(block: BlockReader, now: Timestamp): boolean {
    return this.levels.every((level) => this.unitsOf(level, [block], now).length === 0);
  }

  /** Whether windows of some level were made from all that a block holds, as it was before deletions. */
  holds(block: BlockReader): boolean {
    const seals = block.content.map(sealOf);
    return this.levels.some((level) => {
      const rolled = new Set([...level.rolled()].map(sealOf));
      return seals.every((seal) => rolled.has(seal));
    });
  }

  /** The greatest number of a block that windows were made from; 0 for none. */
  get lastSeal(): number {
    let last = 0;
    for (const level of this.levels) for (const entry of level.rolled()) last = Math.max(last, sealNumber(entry));
    return last;
  }

  /** The levels of a view, raw samples first. */
  describe(range: TimeRange, blocks: BlockStore): Level[] {
    const start = this.#floor >= range.start ? this.#floor + 1 : range.start;
    const described: Level[] = [{ resolution: 0, range: { start, end: range.end }, columns: ['value'] }];
    for (const level of this.levels) {
      const covered = this.#coverage(level, blocks);
      if (covered === undefined) continue;
      const columns = ['increase', ...STORED_COLUMNS] as const;
      const inside = { start: Math.max(covered.start, range.start), end: Math.min(covered.end, range.end) };
      if (inside.start <= inside.end) described.push({ resolution: level.resolution, range: inside, columns });
    }
    return described;
  }

  /** The blocks of windows that a view needs. */
  sources(range: TimeRange): ViewSource[] {
    return this.levels.flatMap(({ store, resolution }) =>
      store.sources({ start: range.start - reachOf(resolution), end: range.end }),
    );
  }

  /** What a level covers; counted anew when blocks changed, for every view asks. */
  #coverage(level: RollupLevel, blocks: BlockStore): TimeRange | undefined {
    const key = `${blocks.version} ${level.store.version} ${this.#floor}`;
    let known = this.#covered.get(level);
    if (known?.key !== key) {
      known = { key, range: coverage(level, blocks.all, this.#floor) };
      this.#covered.set(level, known);
    }
    return known.range;
  }

  async close(): Promise<void> {
    for (const { store } of this.levels) await store.close();
  }
}

/** Folders of levels that are not among those. */
function leftOver(folder: string, levels: readonly RollupLevel[]): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  const known = new Set(levels.map(({ resolution }) => formatDuration(resolution)));
  const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).filter((name) => !known.has(name));
}

export function contentOf(block: BlockReader): BlockContent {
  return { id: block.meta.id, content: block.content, maxTime: block.meta.maxTime };
}

/** From the end of the first window to that of the last one that is complete. */
function coverage(level: RollupLevel, samples: readonly BlockReader[], floor: Timestamp): TimeRange | undefined {
  const { store, resolution } = level;
  if (store.count === 0) return undefined;
  const start = store.all.reduce((least, { meta }) => Math.min(least, meta.minTime), Infinity);
  const rolled = level.rolled();
  const known = new Set([...rolled].map(sealOf).map((entry) => entry.slice(0, entry.indexOf('/'))));
  // The window made last may lack samples that were still to come; those before it don't.
  let newest = Math.max(floor, store.maxTime - resolution);
  let unrolled = Infinity;
  for (const { meta } of samples) newest = Math.max(newest, meta.maxTime);
  // A range of which something is rolled is covered, up to what comes late; one of which nothing is ends what is covered.
  for (const unit of contentByUnit(samples.map(contentOf)).keys()) {
    if (unit >= floor && !known.has(String(unit))) unrolled = Math.min(unrolled, unit);
  }
  return { start, end: Math.min(unrolled, Math.floor(newest / resolution) * resolution) };
}
