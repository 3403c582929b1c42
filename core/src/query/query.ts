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
  /**
   * Of a range query: so many steps become two, which hold the least and the greatest value of them. Such a range may have more
   * steps than others: it is asked for in parts.
   */
  readonly thin?: number;
  /** Whether an answer in the form of the Prometheus HTTP API tells what the query took. */
  readonly stats?: boolean;
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

/** What is asked about a query instead of its result. */
export interface ExplainRequest extends QueryRequest {
  /** Whether to run it, and tell what it took; else nothing but the index is looked at. */
  readonly run: boolean;
}

/** How a query is answered: as an estimate, and as what happened where it ran. */
export interface Explanation {
  /** The tree of operators in reading order, each before its inputs, which are one deeper. */
  readonly operators: readonly ExplainedOperator[];
  /** The rewritings that changed the plan, in order. */
  readonly passes: readonly string[];
  /** How many operators are not among them, for there are too many. */
  readonly omitted: number;
  readonly ran: boolean;
  readonly milliseconds: Duration;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export interface ExplainedOperator {
  readonly operator: string;
  /** The part of the query that it answers. */
  readonly text: string;
  /** 0 for what makes the result. */
  readonly depth: number;
  /** What it reads itself: the resolutions of levels, oldest first; 0 is raw samples. */
  readonly levels: readonly Duration[];
  readonly series: number;
  /** How many blocks of the storage hold some of what it reads itself; undefined where that is not known. */
  readonly blocks: number | undefined;
  /** Its inputs' are in the estimate of samples, as they are in what happened. */
  readonly estimatedPoints: number;
  readonly estimatedSamples: number;
  readonly actual: { readonly points: number; readonly samples: number; readonly milliseconds: Duration } | undefined;
}

export interface LabelRequest {
  /** Selectors as text; several are united. Empty: everything. */
  readonly selectors: readonly string[];
  readonly range: TimeRange;
  readonly limit: number;
  /** Only what contains this text, for completion. */
  readonly search?: string;
}

/** Exemplars are asked for by the selectors of an expression. */
export interface ExemplarRequest {
  readonly expression: string;
  readonly range: TimeRange;
}

/** What is asked of the index. */
export type LabelQuestion = LabelRequest & ({ readonly kind: 'names' | 'series' } | { readonly kind: 'values'; readonly name: string });

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
