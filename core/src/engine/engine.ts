import type { HeadStatistics, Label, MetricType, StorageStats, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import type { Delivery, IngestLimits, IngestReport, RefusalReason, SourceOptions } from '../ingest/delivery.js';
import type { FamiliesRead, FamiliesRequest } from '../ingest/families.js';
import type { PluginStatus } from '../plugin/plugin-status.js';
import type { BoundedList, ExemplarRequest, ExplainRequest, Explanation, LabelQuestion, LabelRequest, QueryLimits, QueryRequest, QueryResult } from '../query/query.js';
import type { CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest } from './cardinality.js';
import type { RecordReport, RecordRequest, WriteRequest } from './record.js';

/**
 * The data plane, storage, ingest and query, behind one port. Who holds it does not know whether it runs on this
 * thread (`local-engine.ts`) or on another (`worker-engine.ts`): everything that crosses is plain data, and samples
 * cross as columns only. While the engine is starting or being restarted, every call rejects with an `UnavailableError`.
 */
export interface Engine {
  /** Announces who will deliver; a source owns a cache of its series. A source outlives a restart of the engine. */
  openSource(options: SourceOptions): Promise<SourceId>;
  /** Ends a source. `at` given: its series get staleness markers at that time. */
  closeSource(id: SourceId, at: Timestamp | undefined): Promise<void>;
  /**
   * Parses, relabels, gates, appends and commits one delivery. Resolved means durable. The body's buffer is moved.
   * What is wrong with samples is in the report; a body that can't be read is too, as `error`.
   * Rejects with `StorageError` or `UnavailableError` when nothing of it was kept.
   */
  ingest(id: SourceId, delivery: Delivery): Promise<IngestReport>;

  /** Reads an exposition that is kept elsewhere, and stores nothing. The body's buffer is moved. */
  readFamilies(request: FamiliesRequest): Promise<FamiliesRead>;

  /**
   * Evaluates a recording rule and appends what it gives; the results stay here. Series of its evaluation before that are
   * gone get staleness markers. Rejects as `query` does, and with a `QueryError` or `LimitError` for results that can't be
   * written; then nothing was.
   */
  record(request: RecordRequest, signal: AbortSignal): Promise<RecordReport>;
  /** The series of a recording rule that is no more end. */
  endRecording(rule: string, at: Timestamp): Promise<void>;
  /** Appends samples of the server's own. Resolves, when they are durable, with the number of those whose series were refused. */
  write(request: WriteRequest): Promise<number>;

  query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult>;
  /** The same, as the bytes of the Prometheus HTTP API's whole answer, `{"status":"success","data":…}`. */
  queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** How a query is answered: an estimate, or what happened when it ran. */
  explain(request: ExplainRequest, signal: AbortSignal): Promise<Explanation>;
  /** The expression, laid out for people. */
  formatExpression(expression: string): Promise<string>;
  /** The expression's syntax tree as JSON text, in the form of the Prometheus HTTP API's `parse_query`. */
  syntaxTree(expression: string): Promise<string>;

  labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>>;
  labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>>;
  series(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<readonly Label[]>>;
  /** The answer to one of these as the bytes of the Prometheus HTTP API's whole answer: long lists don't cross. */
  labelsJson(question: LabelQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  metadata(metric: string | undefined, limit: number): Promise<BoundedList<MetricMetadata>>;

  /** The exemplars of series, those that are still kept, as the bytes of the Prometheus HTTP API's whole answer. */
  exemplarsJson(request: ExemplarRequest): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Answers a request of remote read, whose body is out of its compression, in pieces that are made as they are taken.
   * Rejects with a `ParseError` for another body; the pieces, with what a query rejects with.
   */
  remoteRead(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<RemoteRead>;

  status(): Promise<EngineStatus>;
  headStatistics(limit: number): Promise<HeadStatistics | undefined>;
  /** Counts the series of the head, by metric, label and value. */
  cardinality(request: CardinalityRequest, signal: AbortSignal): Promise<CardinalityReport>;
  /** What rules and limits would save, worked out on the series of the head while samples go on coming in. Rejects with a `ParseError`. */
  forecastCardinality(change: CardinalityChange, signal: AbortSignal): Promise<CardinalityForecast>;
  /** The plugins of the engine's side, failed ones among them. */
  plugins(): Promise<readonly PluginStatus[]>;
  /** What targets are asked for: the parsers' media types as the value of an Accept header. */
  acceptHeader(): Promise<string>;
  /** Takes new limits; sources are opened anew by their owners. */
  configure(limits: EngineLimits): Promise<void>;
  flush(signal: AbortSignal): Promise<void>;
  /** Rejects with a `QueryError` for what is no selector, and when the storage can't; so do the two below. */
  deleteSeries(request: DeletionRequest, signal: AbortSignal): Promise<void>;
  /** Gives back the room of what was deleted. */
  cleanTombstones(signal: AbortSignal): Promise<void>;
  /** Copies the storage while it goes on. Nothing is left of the copy when this rejects. */
  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

declare const sourceBrand: unique symbol;
/** Names an opened source. */
export type SourceId = number & { readonly [sourceBrand]: 'SourceId' };

export interface MetricMetadata {
  readonly metric: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

/** What remote read answers: one message with samples, or frames of a stream with chunks. */
export interface RemoteRead {
  readonly form: 'samples' | 'chunks';
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export interface EngineStatus {
  readonly thread: 'worker' | 'inline';
  readonly storage: StorageStats;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
  /** How often the engine thread died and was replaced since the start. */
  readonly restarts: number;
}

/** Which samples are to be deleted. */
export interface DeletionRequest {
  /** Each by itself; a series goes when one of them matches it. */
  readonly selectors: readonly string[];
  /** Both ends included. */
  readonly range: TimeRange;
}

export interface SnapshotRequest {
  /** A folder that is there, on the disk of the data folder; the copy is in it as the storage's folder is in the data folder. */
  readonly folder: string;
  /** Whether what is not in blocks yet is in the copy. */
  readonly withHead: boolean;
}

/** `limits:` as far as the engine acts on it. */
export interface EngineLimits extends IngestLimits, QueryLimits {}
