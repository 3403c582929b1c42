import type { Duration, Host, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import type { BlockReader } from './block-reader.js';
import type { BlockStore } from './block-store.js';
import { blockFolder } from './compaction.js';
import type { CompactionJob, CompactionResult } from './compaction.js';
import { blocksToMerge } from './compaction-plan.js';
import type { PlannedBlock } from './compaction-plan.js';
import { BLOCK_RANGE, justAfter } from './head.js';
import { contentByUnit, firstGroup, sealOf, unitOf } from './rollup-plan.js';
import type { RollupGroup } from './rollup-plan.js';
import { contentOf } from './rollups.js';
import type { RollupLevel, Rollups } from './rollups.js';
import type { TsdbMetrics } from './tsdb-metrics.js';

/** Node runs the sources of tests as they are, and what was built otherwise. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './compaction.worker.ts' : './compaction.worker.js', import.meta.url);

const ALWAYS: TimeRange = { start: -Infinity, end: Infinity };

interface Parts {
  readonly blocks: BlockStore;
  readonly rollups: Rollups;
  readonly retention: Duration;
  readonly host: Host;
  readonly metrics: TsdbMetrics;
}

/** Makes blocks of blocks, in a worker: rollups, merged blocks, and blocks without what was deleted. */
export class Compactor {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Makes rollups of what has none and begins before a time, oldest first, until all is done or `isEnough` says so. */
  async roll(before: Timestamp, signal: AbortSignal, isEnough: () => boolean): Promise<void> {
    const { blocks, rollups, host, metrics } = this.#parts;
    for (const level of rollups.levels) {
      for (;;) {
        const units = rollups.unitsOf(level, blocks.all, host.clock.now()).filter((unit) => unit < before);
        const group = firstGroup(units, level.blocks);
        metrics.rollupWaiting.set(units.length);
        if (group === undefined) break;
        if (isEnough()) return;
        await this.#rollGroup(level, group, signal);
      }
    }
  }

  /** Merges blocks into larger ones until all is done or `isEnough` says so. */
  async merge(signal: AbortSignal, isEnough: () => boolean): Promise<void> {
    const { blocks, rollups, retention } = this.#parts;
    await this.#mergeAll(blocks, retention, signal, isEnough);
    for (const { store, retention: kept } of rollups.levels) await this.#mergeAll(store, kept, signal, isEnough);
  }

  /** Writes blocks anew without what was deleted from them. */
  async clean(signal: AbortSignal): Promise<void> {
    const { blocks, rollups } = this.#parts;
    for (const store of [blocks, ...rollups.levels.map((level) => level.store)]) {
      for (const block of store.all.filter(({ tombstones }) => !tombstones.isEmpty)) {
        await this.#rewrite(store, [block], ALWAYS, signal);
      }
    }
  }

  /** Writes a block of samples anew without those up to a time. */
  async trim(block: BlockReader, floor: Timestamp, signal: AbortSignal): Promise<void> {
    await this.#rewrite(this.#parts.blocks, [block], { start: justAfter(floor), end: Infinity }, signal);
  }

  async #mergeAll(store: BlockStore, retention: Duration, signal: AbortSignal, isEnough: () => boolean): Promise<void> {
    const { floor } = this.#parts.rollups;
    const isOfSamples = store.resolution === 0;
    while (!isEnough()) {
      // Samples that came late stay by themselves until they are in the windows.
      const mergeable = store.all.filter(({ meta }) => !isOfSamples || meta.maxTime > floor);
      const newest = mergeable.reduce((time, { meta }) => Math.max(time, meta.maxTime), -Infinity);
      const ids = blocksToMerge(mergeable.map(planned), { before: newest, retention });
      if (ids.length === 0) return;
      const inputs = mergeable.filter(({ meta }) => ids.includes(meta.id));
      const range = isOfSamples ? { start: justAfter(floor), end: Infinity } : ALWAYS;
      await this.#rewrite(store, inputs, range, signal);
    }
  }

  /** One block of others of the same store. */
  async #rewrite(store: BlockStore, inputs: readonly BlockReader[], range: TimeRange, signal: AbortSignal): Promise<void> {
    const { floor } = this.#parts.rollups;
    const isOfSamples = store.resolution === 0;
    const content = new Set(inputs.flatMap((block) => (isOfSamples ? block.content : (block.meta.content ?? []))));
    const folders = inputs.map(({ folder }) => folder);
    await this.#run(store, {
      folder: store.folder,
      id: store.reserveId(),
      replaces: inputs.map(({ meta }) => meta.id),
      content: [...content].filter((entry) => unitOf(entry) + BLOCK_RANGE > range.start),
      samples: isOfSamples ? folders : [],
      lateSamples: [],
      windows: isOfSamples ? [] : folders,
      range,
      ...(isOfSamples ? {} : { rollup: { resolution: store.resolution, range: ALWAYS, units: [], floor } }),
    }, signal);
    this.#parts.metrics.compactions.inc();
  }

  async #rollGroup(level: RollupLevel, { units, replaces }: RollupGroup, signal: AbortSignal): Promise<void> {
    const { blocks, rollups, metrics } = this.#parts;
    const { floor } = rollups;
    const wanted = new Set(units);
    const inputs = blocks.all.filter((block) => block.content.some((entry) => wanted.has(unitOf(entry))));
    const seals = new Set([...level.rolled()].map(sealOf));
    const isLate = ({ meta }: BlockReader): boolean => meta.maxTime <= floor;
    const late = inputs.filter((block) => isLate(block) && !block.content.every((entry) => seals.has(sealOf(entry))));
    const old = level.store.all.filter(({ meta }) => meta.id === replaces);
    const made = contentByUnit(inputs.map(contentOf));
    const content = [
      ...old.flatMap(({ meta }) => meta.content ?? []).filter((entry) => !wanted.has(unitOf(entry))),
      ...units.flatMap((unit) => [...(made.get(unit) ?? [])]),
    ];
    const isWritten = await this.#run(level.store, {
      folder: level.store.folder,
      id: level.store.reserveId(),
      replaces: old.map(({ meta }) => meta.id),
      content,
      samples: inputs.filter((block) => !isLate(block)).map(({ folder }) => folder),
      lateSamples: late.map(({ folder }) => folder),
      windows: old.map(({ folder }) => folder),
      range: ALWAYS,
      rollup: { resolution: level.resolution, range: ALWAYS, units, floor },
    }, signal);
    if (!isWritten) for (const entry of content) level.withoutWindows.add(entry);
    metrics.rollupUnits.inc(units.length);
  }

  /** Answers whether there is a new block: not when nothing is left. Those it replaces are gone either way. */
  async #run(store: BlockStore, job: CompactionJob, signal: AbortSignal): Promise<boolean> {
    const { host, metrics } = this.#parts;
    const began = host.clock.elapsed();
    const kind = job.rollup === undefined || job.rollup.units.length === 0 ? 'merge' : 'rollup';
    metrics.compactionsRunning.set(1);
    let result: CompactionResult;
    try {
      result = await host.workers.run<CompactionJob, CompactionResult>({ module: WORKER, input: job }, signal);
    } finally {
      metrics.compactionsRunning.set(0);
    }
    if (result.isWritten) await store.adopt(job.id, job.replaces);
    else await store.remove(new Set(job.replaces));
    const seconds = (host.clock.elapsed() - began) / 1000;
    metrics.compactionSeconds.inc({ kind }, seconds);
    metrics.compactionSamples.inc({ kind }, result.samples);
    metrics.compactionBytes.inc({ kind }, result.bytes);
    host.log.debug('block made of others', {
      block: blockFolder(job.folder, job.id),
      of: job.samples.length + job.lateSamples.length + job.windows.length,
      samples: result.samples,
      bytes: result.bytes,
      seconds,
    });
    return result.isWritten;
  }
}

function planned({ meta }: BlockReader): PlannedBlock {
  return { id: meta.id, minTime: meta.minTime, maxTime: meta.maxTime, bytes: meta.chunksBytes + meta.indexBytes };
}
