import type { Labels } from '../model/labels.js';
import type { Timestamp } from '../model/sample.js';

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

/**
 * Knows a format and fetches nothing. No string, closure or object is made per sample.
 *
 * Obligations:
 *  1. Offers samples in the body's order, and each key as bytes that are the same in every body for the same series,
 *     and differ for different series.
 *  2. Throws a `ParseError` with line and column, or byte offset, on what it can't read; never anything else.
 *  3. `labels` of an offered key gives the series' labels, the metric name among them.
 *  4. Keeps nothing of the body after `parse` returns.
 */
export interface ExpositionParser {
  readonly kind: string;
  /** Media types without parameters, the preferred one first. */
  readonly contentTypes: readonly string[];
  /** What to ask targets for, the preferred first, with a quality each; empty when the format is only pushed. */
  readonly accept: readonly string[];
  parse(exposition: ParserInput, sink: EntrySink): void;
  /** The labels of a key that `parse` offered. Asked once per new series, never for a known one. */
  labels(key: Uint8Array, start: number, end: number): Labels;
}

export interface ParserInput {
  readonly body: Uint8Array;
  /** As it came, with its parameters. */
  readonly contentType: string;
}

/** Bytes [start, end) of `bytes` name a series. */
export interface SeriesKey {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What takes the entries of a body. */
export interface EntrySink {
  /** Bytes [start, end) of `key` name the series; `at` is NaN where the body gives no time. */
  sample(key: Uint8Array, start: number, end: number, value: number, at: Timestamp): void;
  /**
   * Where the key ends that the sink expects next, when it stands at `start`, byte for byte; else `start`. A parser may
   * ask before it reads a key, and need not read one that it read in an earlier body.
   */
  expectedEnd?(body: Uint8Array, start: number): number;
  /** Of the sample just offered; or of the series that `of` names, where a body brings exemplars by themselves. */
  exemplar(value: number, at: Timestamp, labels: () => Labels, of?: SeriesKey): void;
  metadata(metric: string, field: 'type' | 'unit' | 'help', value: string): void;
  /**
   * Whether the sink has met metadata in these very bytes before. A parser may ask, and then leaves the metadata out:
   * a target sends the same with every scrape.
   */
  knowsMetadata?(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * The samples from here on, up to the next call, are one to their sender: a histogram, a data point. A format that has
   * such items says so of each; refusals are then told by item, under the metric as the sender names it.
   */
  item?(metric: string): void;
  /** The samples from here on are differences, and the pipeline adds them up; `undefined`: they are cumulative again. */
  delta(metric: string | undefined): void;
}
