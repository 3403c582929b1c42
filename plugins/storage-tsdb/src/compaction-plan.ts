import type { Duration, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import { BLOCK_RANGE, justAfter, rangeStart } from './head.js';

/** How long after the end of a range the head keeps it, for samples that come late. */
const SEAL_DELAY: Duration = 3600_000;

/** Each larger range of blocks is this many times the one below, in turn: 2 h, 8 h, 1 d, 3 d, 9 d, 27 d. */
const STEPS: readonly number[] = [4, 3, 3, 3, 3];

/** Blocks are not merged beyond this part of what is kept, so that retention stays close to what was asked for. */
const LARGEST_PART = 0.1;

/** A small block beside a large one is merged into it when it is at least this part of it. */
const WORTH_MERGING = 1 / 8;

/** So many blocks in one range are merged in any case. */
const MOST_BLOCKS = 8;

/** Up to which time, itself not included, the head is to be sealed now; undefined when there is nothing to seal. */
export function sealBoundary(
  head: TimeRange,
  now: Timestamp,
  retention: Duration,
): Timestamp | undefined {
  if (head.start > head.end) return undefined;
  const boundary = justAfter(Math.max(rangeStart(head.end - SEAL_DELAY), rangeStart(now - retention)));
  return head.start < boundary ? boundary : undefined;
}

/** The times that belong to the block's range that begins at a multiple of its length: left-open. */
export function blockRange(start: Timestamp, length: Duration = BLOCK_RANGE): TimeRange {
  return { start: justAfter(start), end: start + length };
}

/** The start of the range of some length that holds a time, left-open. */
export function alignedStart(time: Timestamp, length: Duration): Timestamp {
  return Math.ceil(time / length) * length - length;
}

/** What a plan has to know of a block. */
export interface PlannedBlock {
  readonly id: string;
  readonly minTime: Timestamp;
  readonly maxTime: Timestamp;
  readonly bytes: number;
}

/**
 * The blocks to be merged next, of those that end before a time; none when all is well. The smallest ranges come first.
 * Blocks of one range that overlap are merged as well: late samples make such.
 */
export function blocksToMerge(
  blocks: readonly PlannedBlock[],
  { before, retention }: { readonly before: Timestamp; readonly retention: Duration },
): readonly string[] {
  let length = BLOCK_RANGE;
  for (const step of [1, ...STEPS]) {
    length *= step;
    if (length > BLOCK_RANGE && length > retention * LARGEST_PART) return [];
    for (const group of groupsOf(blocks, length)) {
      const end = alignedStart((group[0] as PlannedBlock).maxTime, length) + length;
      if (end < before && isWorthMerging(group)) return group.map(({ id }) => id);
    }
  }
  return [];
}

function groupsOf(blocks: readonly PlannedBlock[], length: Duration): PlannedBlock[][] {
  const groups = new Map<number, PlannedBlock[]>();
  for (const block of blocks) {
    const start = alignedStart(block.maxTime, length);
    if (block.minTime <= start) continue;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [block]);
    else group.push(block);
  }
  return [...groups.values()].sort((a, b) => (a[0] as PlannedBlock).minTime - (b[0] as PlannedBlock).minTime);
}

function isWorthMerging(group: readonly PlannedBlock[]): boolean {
  if (group.length < 2) return false;
  if (group.length > MOST_BLOCKS) return true;
  const sizes = group.map(({ bytes }) => bytes);
  const largest = Math.max(...sizes);
  return sizes.reduce((sum, bytes) => sum + bytes, 0) - largest >= largest * WORTH_MERGING;
}
