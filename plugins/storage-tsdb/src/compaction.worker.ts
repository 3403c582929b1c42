// The door of the compaction's thread.
import { compact } from './compaction.js';
import type { CompactionJob, CompactionResult } from './compaction.js';

export function run(job: CompactionJob, signal: AbortSignal): Promise<CompactionResult> {
  return compact(job, signal);
}
