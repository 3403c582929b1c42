import type { Duration, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import { BLOCK_RANGE, rangeStart } from './head.js';

/** How long after the end of a range the head keeps it, for samples that come late. */
const SEAL_DELAY: Duration = 3600_000;

/** Up to which time, itself not included, the head is to be sealed now; undefined when there is nothing to seal. */
export function sealBoundary(
  head: TimeRange,
  now: Timestamp,
  retention: Duration,
): Timestamp | undefined {
  if (head.start > head.end) return undefined;
  const boundary = Math.max(rangeStart(head.end - SEAL_DELAY), rangeStart(now - retention));
  return head.start < boundary ? boundary : undefined;
}

/** The range of the block that begins at a time, both ends included. */
export function blockRange(start: Timestamp): TimeRange {
  return { start, end: justBefore(start + BLOCK_RANGE) };
}

/** The greatest float64 below a whole number: times are milliseconds, but need not be whole. */
function justBefore(time: Timestamp): Timestamp {
  return time - Math.max(Number.MIN_VALUE, Math.abs(time) * (Number.EPSILON / 2));
}
