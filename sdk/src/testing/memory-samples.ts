import type { Timestamp } from '../model/sample.js';
import type { TimeRange } from '../model/time.js';

/**
 * The first `count` entries of two columns, oldest first. Entries below `count` never change: samples that come in
 * order are written behind them, and a late one makes new columns. So a value of this type is a snapshot.
 */
export interface Samples {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
}

export const NO_SAMPLES: Samples = { times: new Float64Array(0), values: new Float64Array(0), count: 0 };

/** The time of the newest sample, `-Infinity` when there is none. */
export function newest({ times, count }: Samples): Timestamp {
  return count === 0 ? -Infinity : (times[count - 1] as number);
}

/** The position of the first of `count` sorted times that is not before `at`. */
export function firstNotBefore(times: Float64Array, count: number, at: Timestamp): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** With one more sample at a place. `value` is a column of one, since a bare NaN could lose its payload. */
export function insert(samples: Samples, place: number, at: Timestamp, value: Float64Array): Samples {
  const { times, values, count } = samples;
  const inPlace = place === count && count < times.length;
  const room = inPlace ? times.length : Math.max(8, count + (count >> 1) + 1);
  const grown = inPlace ? samples : { times: new Float64Array(room), values: new Float64Array(room) };
  if (!inPlace) {
    grown.times.set(times.subarray(0, place));
    grown.values.set(values.subarray(0, place));
    grown.times.set(times.subarray(place, count), place + 1);
    grown.values.set(values.subarray(place, count), place + 1);
  }
  grown.times[place] = at;
  grown.values.set(value, place);
  return { times: grown.times, values: grown.values, count: count + 1 };
}

/** The samples of a range, as views of the same columns. */
export function cut({ times, values, count }: Samples, { start, end }: TimeRange): Samples {
  const from = firstNotBefore(times, count, start);
  let to = firstNotBefore(times, count, end);
  if (to < count && times[to] === end) to++;
  return { times: times.subarray(from, to), values: values.subarray(from, to), count: Math.max(0, to - from) };
}

export function sameTimes(a: Samples, b: Samples): boolean {
  if (a.count !== b.count) return false;
  for (let i = 0; i < a.count; i++) if (a.times[i] !== b.times[i]) return false;
  return true;
}
