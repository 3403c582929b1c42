import type { SeriesLimit } from '../ingest/cardinality-gate.js';
import type { IngestLimits } from '../ingest/delivery.js';
import type { RelabelRule } from '../ingest/relabel.js';

// What is said about how many series there are. Plain data: it crosses a thread.

export interface CardinalityRequest {
  /** Of this metric alone; undefined: of all. */
  readonly metric: string | undefined;
  /** The most entries of each list. */
  readonly limit: number;
}

/** The series of the head: what takes memory, and what limits count. */
export interface CardinalityReport {
  readonly series: number;
  readonly labelPairs: number;
  readonly limits: IngestLimits;
  /** The largest, in descending order. */
  readonly metrics: readonly MetricCardinality[];
  /** By how many values they have. */
  readonly labels: readonly LabelCardinality[];
  /** By how many series carry them. */
  readonly pairs: readonly PairCardinality[];
  /** Limits that are nearly met, or met. */
  readonly near: readonly NearLimit[];
  /** Metrics that had series refused since the start, by how many. */
  readonly refused: readonly RefusedSeries[];
}

export interface MetricCardinality {
  readonly metric: string;
  readonly series: number;
}

export interface LabelCardinality {
  readonly label: string;
  readonly values: number;
}

export interface PairCardinality {
  readonly label: string;
  readonly value: string;
  readonly series: number;
}

export interface NearLimit {
  readonly limit: SeriesLimit;
  /** Empty where the limit is of all series together. */
  readonly metric: string;
  readonly met: number;
  readonly allowed: number;
}

export interface RefusedSeries {
  readonly metric: string;
  readonly limit: SeriesLimit;
  /** How many did not come into being; one that is offered again and again counts once for each sender. */
  readonly series: number;
}

/** Something that might be put into the configuration. */
export interface CardinalityChange {
  /** `metric_relabel_configs`. */
  readonly relabel: readonly RelabelRule[];
  /** The series that the rules are for, as a selector: those of one job, say; undefined: all. */
  readonly selector: string | undefined;
  readonly seriesPerMetric: number | undefined;
  readonly seriesPerTarget: number | undefined;
  readonly series: number | undefined;
  /** The most metrics that are told of. */
  readonly limit: number;
}

/** What would be there with the change, had it been in force from the start. */
export interface CardinalityForecast {
  readonly before: number;
  readonly after: number;
  /** Dropped by a rule. */
  readonly dropped: number;
  /** Become the same series as another one: their samples would meet under one name, and all but one at each time be refused. */
  readonly merged: number;
  /** Refused by a limit. */
  readonly refused: number;
  /** Those that would lose series, the largest savings first. */
  readonly metrics: readonly MetricForecast[];
  readonly milliseconds: number;
}

export interface MetricForecast {
  /** As the metric is called now. */
  readonly metric: string;
  readonly before: number;
  readonly dropped: number;
  readonly merged: number;
  readonly refused: number;
}
