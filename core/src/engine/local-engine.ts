import { join } from 'node:path';
import { InvariantError, QueryError, UnavailableError, canDeleteSeries, canSnapshot, hasIndexStatistics, isFlushable } from '@metrics-dashboard/sdk';
import type { Clock, Duration, HeadStatistics, Label, Logger, StorageBackend, Timestamp } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Delivery, IngestReport, SourceOptions } from '../ingest/delivery.js';
import { readFamilies } from '../ingest/families.js';
import type { FamiliesRead, FamiliesRequest } from '../ingest/families.js';
import { acceptHeaderOf } from '../ingest/media-type.js';
import { Pipeline } from '../ingest/pipeline.js';
import type { Source } from '../ingest/source.js';
import { makeHostFactory } from '../plugin/host.js';
import { loadPlugins } from '../plugin/loader.js';
import type { LoadedPlugins } from '../plugin/loader.js';
import { openKind } from '../plugin/open-kind.js';
import type { NamedConfig, PluginConfig, PluginPolicy } from '../plugin/plugin-config.js';
import type { PluginStatus } from '../plugin/plugin-status.js';
import { QueryEngine } from '../query/engine.js';
import { isReservedFunction } from '../query/language/names.js';
import type { BoundedList, ExemplarRequest, ExplainRequest, Explanation, LabelQuestion, LabelRequest, QueryRequest, QueryResult } from '../query/query.js';
import { Scope } from '../runtime/lifecycle.js';
import { nextTurn } from '../runtime/next-turn.js';
import { createWorkerPool } from '../runtime/worker-pool.js';
import type { CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest } from './cardinality.js';
import { forecastCardinality } from './cardinality-forecast.js';
import { surveyCardinality } from './cardinality-survey.js';
import { answerInChunks, answerInSamples } from './remote-read/answer.js';
import { readRequestOf } from './remote-read/request.js';
import { encodeExemplars } from './exemplar-json.js';
import { EngineMetrics } from './engine-metrics.js';
import type { DeletionRequest, Engine, EngineLimits, EngineStatus, MetricMetadata, RemoteRead, SnapshotRequest, SourceId } from './engine.js';
import { GateLog } from './gate-log.js';
import type { HeadWalk } from './head-series.js';
import { encodeLabelSets, encodeQueryResult, encodeTexts } from './json-encoder.js';
import { SampleWriter } from './sample-bytes.js';
import { watchSeries } from './series-gauges.js';
import type { RecordReport, RecordRequest, WriteRequest } from './record.js';
import { RuleSeries } from './rule-series.js';
import { thinnedQuery } from './thinned-query.js';

export interface EngineOptions {
  /** Of both sides; those that contribute nothing to the engine are left alone. */
  readonly plugins: readonly PluginConfig[];
  readonly pluginPolicy: PluginPolicy;
  readonly storage: NamedConfig;
  readonly dataDir: string;
  readonly limits: EngineLimits;
  readonly metrics: Registry;
  readonly log: Logger;
  readonly clock: Clock;
  /** How long a plugin may take to load. */
  readonly pluginTimeout?: Duration;
}

/**
 * Opens the engine on this thread: loads the plugins of its side, opens the storage, which replays.
 * Rejects with the errors of `loadPlugins` and `openKind`; then nothing stays open.
 */
export async function openLocalEngine(options: EngineOptions): Promise<LocalEngine> {
  const { clock, log, metrics, dataDir } = options;
  const scope = new Scope();
  try {
    const workers = scope.own(createWorkerPool());
    const hostFor = makeHostFactory({ clock, log, metrics, workers, dataDir });
    const locations = new Map<string, string>();
    const loaded = await loadPlugins({
      plugins: options.plugins,
      side: 'engine',
      policy: options.pluginPolicy,
      hostFor,
      log,
      clock,
      isReservedName: isReservedFunction,
      onLocated: (plugin, location) => locations.set(location, plugin),
      ...(options.pluginTimeout === undefined ? {} : { timeout: options.pluginTimeout }),
    });
    scope.own(loaded);
    const storage = scope.own(await openKind(loaded.contributions, 'storage', options.storage, hostFor));
    return new LocalEngine(options, { loaded, locations, storage, scope });
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** What an engine is put together from. */
interface EngineParts {
  readonly loaded: LoadedPlugins;
  readonly locations: ReadonlyMap<string, string>;
  readonly storage: StorageBackend;
  /** Owns the others. */
  readonly scope: Scope;
}

/** The port on this thread. What runs inside the engine's worker, and what most tests use. */
export class LocalEngine implements Engine {
  /** The ids of plugins, by where their code is. */
  readonly locations: ReadonlyMap<string, string>;
  readonly #loaded: LoadedPlugins;
  readonly #storage: StorageBackend;
  /** The storage's kind. */
  readonly #kind: string;
  readonly #pipeline: Pipeline;
  readonly #queries: QueryEngine;
  readonly #metrics: EngineMetrics;
  readonly #gateLog: GateLog;
  readonly #walk: HeadWalk;
  readonly #clock: Clock;
  readonly #scope: Scope;
  readonly #ruleSeries: RuleSeries;
  readonly #samples = new SampleWriter();
  readonly #sources = new Map<SourceId, Source>();
  readonly #underWay = new Set<Promise<unknown>>();
  #lastId = 0;
  #isOpen = true;

  constructor(options: EngineOptions, { loaded, locations, storage, scope }: EngineParts) {
    const { clock, limits } = options;
    this.locations = locations;
    this.#loaded = loaded;
    this.#storage = storage;
    this.#kind = options.storage.kind;
    this.#clock = clock;
    this.#scope = scope;
    this.#metrics = new EngineMetrics(options.metrics);
    this.#gateLog = new GateLog(options.log, options.metrics);
    this.#walk = { storage, clock, yieldToLoop: nextTurn };
    this.#pipeline = new Pipeline({ storage, parsers: loaded.contributions.all('parser'), limits, clock, gateWatcher: this.#gateLog });
    this.#ruleSeries = new RuleSeries(storage, this.#pipeline.gate);
    this.#queries = new QueryEngine({ storage, aggregations: loaded.contributions.all('aggregation'), limits, clock });
    scope.own(watchSeries(this.#pipeline.gate, options.metrics, clock));
  }

  async openSource(options: SourceOptions): Promise<SourceId> {
    // The numbers of sources are made here alone.
    const id = ++this.#lastId as SourceId;
    this.openSourceAs(id, options);
    return id;
  }

  /** Opens a source under a number that its owner already holds. */
  openSourceAs(id: SourceId, options: SourceOptions): void {
    this.#assertOpen();
    this.#lastId = Math.max(this.#lastId, id);
    this.#sources.set(id, this.#pipeline.open(options));
  }

  async closeSource(id: SourceId, at: Timestamp | undefined): Promise<void> {
    this.#assertOpen();
    const source = this.#sources.get(id);
    if (source === undefined) return;
    this.#sources.delete(id);
    await this.#during(this.#pipeline.close(source, at));
  }

  async ingest(id: SourceId, delivery: Delivery): Promise<IngestReport> {
    this.#assertOpen();
    const source = this.#sources.get(id);
    if (source === undefined) throw new InvariantError(`a delivery of source ${id}, which is not open`);
    const report = await this.#during(this.#pipeline.ingest(source, delivery));
    this.#metrics.ingested(source.options.kind === 'scrape' ? 'scrape' : 'push', report);
    return report;
  }

  async readFamilies(request: FamiliesRequest): Promise<FamiliesRead> {
    this.#assertOpen();
    return readFamilies(this.#loaded.contributions.all('parser'), request);
  }

  async record(request: RecordRequest, signal: AbortSignal): Promise<RecordReport> {
    const { expression, at } = request;
    const result = await this.query({ expression, time: { kind: 'instant', at } }, signal);
    return this.#during(this.#ruleSeries.record(request, result));
  }

  async endRecording(rule: string, at: Timestamp): Promise<void> {
    this.#assertOpen();
    await this.#during(this.#ruleSeries.end(rule, at));
  }

  async write(request: WriteRequest): Promise<number> {
    this.#assertOpen();
    return this.#during(this.#ruleSeries.write(request));
  }

  async query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    this.#assertOpen();
    const start = this.#clock.elapsed();
    try {
      return await this.#during(request.thin === undefined ? this.#queries.query(request, signal) : thinnedQuery(request, this.#queries, signal));
    } finally {
      this.#metrics.queried(request.time.kind, this.#clock.elapsed() - start);
    }
  }

  async queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return encodeQueryResult(await this.query(request, signal), request, this.#samples);
  }

  async explain(request: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
    this.#assertOpen();
    return this.#during(this.#queries.explain(request, signal));
  }

  async formatExpression(expression: string): Promise<string> {
    this.#assertOpen();
    return this.#queries.format(expression);
  }

  async syntaxTree(expression: string): Promise<string> {
    this.#assertOpen();
    return this.#queries.syntaxTree(expression);
  }

  async labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    this.#assertOpen();
    return this.#during(this.#queries.labelNames(request, signal));
  }

  async labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    this.#assertOpen();
    return this.#during(this.#queries.labelValues(name, request, signal));
  }

  async series(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<readonly Label[]>> {
    this.#assertOpen();
    return this.#during(this.#queries.series(request, signal));
  }

  async labelsJson(question: LabelQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    switch (question.kind) {
      case 'names':
        return encodeTexts(await this.labelNames(question, signal));
      case 'values':
        return encodeTexts(await this.labelValues(question.name, question, signal));
      case 'series':
        return encodeLabelSets(await this.series(question, signal));
    }
  }

  async metadata(metric: string | undefined, limit: number): Promise<BoundedList<MetricMetadata>> {
    this.#assertOpen();
    const { metadata } = this.#pipeline;
    if (metric === undefined) {
      const values = metadata.all().slice(0, limit).map(([name, said]) => ({ metric: name, ...said }));
      return { values, truncated: metadata.size > limit };
    }
    const said = metadata.get(metric);
    return { values: said === undefined ? [] : [{ metric, ...said }], truncated: false };
  }

  async exemplarsJson({ expression, range }: ExemplarRequest): Promise<Uint8Array<ArrayBuffer>> {
    this.#assertOpen();
    return encodeExemplars(this.#pipeline.exemplars.find(this.#queries.selectorsOf(expression), range));
  }

  async remoteRead(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<RemoteRead> {
    this.#assertOpen();
    const { queries, form } = readRequestOf(body);
    const series = this.#queries.raw(queries, signal);
    return { form, pieces: form === 'samples' ? answerInSamples(series, queries.length) : answerInChunks(series) };
  }

  async status(): Promise<EngineStatus> {
    this.#assertOpen();
    return { thread: 'inline', storage: this.#storage.stats(), refused: this.#metrics.refused, restarts: 0 };
  }

  async headStatistics(limit: number): Promise<HeadStatistics | undefined> {
    this.#assertOpen();
    return hasIndexStatistics(this.#storage) ? this.#storage.statistics(limit) : undefined;
  }

  async cardinality(request: CardinalityRequest, signal: AbortSignal): Promise<CardinalityReport> {
    this.#assertOpen();
    return this.#during(surveyCardinality({ ...this.#walk, gate: this.#pipeline.gate, log: this.#gateLog }, request, signal));
  }

  async forecastCardinality(change: CardinalityChange, signal: AbortSignal): Promise<CardinalityForecast> {
    this.#assertOpen();
    const matchers = change.selector === undefined ? [] : this.#queries.matchersOf(change.selector);
    return this.#during(forecastCardinality(this.#walk, change, matchers, signal));
  }

  async plugins(): Promise<readonly PluginStatus[]> {
    return this.#loaded.statuses;
  }

  async acceptHeader(): Promise<string> {
    return acceptHeaderOf(this.#loaded.contributions.all('parser'));
  }

  async configure(limits: EngineLimits): Promise<void> {
    this.#assertOpen();
    this.#pipeline.configure(limits);
    this.#queries.configure(limits);
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.#assertOpen();
    if (isFlushable(this.#storage)) await this.#during(this.#storage.flush(signal));
  }

  async deleteSeries({ selectors, range }: DeletionRequest, signal: AbortSignal): Promise<void> {
    this.#assertOpen();
    const storage = this.#storage;
    if (!canDeleteSeries(storage)) throw this.#cannot('delete series');
    const lists = selectors.map((selector) => this.#queries.matchersOf(selector));
    for (const matchers of lists) await this.#during(storage.deleteSeries(matchers, range, signal));
  }

  async cleanTombstones(signal: AbortSignal): Promise<void> {
    this.#assertOpen();
    if (!canDeleteSeries(this.#storage)) throw this.#cannot('delete series');
    await this.#during(this.#storage.cleanTombstones(signal));
  }

  async snapshot({ folder, withHead }: SnapshotRequest, signal: AbortSignal): Promise<void> {
    this.#assertOpen();
    if (!canSnapshot(this.#storage)) throw this.#cannot('be copied while it runs');
    // As `openKind` names the folder of a storage.
    await this.#during(this.#storage.snapshot(join(folder, this.#kind), { withHead }, signal));
  }

  #cannot(what: string): QueryError {
    return new QueryError(`the storage ${JSON.stringify(this.#kind)} can not ${what}`, { reason: 'execution' });
  }

  /** Takes nothing more, waits for what is under way, closes the storage. Idempotent. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#underWay);
    await this.#scope.close();
  }

  /** What `close` waits for. */
  async #during<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw new UnavailableError('the engine is closed');
  }
}
