/** An attribute with its value as text. */
export type Attribute = readonly [name: string, value: string];

/** What one program reports; the scopes inside it are not told apart. */
export interface Resource {
  readonly attributes: readonly Attribute[];
  readonly metrics: readonly Metric[];
}

export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'exponential histogram' | 'summary';

export interface Metric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** undefined: of a kind that is newer than this reader. */
  readonly kind: MetricKind | undefined;
  /** Of sums and histograms: 1 is delta, 2 cumulative. */
  readonly temporality: number;
  readonly isMonotonic: boolean;
  readonly points: readonly Point[];
}

/** A data point of any kind; what its kind does not have is as if it were not said. */
export interface Point {
  attributes: Attribute[];
  /** Milliseconds; NaN where none is said. */
  at: number;
  /** The series ends here. */
  hasNoValue: boolean;
  value: number;
  count: number;
  sum: number | undefined;
  /** One more than the bounds, or none; not cumulative. */
  bucketCounts: number[];
  bounds: number[];
  quantiles: { quantile: number; value: number }[];
}

export const DELTA = 1;
export const CUMULATIVE = 2;

/** Bit 0 of a data point's flags. */
export const NO_RECORDED_VALUE = 1;

export function emptyPoint(): Point {
  return { attributes: [], at: NaN, hasNoValue: false, value: 0, count: 0, sum: undefined, bucketCounts: [], bounds: [], quantiles: [] };
}

/** Nanoseconds since the epoch to milliseconds, without the rounding of a float64. */
export function millisecondsOf(nanoseconds: bigint): number {
  return nanoseconds === 0n ? NaN : Number(nanoseconds / 1_000_000n);
}
