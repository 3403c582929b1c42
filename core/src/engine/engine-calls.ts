import type { Duration, HeadStatistics, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { RegistryHandle } from '@metrics-dashboard/sdk/metrics';
import type { Delivery, IngestReport, SourceOptions } from '../ingest/delivery.js';
import type { FamiliesRead, FamiliesRequest } from '../ingest/families.js';
import type { NamedConfig, PluginConfig, PluginPolicy } from '../plugin/plugin-config.js';
import type { PluginStatus } from '../plugin/plugin-status.js';
import type { BoundedList, ExemplarRequest, ExplainRequest, Explanation, LabelQuestion, LabelRequest, QueryRequest, QueryResult } from '../query/query.js';
import type { WireError } from '../runtime/wire-error.js';
import type { CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest } from './cardinality.js';
import type { DeletionRequest, EngineLimits, EngineStatus, MetricMetadata, RemoteRead, SnapshotRequest, SourceId } from './engine.js';
import type { Heart } from './heartbeat.js';
import type { RecordReport, RecordRequest, WriteRequest } from './record.js';

interface Call<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

/** What main asks of the engine's thread. */
export type EngineCalls = {
  readonly openSource: Call<{ readonly id: SourceId; readonly options: SourceOptions }, undefined>;
  readonly closeSource: Call<{ readonly id: SourceId; readonly at: Timestamp | undefined }, undefined>;
  readonly ingest: Call<{ readonly id: SourceId; readonly delivery: Delivery }, IngestReport>;
  readonly readFamilies: Call<FamiliesRequest, FamiliesRead>;
  readonly record: Call<RecordRequest, RecordReport>;
  readonly endRecording: Call<{ readonly rule: string; readonly at: Timestamp }, undefined>;
  readonly write: Call<WriteRequest, number>;
  readonly query: Call<QueryRequest, QueryResult>;
  readonly queryJson: Call<QueryRequest, Uint8Array<ArrayBuffer>>;
  readonly explain: Call<ExplainRequest, Explanation>;
  readonly formatExpression: Call<string, string>;
  readonly syntaxTree: Call<string, string>;
  readonly labelNames: Call<LabelRequest, BoundedList<string>>;
  readonly labelValues: Call<{ readonly name: string; readonly request: LabelRequest }, BoundedList<string>>;
  readonly series: Call<LabelRequest, BoundedList<readonly Label[]>>;
  readonly labelsJson: Call<LabelQuestion, Uint8Array<ArrayBuffer>>;
  readonly metadata: Call<{ readonly metric: string | undefined; readonly limit: number }, BoundedList<MetricMetadata>>;
  readonly exemplarsJson: Call<ExemplarRequest, Uint8Array<ArrayBuffer>>;
  readonly openRead: Call<Uint8Array<ArrayBuffer>, Pick<RemoteRead, 'form'> & { readonly id: number }>;
  readonly nextRead: Call<number, Uint8Array<ArrayBuffer> | undefined>;
  readonly closeRead: Call<number, undefined>;
  readonly status: Call<undefined, EngineStatus>;
  readonly headStatistics: Call<number, HeadStatistics | undefined>;
  readonly cardinality: Call<CardinalityRequest, CardinalityReport>;
  readonly forecastCardinality: Call<CardinalityChange, CardinalityForecast>;
  readonly configure: Call<EngineLimits, undefined>;
  readonly flush: Call<undefined, undefined>;
  readonly deleteSeries: Call<DeletionRequest, undefined>;
  readonly cleanTombstones: Call<undefined, undefined>;
  readonly snapshot: Call<SnapshotRequest, undefined>;
  readonly close: Call<undefined, undefined>;
};

/** What the thread is started with. */
export interface EngineThreadData {
  readonly plugins: readonly PluginConfig[];
  readonly pluginPolicy: PluginPolicy;
  readonly storage: NamedConfig;
  readonly dataDir: string;
  readonly limits: EngineLimits;
  readonly metrics: RegistryHandle;
  readonly pluginTimeout: Duration | undefined;
  /** Beats as long as the thread's loop turns. */
  readonly heart: Heart;
  /** How long main bears a heart that stands still. */
  readonly patience: Duration;
}

/** What the thread says without being asked. */
export type EngineNote =
  | {
      readonly kind: 'ready';
      readonly plugins: readonly PluginStatus[];
      readonly acceptHeader: string;
      /** Plugins by where their code is. */
      readonly locations: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'not-opened'; readonly error: WireError }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: Readonly<Record<string, WireField>> };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A field of a log line; errors cross with their class and causes. */
export type WireField = { readonly error: WireError } | { readonly value: string | number | boolean | undefined };
