import type { Duration, Timestamp } from './sample.js';

/** A range of time that includes both ends. */
export interface TimeRange {
  readonly start: Timestamp;
  readonly end: Timestamp;
}

/** All of time that a sample can have. */
export const ALL_TIME: TimeRange = { start: -8.64e15, end: 8.64e15 };

/** The range of no sample: it starts after its end. */
export const NO_TIME: TimeRange = { start: 0, end: -1 };

export function overlaps(a: TimeRange, b: TimeRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

export function contains(range: TimeRange, at: Timestamp): boolean {
  return range.start <= at && at <= range.end;
}

/** The latest multiple of `step` that is not after `at`. */
export function alignDown(at: Timestamp, step: Duration): Timestamp {
  return Math.floor(at / step) * step;
}

/** The earliest multiple of `step` that is not before `at`. */
export function alignUp(at: Timestamp, step: Duration): Timestamp {
  return Math.ceil(at / step) * step;
}

/** The number of steps of a grid, both ends included. */
export function gridSize(range: TimeRange, step: Duration): number {
  return Math.floor((range.end - range.start) / step) + 1;
}
