import { UnavailableError } from '@metrics-dashboard/sdk';
import type { HeadStatistics, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest } from './engine/cardinality.js';
import type { DeletionRequest, Engine, EngineLimits, EngineStatus, MetricMetadata, RemoteRead, SnapshotRequest, SourceId } from './engine/engine.js';
import type { Delivery, IngestReport, SourceOptions } from './ingest/delivery.js';
import type { FamiliesRead, FamiliesRequest } from './ingest/families.js';
import type { PluginStatus } from './plugin/plugin-status.js';
import type { BoundedList, ExemplarRequest, ExplainRequest, Explanation, LabelQuestion, LabelRequest, QueryRequest, QueryResult } from './query/query.js';
import type { RecordReport, RecordRequest, WriteRequest } from './engine/record.js';

/** How soon who asks too early may ask again, in milliseconds. */
const RETRY_AFTER = 1000;

/**
 * The port while there is nothing behind it yet: whoever needs the engine can be made, and the server can answer, before
 * the data folder is open. Until then, and after the close, every call rejects with an `UnavailableError`.
 */
export class LateEngine implements Engine {
  #engine: Engine | undefined;
  #reason = 'the engine is starting';
  #isAnswering = false;

  /** Puts the engine behind the port. From here on the port owns it. */
  connect(engine: Engine): void {
    this.#engine = engine;
    this.#isAnswering = true;
  }

  /** Whether the engine answered when it was last asked. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  openSource(options: SourceOptions): Promise<SourceId> {
    return this.#ask((engine) => engine.openSource(options));
  }

  closeSource(id: SourceId, at: Timestamp | undefined): Promise<void> {
    return this.#ask((engine) => engine.closeSource(id, at));
  }

  ingest(id: SourceId, delivery: Delivery): Promise<IngestReport> {
    return this.#ask((engine) => engine.ingest(id, delivery));
  }

  readFamilies(request: FamiliesRequest): Promise<FamiliesRead> {
    return this.#ask((engine) => engine.readFamilies(request));
  }

  record(request: RecordRequest, signal: AbortSignal): Promise<RecordReport> {
    return this.#ask((engine) => engine.record(request, signal));
  }

  endRecording(rule: string, at: Timestamp): Promise<void> {
    return this.#ask((engine) => engine.endRecording(rule, at));
  }

  write(request: WriteRequest): Promise<number> {
    return this.#ask((engine) => engine.write(request));
  }

  query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    return this.#ask((engine) => engine.query(request, signal));
  }

  queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask((engine) => engine.queryJson(request, signal));
  }

  explain(request: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
    return this.#ask((engine) => engine.explain(request, signal));
  }

  formatExpression(expression: string): Promise<string> {
    return this.#ask((engine) => engine.formatExpression(expression));
  }

  syntaxTree(expression: string): Promise<string> {
    return this.#ask((engine) => engine.syntaxTree(expression));
  }

  labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#ask((engine) => engine.labelNames(request, signal));
  }

  labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#ask((engine) => engine.labelValues(name, request, signal));
  }

  series(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<readonly Label[]>> {
    return this.#ask((engine) => engine.series(request, signal));
  }

  labelsJson(question: LabelQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask((engine) => engine.labelsJson(question, signal));
  }

  metadata(metric: string | undefined, limit: number): Promise<BoundedList<MetricMetadata>> {
    return this.#ask((engine) => engine.metadata(metric, limit));
  }

  exemplarsJson(request: ExemplarRequest): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask((engine) => engine.exemplarsJson(request));
  }

  remoteRead(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<RemoteRead> {
    return this.#ask((engine) => engine.remoteRead(body, signal));
  }

  status(): Promise<EngineStatus> {
    return this.#ask((engine) => engine.status());
  }

  headStatistics(limit: number): Promise<HeadStatistics | undefined> {
    return this.#ask((engine) => engine.headStatistics(limit));
  }

  cardinality(request: CardinalityRequest, signal: AbortSignal): Promise<CardinalityReport> {
    return this.#ask((engine) => engine.cardinality(request, signal));
  }

  forecastCardinality(change: CardinalityChange, signal: AbortSignal): Promise<CardinalityForecast> {
    return this.#ask((engine) => engine.forecastCardinality(change, signal));
  }

  /** None, as long as they have not been loaded. */
  async plugins(): Promise<readonly PluginStatus[]> {
    return this.#engine?.plugins() ?? [];
  }

  acceptHeader(): Promise<string> {
    return this.#ask((engine) => engine.acceptHeader());
  }

  configure(limits: EngineLimits): Promise<void> {
    return this.#ask((engine) => engine.configure(limits));
  }

  flush(signal: AbortSignal): Promise<void> {
    return this.#ask((engine) => engine.flush(signal));
  }

  deleteSeries(request: DeletionRequest, signal: AbortSignal): Promise<void> {
    return this.#ask((engine) => engine.deleteSeries(request, signal));
  }

  cleanTombstones(signal: AbortSignal): Promise<void> {
    return this.#ask((engine) => engine.cleanTombstones(signal));
  }

  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<void> {
    return this.#ask((engine) => engine.snapshot(request, signal));
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#isAnswering = false;
    this.#reason = 'the server is stopping';
    await engine?.close();
  }

  async #ask<Answer>(question: (engine: Engine) => Promise<Answer>): Promise<Answer> {
    if (this.#engine === undefined) throw new UnavailableError(this.#reason, RETRY_AFTER);
    try {
      const answer = await question(this.#engine);
      this.#isAnswering = this.#engine !== undefined;
      return answer;
    } catch (error) {
      // Any other error is an answer too.
      this.#isAnswering = this.#engine !== undefined && !(error instanceof UnavailableError);
      throw error;
    }
  }
}
