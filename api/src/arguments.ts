import { ALL_TIME, LimitError, QueryError } from '@metrics-dashboard/sdk';
import type { Duration, TimeRange, Timestamp } from '@metrics-dashboard/sdk';

/** The most points per series a range query may have: what the Prometheus HTTP API allows. */
export const MAX_POINTS = 11_000;

/** An optional argument that counts something. Throws `LimitError` above `max`, `QueryError` for what is no count. */
export function bounded(name: string, value: number | null | undefined, otherwise: number, max: number): number {
  const count = value ?? otherwise;
  if (Number.isInteger(count) && count >= 1 && count <= max) return count;
  const message = `${name} is ${count}, expected a whole number from 1 to ${max}`;
  throw count > max ? new LimitError(`graphql ${name}`, max, count, message) : new QueryError(message);
}

/** Two optional ends; a missing one is the end of time. Throws `QueryError` when the range ends before it starts. */
export function rangeOf(start: Timestamp | null | undefined, end: Timestamp | null | undefined): TimeRange {
  const range = { start: start ?? ALL_TIME.start, end: end ?? ALL_TIME.end };
  if (range.end < range.start) throw new QueryError('end timestamp is before start timestamp');
  return range;
}

/** The grid of a range query. Throws `QueryError` for one that has no end or no step, `LimitError` for too many steps. */
export function gridOf(range: TimeRange, step: Duration): TimeRange & { readonly step: Duration } {
  if (!(step > 0)) throw new QueryError('zero or negative query resolution step widths are not accepted, try a positive step');
  if (range.end < range.start) throw new QueryError('end timestamp is before start timestamp');
  const points = Math.floor((range.end - range.start) / step) + 1;
  if (points > MAX_POINTS) {
    const message = `a range of ${points} points per series, expected at most ${MAX_POINTS}: take a larger step or a shorter range`;
    throw new LimitError('graphql steps', MAX_POINTS, points, message);
  }
  return { start: range.start, end: range.end, step };
}
