import type { Duration, Label, TimeRange, Timestamp } from '@metrics-dashboard/sdk';

/** What is asked. Plain data: it may cross a thread. */
export interface QueryRequest {
  readonly expression: string;
  readonly time: QueryTime;
  /** At most `limits.query_timeout`. */
  readonly timeout?: Duration;
  readonly lookbackDelta?: Duration;
  /** At most so many series are answered; more are cut with a warning. 0 or undefined: all. */
  readonly seriesLimit?: number;
}

export type QueryTime =
  | { readonly kind: 'instant'; readonly at: Timestamp }
  | ({ readonly kind: 'range'; readonly step: Duration } & TimeRange);

/**
 * Frames in columns: series i has the samples [offsets[i], offsets[i + 1]) of `times` and `values`.
 * A scalar is one series without labels; a string has `text` and no series.
 */
export interface QueryResult {
  readonly type: 'scalar' | 'vector' | 'matrix' | 'string';
  readonly series: readonly (readonly Label[])[];
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  readonly text: string | undefined;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly stats: QueryStats;
}

export interface QueryStats {
  readonly seriesSelected: number;
  readonly samplesLoaded: number;
  readonly milliseconds: number;
}

export interface LabelRequest {
  /** Selectors as text; several are united. Empty: everything. */
  readonly selectors: readonly string[];
  readonly range: TimeRange;
  readonly limit: number;
  /** Only what contains this text, for completion. */
  readonly search?: string;
}

export interface BoundedList<T> {
  readonly values: readonly T[];
  /** Whether there was more than the limit. */
  readonly truncated: boolean;
}

/** `limits:` as far as queries act on it. */
export interface QueryLimits {
  readonly querySeries: number;
  readonly querySamples: number;
  readonly queryTimeout: Duration;
}
