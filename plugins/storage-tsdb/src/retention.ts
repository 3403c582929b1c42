import type { Duration, Host, Timestamp } from '@metrics-dashboard/sdk';
import type { BlockReader } from './block-reader.js';
import type { BlockStore } from './block-store.js';
import type { Compactor } from './compactor.js';
import type { HeadAppender } from './head-append.js';
import { BLOCK_RANGE } from './head.js';
import type { Head } from './head.js';
import type { Rollups } from './rollups.js';
import { oldestUnsealed } from './unsealed.js';
import type { Wal } from './wal.js';

interface Parts {
  readonly head: Head;
  readonly appender: HeadAppender;
  readonly blocks: BlockStore;
  readonly rollups: Rollups;
  readonly compactor: Compactor;
  readonly wal: Wal;
  readonly retention: Duration;
  readonly retentionSize: number | undefined;
  readonly host: Host;
}

/** A block that reaches over the end of retention is written anew without what is too old when so much of it is. */
const WORTH_TRIMMING = 0.5;

/** Windows are made so long before the samples of their time are given up. */
const ROLL_AHEAD: Duration = 24 * 3600_000;

/** Deletes what is older than it is kept, by age and by size; samples only when the windows of them are durable. */
export class Retention {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Before which time samples should be in windows by now; later ones cost no room for windows that nobody needs yet. */
  rollBefore(): Timestamp {
    const { retention, host } = this.#parts;
    return Math.max(host.clock.now() - retention, this.#cutOfSize()) + ROLL_AHEAD;
  }

  /** `trims`: to the sample, and not by whole blocks. */
  async apply({ trims, signal }: { readonly trims: boolean; readonly signal: AbortSignal }): Promise<void> {
    await this.#windows();
    await this.#samples();
    if (this.#parts.rollups.levels.length > 0) await this.#trim(trims, signal);
  }

  async #windows(): Promise<void> {
    const { rollups, host } = this.#parts;
    for (const { store, retention } of rollups.levels) {
      await this.#remove(store, ({ meta }) => meta.maxTime < host.clock.now() - retention);
    }
  }

  async #samples(): Promise<void> {
    const { head, appender, blocks, rollups, retention, host } = this.#parts;
    const now = host.clock.now();
    const ofSize = this.#cutOfSize();
    if (rollups.levels.length === 0) {
      await this.#remove(blocks, ({ meta }) => meta.maxTime < now - retention || meta.maxTime <= ofSize);
      return;
    }
    // First what was given up before: the rest may need room.
    await this.#removeRolled(now);
    const cut = Math.min(Math.max(now - retention, ofSize), blocks.maxTime);
    const floor = Math.min(rollups.align(cut), this.#firstUnrolled(now));
    // Not beyond what is sealed: what is still in the head came in time, and its windows are made of all their samples.
    const unsealed = Math.min(oldestUnsealed(head, rollups.floor), appender.oldestWaiting(rollups.floor));
    await rollups.raise(Math.min(floor, rollups.before(unsealed)));
    await this.#removeRolled(now);
  }

  /** Deletes the blocks whose samples were given up and are in windows. */
  async #removeRolled(now: Timestamp): Promise<void> {
    const { blocks, rollups } = this.#parts;
    await this.#remove(blocks, (block) => block.meta.maxTime <= rollups.durableFloor && rollups.isRolled(block, now));
  }

  /** The start of the first range of 2 h of which some windows are still to be made. */
  #firstUnrolled(now: Timestamp): Timestamp {
    const { blocks, rollups } = this.#parts;
    return rollups.levels.reduce((first, level) => Math.min(first, ...rollups.unitsOf(level, blocks.all, now)), Infinity);
  }

  /** Samples up to this time are too many: those of the oldest blocks beyond what may be on disk. */
  #cutOfSize(): Timestamp {
    const { blocks, rollups, wal, retentionSize } = this.#parts;
    if (retentionSize === undefined) return -Infinity;
    let bytes = blocks.bytes + rollups.bytes + wal.bytes;
    let cut = -Infinity;
    for (const block of blocks.all.toSorted((a, b) => a.meta.maxTime - b.meta.maxTime)) {
      if (bytes <= retentionSize) break;
      bytes -= block.bytes;
      cut = block.meta.maxTime;
    }
    return cut;
  }

  async #trim(trims: boolean, signal: AbortSignal): Promise<void> {
    const { blocks, rollups, compactor } = this.#parts;
    const { floor } = rollups;
    for (const block of blocks.all) {
      const { minTime, maxTime } = block.meta;
      if (minTime > floor || maxTime <= floor) continue;
      const part = (floor - minTime) / Math.max(BLOCK_RANGE, maxTime - minTime);
      if (trims || part >= WORTH_TRIMMING) await compactor.trim(block, floor, signal);
    }
  }

  async #remove(store: BlockStore, isOld: (block: BlockReader) => boolean): Promise<void> {
    const old = store.all.filter(isOld);
    for (const { meta } of old) {
      this.#parts.host.log.info('block deleted, it is older than the retention, or there is no room for it', {
        block: meta.id,
        resolution: store.resolution,
      });
    }
    await store.remove(new Set(old.map(({ meta }) => meta.id)));
  }
}
