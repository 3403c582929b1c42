import path from 'node:path';
import { ALL_TIME } from '@metrics-dashboard/sdk';
import type { Duration, TimeRange } from '@metrics-dashboard/sdk';
import { ViewInput } from './block-input.js';
import type { BlockInput } from './block-input.js';
import { BlockReader } from './block-reader.js';
import { BlockSource } from './block-source.js';
import { writeBlock } from './block-writer.js';
import { realDisk } from './disk.js';
import type { FoundSeries } from './found-series.js';
import { RollupInput } from './rollup-input.js';
import type { RollupPlan } from './rollup-input.js';
import { LATE_SAMPLES } from './view-source.js';
import { TsdbView } from './view.js';

/** A block to be made of others: paths and a plan, for it crosses to another thread. */
export interface CompactionJob {
  /** The folder of the blocks that the new one belongs to, and its id there. */
  readonly folder: string;
  readonly id: string;
  readonly replaces: readonly string[];
  readonly content: readonly string[];
  /** Blocks of samples, by their folders; those that come too late to be with the others of their time. */
  readonly samples: readonly string[];
  readonly lateSamples: readonly string[];
  /** Blocks of windows. */
  readonly windows: readonly string[];
  /** What the new block takes of the samples, when it is one of samples. */
  readonly range: TimeRange;
  /** How its windows are made, when it is one of windows. */
  readonly rollup?: RollupPlan;
}

export interface CompactionResult {
  /** Whether there is a new block: not when nothing is left. */
  readonly isWritten: boolean;
  readonly samples: number;
  readonly bytes: number;
}

/** Makes the block. Its folder has its name when this resolves, and all of it is durable. */
export async function compact(job: CompactionJob, signal: AbortSignal): Promise<CompactionResult> {
  const readers: BlockReader[] = [];
  try {
    const sources: BlockSource[] = [];
    const open = async (folders: readonly string[], resolution: Duration): Promise<void> => {
      for (const folder of folders) {
        const reader = await BlockReader.open(folder);
        readers.push(reader);
        sources.push(new BlockSource(reader, resolution, ignore, ignore));
      }
    };
    await open(job.samples, 0);
    await open(job.lateSamples, LATE_SAMPLES);
    await open(job.windows, job.rollup?.resolution ?? 0);
    const view = new TsdbView(ALL_TIME, sources);
    const list = await view.find([], Infinity, signal);
    const { replaces, content } = job;
    const meta = await writeBlock(job.folder, job.id, inputOf(job, view, list), { replaces, content, disk: realDisk, signal });
    return { isWritten: meta !== undefined, samples: meta?.samples ?? 0, bytes: (meta?.chunksBytes ?? 0) + (meta?.indexBytes ?? 0) };
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** The folder of a block in that of its like. */
export function blockFolder(folder: string, id: string): string {
  return path.join(folder, id);
}

function inputOf(job: CompactionJob, view: TsdbView, list: FoundSeries): BlockInput {
  if (job.rollup !== undefined) return new RollupInput(view, list, job.rollup);
  const level = { resolution: 0, range: job.range, columns: ['value'] as const };
  return new ViewInput(view, list, { level, columns: level.columns, range: job.range });
}

function ignore(): void {
  // Who started the job owns the blocks: it is told by the job's failure.
}
