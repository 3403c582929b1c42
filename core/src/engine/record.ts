import type { Label, Timestamp } from '@metrics-dashboard/sdk';

/** A recording rule to be evaluated once. Plain data: it may cross a thread. */
export interface RecordRequest {
  /** Names the rule between its evaluations. */
  readonly rule: string;
  readonly expression: string;
  /** When it is evaluated, and the time of what it writes. */
  readonly at: Timestamp;
  readonly metric: string;
  /** Put on each series; an empty value takes a label away. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** The most series it may make; 0 for no limit. */
  readonly limit: number;
}

export interface RecordReport {
  /** The series of the result. */
  readonly series: number;
  /** Those among them that a limit of cardinality keeps from coming into being. */
  readonly refused: number;
  /** Series of the evaluation before that are not in this one. */
  readonly ended: number;
}

/** Samples that the server makes itself: one for each label set. A value may be the staleness marker. */
export interface WriteRequest {
  readonly series: readonly (readonly Label[])[];
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}
