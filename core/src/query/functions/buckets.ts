/** Cumulative buckets of a classic histogram, sorted by their bounds; changed in place by the functions here. */
export interface Bucket {
  readonly bound: number;
  count: number;
}

const SMALLEST_NORMAL = 2 ** -1022;
/** Differences this small between buckets are noise of the arithmetic that made them. */
const NOISE = 1e-12;

export interface BucketQuantile {
  readonly value: number;
  /** Whether counts had to be raised because a larger bucket held less than a smaller one. */
  readonly forced: boolean;
}

/** The φ-quantile, interpolated linearly inside its bucket; NaN without a bucket for +Inf. */
export function bucketQuantile(phi: number, sorted: readonly Bucket[]): BucketQuantile {
  if (Number.isNaN(phi)) return { value: NaN, forced: false };
  if (phi < 0 || phi > 1) return { value: phi < 0 ? -Infinity : Infinity, forced: false };
  if (sorted.at(-1)?.bound !== Infinity) return { value: NaN, forced: false };
  const buckets = coalesce(sorted);
  const forced = makeMonotonic(buckets);
  return { value: interpolate(phi, buckets), forced };
}

function interpolate(phi: number, buckets: readonly Bucket[]): number {
  const last = buckets.length - 1;
  const observations = buckets[last]?.count ?? 0;
  if (last < 1 || observations === 0) return NaN;
  let rank = phi * observations;
  const b = firstWithCount(buckets, rank);
  const found = buckets[b];
  const before = buckets[b - 1];
  if (found === undefined) return NaN;
  if (b === last) return before?.bound ?? NaN;
  if (before === undefined && found.bound <= 0) return found.bound;
  const start = before?.bound ?? 0;
  const count = found.count - (before?.count ?? 0);
  rank -= before?.count ?? 0;
  return start + (found.bound - start) * (rank / count);
}

/** The first bucket with at least so many observations; the last where there is none. */
function firstWithCount(buckets: readonly Bucket[], rank: number): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((buckets[middle]?.count ?? NaN) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The share of observations between two bounds, interpolated linearly inside their buckets. */
export function bucketFraction(lower: number, upper: number, sorted: readonly Bucket[]): number {
  if (sorted.at(-1)?.bound !== Infinity) return NaN;
  const buckets = coalesce(sorted);
  makeMonotonic(buckets);
  const count = buckets.at(-1)?.count ?? 0;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets, count) - rankOf(lower, buckets, count)) / count;
}

function rankOf(bound: number, buckets: readonly Bucket[], all: number): number {
  let rank = 0;
  let start = (buckets[0]?.bound ?? 0) <= 0 ? -Infinity : 0;
  for (const { bound: end, count } of buckets) {
    if (start >= bound) return rank;
    if (end > bound) return start === -Infinity ? count : Math.min(all, rank + ((count - rank) * (bound - start)) / (end - start));
    rank = count;
    start = end;
  }
  return all;
}

/** Buckets of one bound, as a query that adds up instances may bring them, become one. */
function coalesce(sorted: readonly Bucket[]): Bucket[] {
  const buckets: Bucket[] = [];
  for (const bucket of sorted) {
    const last = buckets.at(-1);
    if (last !== undefined && last.bound === bucket.bound) last.count += bucket.count;
    else buckets.push({ ...bucket });
  }
  return buckets;
}

function makeMonotonic(buckets: readonly Bucket[]): boolean {
  let forced = false;
  let most = buckets[0]?.count ?? 0;
  for (const bucket of buckets) {
    const { count } = bucket;
    if (count > most && !almostEqual(count, most)) most = count;
    else {
      forced ||= count < most && !almostEqual(count, most);
      bucket.count = most;
    }
  }
  return forced;
}

function almostEqual(a: number, b: number): boolean {
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < NOISE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < NOISE;
}
