import { setMaxListeners } from 'node:events';
import { UnavailableError } from '@metrics-dashboard/sdk';
import type { Clock, HeadStatistics, Label, Logger, Timestamp } from '@metrics-dashboard/sdk';
import { Counter } from '@metrics-dashboard/sdk/metrics';
import type { Delivery, IngestReport, SourceOptions } from '../ingest/delivery.js';
import type { FamiliesRead, FamiliesRequest } from '../ingest/families.js';
import type { PluginStatus } from '../plugin/plugin-status.js';
import { pluginOfStack } from '../plugin/stray-errors.js';
import type { BoundedList, ExemplarRequest, ExplainRequest, Explanation, LabelQuestion, LabelRequest, QueryRequest, QueryResult } from '../query/query.js';
import { backoff } from '../runtime/backoff.js';
import type { Caller } from '../runtime/channel.js';
import type { CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest } from './cardinality.js';
import type { EngineCalls } from './engine-calls.js';
import type { DeletionRequest, Engine, EngineLimits, EngineStatus, MetricMetadata, RemoteRead, SnapshotRequest, SourceId } from './engine.js';
import type { RecordReport, RecordRequest, WriteRequest } from './record.js';
import { startThread } from './start-thread.js';
import type { EngineThread, WorkerEngineOptions } from './start-thread.js';

/** How long a thread that was told to close may take before it is stopped. */
const CLOSE_TIME = 30_000;

/**
 * Opens the engine on a thread of its own. Rejects with what `openLocalEngine` rejects with there.
 * A thread that dies later, or hangs, is replaced: calls reject with an `UnavailableError` meanwhile, the storage replays what it
 * had acknowledged, and sources go on under their numbers.
 */
export async function openWorkerEngine(options: WorkerEngineOptions): Promise<Engine> {
  const engine = new WorkerEngine(options);
  const giveUp = (): void => void engine.close();
  options.signal?.addEventListener('abort', giveUp, { once: true });
  if (options.signal?.aborted) giveUp();
  try {
    await engine.start();
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
  return engine;
}

/** Takes a read piece by piece, and ends it when nobody takes more. */
async function* piecesOf(caller: Caller<EngineCalls>, id: number, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let isOpen = true;
  try {
    for (;;) {
      const piece = await caller.call('nextRead', id, { signal });
      isOpen = piece !== undefined;
      if (piece === undefined) return;
      yield piece;
    }
  } finally {
    // A thread that is gone has closed everything.
    if (isOpen) await caller.call('closeRead', id).catch(() => undefined);
  }
}

class WorkerEngine implements Engine {
  readonly #options: WorkerEngineOptions;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #restartCount: Counter;
  readonly #sources = new Map<SourceId, SourceOptions>();
  readonly #stopping = new AbortController();
  #limits: EngineLimits;
  #thread: EngineThread | undefined;
  #last: { plugins: readonly PluginStatus[]; acceptHeader: string } = { plugins: [], acceptHeader: '*/*' };
  #lastId = 0;
  #restarts = 0;
  #supervision: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: WorkerEngineOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#clock = options.clock;
    this.#limits = options.limits;
    setMaxListeners(0, this.#stopping.signal);
    this.#restartCount = new Counter({
      name: 'metrics_dashboard_engine_restarts_total',
      help: 'How often the engine thread died and was replaced',
      registers: [options.metrics],
    });
  }

  /** Called once. */
  async start(): Promise<void> {
    const thread = await this.#open();
    this.#supervision = this.#supervise(thread);
  }

  async openSource(options: SourceOptions): Promise<SourceId> {
    // The numbers of sources are made here alone.
    const id = ++this.#lastId as SourceId;
    await this.#caller().call('openSource', { id, options });
    this.#sources.set(id, options);
    return id;
  }

  async closeSource(id: SourceId, at: Timestamp | undefined): Promise<void> {
    this.#sources.delete(id);
    await this.#caller().call('closeSource', { id, at });
  }

  ingest(id: SourceId, delivery: Delivery): Promise<IngestReport> {
    const { outcome } = delivery;
    // Who pushes waits for the answer; nobody waits for that to a scrape.
    const canWait = this.#sources.get(id)?.kind === 'scrape';
    if (!outcome.ok) return this.#do((caller) => caller.call('ingest', { id, delivery }, { canWait }));
    const moved = whole(outcome.body);
    const call = { id, delivery: { ...delivery, outcome: { ...outcome, body: moved } } };
    return this.#do((caller) => caller.call('ingest', call, { transfer: [moved.buffer], bytes: moved.byteLength, canWait }));
  }

  readFamilies(request: FamiliesRequest): Promise<FamiliesRead> {
    const body = whole(request.body);
    return this.#do((caller) => caller.call('readFamilies', { ...request, body }, { transfer: [body.buffer], bytes: body.byteLength }));
  }

  record(request: RecordRequest, signal: AbortSignal): Promise<RecordReport> {
    return this.#do((caller) => caller.call('record', request, { signal }));
  }

  endRecording(rule: string, at: Timestamp): Promise<void> {
    return this.#do((caller) => caller.call('endRecording', { rule, at }));
  }

  write(request: WriteRequest): Promise<number> {
    return this.#do((caller) => caller.call('write', request, { transfer: [request.times.buffer, request.values.buffer] }));
  }

  query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    return this.#do((caller) => caller.call('query', request, { signal }));
  }

  queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#do((caller) => caller.call('queryJson', request, { signal }));
  }

  explain(request: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
    return this.#do((caller) => caller.call('explain', request, { signal }));
  }

  formatExpression(expression: string): Promise<string> {
    return this.#do((caller) => caller.call('formatExpression', expression));
  }

  syntaxTree(expression: string): Promise<string> {
    return this.#do((caller) => caller.call('syntaxTree', expression));
  }

  labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#do((caller) => caller.call('labelNames', request, { signal }));
  }

  labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#do((caller) => caller.call('labelValues', { name, request }, { signal }));
  }

  series(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<readonly Label[]>> {
    return this.#do((caller) => caller.call('series', request, { signal }));
  }

  labelsJson(question: LabelQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#do((caller) => caller.call('labelsJson', question, { signal }));
  }

  metadata(metric: string | undefined, limit: number): Promise<BoundedList<MetricMetadata>> {
    return this.#do((caller) => caller.call('metadata', { metric, limit }));
  }

  exemplarsJson(request: ExemplarRequest): Promise<Uint8Array<ArrayBuffer>> {
    return this.#do((caller) => caller.call('exemplarsJson', request));
  }

  async remoteRead(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<RemoteRead> {
    const caller = this.#caller();
    const { id, form } = await caller.call('openRead', body, { signal });
    return { form, pieces: piecesOf(caller, id, signal) };
  }

  async status(): Promise<EngineStatus> {
    const status = await this.#caller().call('status', undefined);
    return { ...status, thread: 'worker', restarts: this.#restarts };
  }

  headStatistics(limit: number): Promise<HeadStatistics | undefined> {
    return this.#do((caller) => caller.call('headStatistics', limit));
  }

  cardinality(request: CardinalityRequest, signal: AbortSignal): Promise<CardinalityReport> {
    return this.#do((caller) => caller.call('cardinality', request, { signal }));
  }

  forecastCardinality(change: CardinalityChange, signal: AbortSignal): Promise<CardinalityForecast> {
    return this.#do((caller) => caller.call('forecastCardinality', change, { signal }));
  }

  async plugins(): Promise<readonly PluginStatus[]> {
    return this.#last.plugins;
  }

  async acceptHeader(): Promise<string> {
    return this.#last.acceptHeader;
  }

  /** Limits that come while the thread is being replaced are those of the next one. */
  async configure(limits: EngineLimits): Promise<void> {
    this.#limits = limits;
    await this.#thread?.caller.call('configure', limits);
  }

  flush(signal: AbortSignal): Promise<void> {
    return this.#do((caller) => caller.call('flush', undefined, { signal }));
  }

  deleteSeries(request: DeletionRequest, signal: AbortSignal): Promise<void> {
    return this.#do((caller) => caller.call('deleteSeries', request, { signal }));
  }

  cleanTombstones(signal: AbortSignal): Promise<void> {
    return this.#do((caller) => caller.call('cleanTombstones', undefined, { signal }));
  }

  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<void> {
    return this.#do((caller) => caller.call('snapshot', request, { signal }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopping.abort(new UnavailableError('the engine is closed'));
    const thread = this.#thread;
    try {
      if (thread) await this.#inTime(thread.caller.call('close', undefined));
    } finally {
      await thread?.worker.terminate();
      await this.#supervision;
    }
  }

  async #inTime(closing: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const tooLate = this.#clock.sleep(CLOSE_TIME, done.signal).then(() => {
      if (!done.signal.aborted) throw new UnavailableError(`the engine thread did not close in ${CLOSE_TIME / 1000} s`);
    });
    try {
      await Promise.race([closing, tooLate]);
    } finally {
      done.abort();
    }
  }

  async #do<Result>(call: (caller: Caller<EngineCalls>) => Promise<Result>): Promise<Result> {
    return call(this.#caller());
  }

  /** Throws an `UnavailableError` while there is no thread that answers. */
  #caller(): Caller<EngineCalls> {
    if (this.#stopping.signal.aborted) throw new UnavailableError('the engine is closed');
    if (this.#thread === undefined) throw new UnavailableError('the engine thread is being restarted');
    return this.#thread.caller;
  }

  /** Replaces the thread each time it dies, until the engine is closed. */
  async #supervise(first: EngineThread): Promise<void> {
    const { signal } = this.#stopping;
    const waits = backoff(this.#clock, { initial: 100, max: 30_000 });
    let thread: EngineThread | undefined = first;
    while (!signal.aborted) {
      if (thread) {
        const since = this.#clock.elapsed();
        const error = await thread.death;
        this.#thread = undefined;
        if (signal.aborted) return;
        const plugin = pluginOfStack(error, thread.locations);
        this.#log.error('engine thread died, restarting it', { ...(plugin === undefined ? {} : { plugin }), error });
        // One that lived for a minute did not die of being started.
        if (this.#clock.elapsed() - since > 60_000) waits.reset();
      }
      await waits.wait(signal);
      if (signal.aborted) return;
      thread = await this.#reopen();
    }
  }

  async #reopen(): Promise<EngineThread | undefined> {
    this.#restarts++;
    this.#restartCount.inc();
    try {
      const thread = await this.#open();
      this.#log.info('engine thread answers again', { restarts: this.#restarts, sources: this.#sources.size });
      return thread;
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#log.error('engine thread can not be restarted, trying again', { error });
      return undefined;
    }
  }

  /** A thread whose engine is open and knows all sources. */
  async #open(): Promise<EngineThread> {
    const thread = await startThread(this.#options, this.#limits, this.#stopping.signal);
    await Promise.all([...this.#sources].map(([id, options]) => thread.caller.call('openSource', { id, options })));
    this.#last = thread;
    this.#thread = thread;
    return thread;
  }
}

/** A part of a larger buffer is copied: the rest of the buffer is somebody else's. */
function whole(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
}
