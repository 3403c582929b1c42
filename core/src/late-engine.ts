import { UnavailableError } from '@metrics-dashboard/sdk';
import type { HeadStatistics, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine, EngineLimits, EngineStatus, MetricMetadata, SourceId } from './engine/engine.js';
import type { Delivery, IngestReport, SourceOptions } from './ingest/delivery.js';
import type { PluginStatus } from './plugin/plugin-status.js';
import type { BoundedList, LabelRequest, QueryRequest, QueryResult } from './query/query.js';

/** How soon who asks too early may ask again, in milliseconds. */
const RETRY_AFTER = 1000;

/**
 * The port while there is nothing behind it yet: whoever needs the engine can be made, and the server can answer, before
 * the data folder is open. Until then, and after the close, every call rejects with an `UnavailableError`.
 */
export class LateEngine implements Engine {
  #engine: Engine | undefined;
  #reason = 'the engine is starting';
  #limits: EngineLimits | undefined;

  /** Puts the engine behind the port. From here on the port owns it. */
  async connect(engine: Engine): Promise<void> {
    if (this.#limits !== undefined) await engine.configure(this.#limits);
    this.#engine = engine;
  }

  get isConnected(): boolean {
    return this.#engine !== undefined;
  }

  async openSource(options: SourceOptions): Promise<SourceId> {
    return this.#get().openSource(options);
  }

  async closeSource(id: SourceId, at: Timestamp | undefined): Promise<void> {
    return this.#get().closeSource(id, at);
  }

  async ingest(id: SourceId, delivery: Delivery): Promise<IngestReport> {
    return this.#get().ingest(id, delivery);
  }

  async query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    return this.#get().query(request, signal);
  }

  async queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#get().queryJson(request, signal);
  }

  async labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#get().labelNames(request, signal);
  }

  async labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#get().labelValues(name, request, signal);
  }

  async series(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<readonly Label[]>> {
    return this.#get().series(request, signal);
  }

  async metadata(metric: string | undefined, limit: number): Promise<BoundedList<MetricMetadata>> {
    return this.#get().metadata(metric, limit);
  }

  async status(): Promise<EngineStatus> {
    return this.#get().status();
  }

  async headStatistics(limit: number): Promise<HeadStatistics | undefined> {
    return this.#get().headStatistics(limit);
  }

  /** None, as long as they have not been loaded. */
  async plugins(): Promise<readonly PluginStatus[]> {
    return this.#engine?.plugins() ?? [];
  }

  async acceptHeader(): Promise<string> {
    return this.#get().acceptHeader();
  }

  /** Limits that come before the engine are kept for it. */
  async configure(limits: EngineLimits): Promise<void> {
    if (this.#engine === undefined) this.#limits = limits;
    else await this.#engine.configure(limits);
  }

  async flush(signal: AbortSignal): Promise<void> {
    return this.#get().flush(signal);
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#reason = 'the server is stopping';
    await engine?.close();
  }

  #get(): Engine {
    if (this.#engine === undefined) throw new UnavailableError(this.#reason, RETRY_AFTER);
    return this.#engine;
  }
}
