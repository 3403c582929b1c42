import type { HeadStatistics, Label, PluginSide, StorageStats, TimeRange, Timestamp, Duration, MetricType } from '@metrics-dashboard/sdk';
import type { RelabelRule } from '../ingest/relabel.js';
import type { PluginStatus } from '../plugin/plugin-status.js';

/**
 * The data plane, storage, ingest and query, behind one port. Who holds it does not know whether it runs on this
 * thread (`local-engine.ts`) or on another (`worker-engine.ts`): everything that crosses is plain data, and samples
 * cross as columns only. While the engine is starting or being restarted, every call rejects with an `UnavailableError`.
 */
export interface Engine {
  /** Announces who will deliver; a source owns a cache of its series. */
  openSource(options: SourceOptions): Promise<SourceId>;
  /** Ends a source. `at` given: its series get staleness markers at that time. */
  closeSource(id: SourceId, at: Timestamp | undefined): Promise<void>;
  /**
   * Parses, relabels, gates, appends and commits one delivery. Resolved means durable. The body's buffer is moved.
   * What is wrong with samples is in the report; a body that can't be read is too, as `error`.
   * Rejects with `StorageError` or `UnavailableError` when nothing of it was kept.
   */
  ingest(id: SourceId, delivery: Delivery): Promise<IngestReport>;

  query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult>;
  /** The same, as the bytes of the Prometheus HTTP API's whole answer, `{"status":"success","data":…}`. */
  queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;

  labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>>;
  labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>>;
  series(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<readonly Label[]>>;
  metadata(metric: string | undefined, limit: number): Promise<BoundedList<MetricMetadata>>;

  status(): Promise<EngineStatus>;
  headStatistics(limit: number): Promise<HeadStatistics | undefined>;
  /** The plugins of the engine's side, failed ones among them. */
  plugins(): Promise<readonly PluginStatus[]>;
  /** Takes new limits; sources are opened anew by their owners. */
  configure(limits: EngineLimits): Promise<void>;
  flush(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

declare const sourceBrand: unique symbol;
/** Names an opened source. */
export type SourceId = number & { readonly [sourceBrand]: 'SourceId' };

export interface SourceOptions {
  /** For people: the scrape pool and the address, `remote write`. */
  readonly name: string;
  /** `scrape`: `up` and its companions are written with each delivery, and series that vanish get staleness markers. */
  readonly kind: 'scrape' | 'push';
  /** Labels of the target, added to each series. */
  readonly labels: readonly Label[];
  /** Whether a sample's own label wins over a target's of the same name; else it becomes `exported_<name>`. */
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** `metric_relabel_configs`. */
  readonly relabel: readonly RelabelRule[];
  /** The most samples after relabeling one delivery may have; 0 for no limit. More refuses the delivery whole. */
  readonly sampleLimit: number;
  /** Whether names outside `[a-zA-Z_:][a-zA-Z0-9_:]*` are refused. */
  readonly nameValidation: 'utf8' | 'legacy';
  /** The media type to read a body as when it has none that a parser knows; undefined: such a body is an error. */
  readonly fallbackContentType: string | undefined;
}

/** One scrape or one push; or a scrape that failed, which is written down as `up` 0. */
export interface Delivery {
  /** The time of samples that carry none. */
  readonly at: Timestamp;
  /** How long fetching took, in seconds; 0 for a push. */
  readonly seconds: number;
  readonly outcome:
    | { readonly ok: true; readonly contentType: string; readonly body: Uint8Array<ArrayBuffer> }
    | { readonly ok: false; readonly error: string };
}

export interface IngestReport {
  /** Samples stored, of the body. */
  readonly accepted: number;
  /** Samples in the body. */
  readonly scraped: number;
  readonly afterRelabeling: number;
  readonly seriesAdded: number;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
  /** The first few of the refused, for answers and logs. */
  readonly examples: readonly Refusal[];
  /** Why the body as a whole was not stored: it can't be read, or is over a limit. */
  readonly error: IngestError | undefined;
}

export type RefusalReason =
  | 'cardinality_limit'
  | 'too_old'
  | 'too_far_in_future'
  | 'duplicate_timestamp'
  | 'invalid_labels'
  /** The gate's policy is to drop: accepted towards the sender, counted, not stored. */
  | 'dropped_cardinality_limit';

export interface Refusal {
  readonly labels: readonly Label[];
  readonly reason: RefusalReason;
  readonly message: string;
}

export interface IngestError {
  readonly kind: 'parse' | 'limit' | 'unsupported';
  readonly message: string;
}

export interface QueryRequest {
  readonly expression: string;
  readonly time: { readonly kind: 'instant'; readonly at: Timestamp } | ({ readonly kind: 'range'; readonly step: Duration } & TimeRange);
  /** At most `limits.query_timeout`. */
  readonly timeout?: Duration;
  readonly lookbackDelta?: Duration;
  /** At most so many series are answered; more are cut with a warning. 0 or undefined: all. */
  readonly seriesLimit?: number;
}

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

export interface MetricMetadata {
  readonly metric: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

export interface EngineStatus {
  readonly side: PluginSide | 'inline';
  readonly storage: StorageStats;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
  /** How often the engine thread died and was replaced since the start. */
  readonly restarts: number;
}

/** `limits:` as far as the engine acts on it. */
export interface EngineLimits {
  readonly seriesPerMetric: number;
  readonly seriesPerMetricPolicy: 'reject' | 'drop';
  readonly querySeries: number;
  readonly querySamples: number;
  readonly queryTimeout: Duration;
}
