import type { BoundedList, CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest, DeletionRequest, Delivery, Engine, EngineStatus, ExemplarRequest, ExplainRequest, Explanation, FamiliesRead, IngestReport, LabelQuestion, LabelRequest, MetricMetadata, PluginStatus, QueryRequest, QueryResult, RecordReport, RemoteRead, SourceId, SourceOptions } from '@metrics-dashboard/core';
import { QueryError } from '@metrics-dashboard/sdk';
import type { HeadStatistics, Label } from '@metrics-dashboard/sdk';

/** What a query's expression means to the fake. */
export type Answer = (request: QueryRequest, signal: AbortSignal) => Promise<QueryResult>;

export const EMPTY_REPORT: IngestReport = {
  accepted: 0,
  scraped: 0,
  afterRelabeling: 0,
  seriesAdded: 0,
  exemplars: 0,
  refused: {},
  examples: [],
  error: undefined,
};

/** An engine in memory: knows a few series, remembers what it was asked, and can be told what to answer. */
export class FakeEngine implements Engine {
  readonly answers = new Map<string, Answer>();
  readonly requests: QueryRequest[] = [];
  readonly labelRequests: LabelRequest[] = [];
  readonly sources = new Map<SourceId, SourceOptions>();
  readonly deliveries: Delivery[] = [];
  report: IngestReport | Error = { ...EMPTY_REPORT, accepted: 1, scraped: 1 };
  flushes = 0;
  #sources = 0;

  async openSource(options: SourceOptions): Promise<SourceId> {
    const id = ++this.#sources as SourceId;
    this.sources.set(id, options);
    return id;
  }

  async closeSource(id: SourceId): Promise<void> {
    this.sources.delete(id);
  }

  async ingest(id: SourceId, delivery: Delivery): Promise<IngestReport> {
    if (!this.sources.has(id)) throw new Error(`no source ${id}`);
    this.deliveries.push(delivery);
    if (this.report instanceof Error) throw this.report;
    return this.report;
  }

  async readFamilies(): Promise<FamiliesRead> {
    return { families: [], error: undefined };
  }

  async record(): Promise<RecordReport> {
    return { series: 0, refused: 0, ended: 0 };
  }

  async endRecording(): Promise<void> {}

  async write(): Promise<number> {
    return 0;
  }

  async query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    this.requests.push(request);
    const answer = this.answers.get(request.expression);
    if (!answer) throw new QueryError(`unknown expression ${JSON.stringify(request.expression)}`);
    return answer(request, signal);
  }

  async queryJson(request: QueryRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { type, warnings } = await this.query(request, signal);
    return new TextEncoder().encode(JSON.stringify({ status: 'success', data: { resultType: type, result: [] }, ...(warnings.length > 0 && { warnings }) }));
  }

  async explain({ run, expression }: ExplainRequest): Promise<Explanation> {
    const actual = run ? { points: 3, samples: 30, milliseconds: 1.5 } : undefined;
    const select = { operator: 'select {__name__="up"}', text: expression, depth: 0, levels: [300_000, 0], series: 3, blocks: 2, estimatedPoints: 3, estimatedSamples: 40, actual };
    return { operators: [select], passes: ['fold constants'], omitted: 0, ran: run, milliseconds: 2, warnings: [], infos: ['an info'] };
  }

  async formatExpression(expression: string): Promise<string> {
    return expression.trim();
  }

  async syntaxTree(expression: string): Promise<string> {
    return JSON.stringify({ type: 'stringLiteral', val: expression });
  }

  async labelNames(request: LabelRequest): Promise<BoundedList<string>> {
    return this.#bounded(request, ['__name__', 'instance', 'job']);
  }

  async labelValues(name: string, request: LabelRequest): Promise<BoundedList<string>> {
    return this.#bounded(request, name === 'job' ? ['api', 'db'] : []);
  }

  async series(request: LabelRequest): Promise<BoundedList<readonly Label[]>> {
    return this.#bounded(request, [[{ name: '__name__', value: 'up' }, { name: 'job', value: 'api' }]]);
  }

  async labelsJson(question: LabelQuestion): Promise<Uint8Array<ArrayBuffer>> {
    const answer = question.kind === 'names' ? this.labelNames(question) : question.kind === 'values' ? this.labelValues(question.name, question) : this.series(question);
    const { values, truncated } = await answer;
    const data = values.map((one) => (typeof one === 'string' ? one : Object.fromEntries(one.map(({ name, value }) => [name, value]))));
    return new TextEncoder().encode(JSON.stringify({ status: 'success', data, ...(truncated && { warnings: ['results truncated due to limit'] }) }));
  }

  async metadata(metric: string | undefined): Promise<BoundedList<MetricMetadata>> {
    const values = [{ metric: 'up', type: 'gauge' as const, help: 'Whether it answers.', unit: '' }];
    return { values: values.filter((one) => metric === undefined || one.metric === metric), truncated: false };
  }

  async status(): Promise<EngineStatus> {
    const storage = { headSeries: 3, headSamples: 30, headRange: { start: 1000, end: 2000 }, blocks: 1, diskBytes: 4096, details: { headChunks: 2 } };
    return { thread: 'inline', storage, refused: { too_old: 4 }, restarts: 0 };
  }

  async headStatistics(limit: number): Promise<HeadStatistics> {
    const one = [{ name: 'up', count: 3 }].slice(0, limit);
    return { labelPairs: 5, seriesByMetric: one, valuesByLabel: one, seriesByPair: one, bytesByLabel: one };
  }

  async cardinality({ metric = 'up' }: CardinalityRequest): Promise<CardinalityReport> {
    const limits = { seriesPerMetric: 10, seriesPerMetricPolicy: 'reject' as const };
    const near = [{ limit: 'series_per_metric' as const, metric, met: 9, allowed: 10 }];
    return {
      series: 9,
      labelPairs: 4,
      limits,
      metrics: [{ metric, series: 9 }],
      labels: [{ label: 'job', values: 2 }],
      pairs: [{ label: 'job', value: 'api', series: 5 }],
      near,
      refused: [{ metric, limit: 'series', series: 1 }],
    };
  }

  async forecastCardinality({ relabel, seriesPerMetric = 9 }: CardinalityChange): Promise<CardinalityForecast> {
    const metrics = [{ metric: 'up', before: 9, dropped: relabel.length, merged: 0, refused: 9 - seriesPerMetric }];
    return { before: 9, after: seriesPerMetric - relabel.length, dropped: relabel.length, merged: 0, refused: 9 - seriesPerMetric, metrics, milliseconds: 1 };
  }

  async exemplarsJson(request: ExemplarRequest): Promise<Uint8Array<ArrayBuffer>> {
    return new TextEncoder().encode(JSON.stringify({ status: 'success', data: [request] }));
  }

  async remoteRead(body: Uint8Array<ArrayBuffer>): Promise<RemoteRead> {
    // One byte says the form.
    return { form: body[0] === 1 ? 'chunks' : 'samples', pieces: (async function* () {
      yield Uint8Array.of(1, 2, 3);
      yield Uint8Array.of(4);
    })() };
  }

  async plugins(): Promise<readonly PluginStatus[]> {
    return [];
  }

  async acceptHeader(): Promise<string> {
    return 'text/plain';
  }

  async configure(): Promise<void> {}

  readonly deletions: DeletionRequest[] = [];
  cleanings = 0;

  async deleteSeries(request: DeletionRequest): Promise<void> {
    this.deletions.push(request);
  }

  async cleanTombstones(): Promise<void> {
    this.cleanings++;
  }

  async snapshot(): Promise<void> {}

  async flush(): Promise<void> {
    this.flushes++;
  }

  async close(): Promise<void> {}

  #bounded<T>(request: LabelRequest, all: readonly T[]): BoundedList<T> {
    this.labelRequests.push(request);
    return { values: all.slice(0, request.limit), truncated: all.length > request.limit };
  }
}

/** A result of one series `up{job="api"}`. */
export function vectorOf(...values: readonly number[]): QueryResult {
  return {
    type: 'vector',
    series: values.map((_value, i) => [{ name: '__name__', value: 'up' }, { name: 'job', value: `api${i}` }]),
    offsets: Uint32Array.from([...values.keys(), values.length]),
    times: Float64Array.from(values, () => 1_767_225_600_000),
    values: Float64Array.from(values),
    text: undefined,
    warnings: [],
    infos: [],
    stats: { seriesSelected: values.length, samplesLoaded: values.length, milliseconds: 0.5 },
  };
}

/** An answer that never comes: resolves `begun` when it is asked, and rejects when the asker goes away. */
export function neverAnswered(): { readonly answer: Answer; readonly begun: Promise<void>; readonly aborted: Promise<void> } {
  let begin = (): void => {};
  let abort = (): void => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const aborted = new Promise<void>((resolve) => (abort = resolve));
  const answer: Answer = (_request, signal) =>
    new Promise((_resolve, reject) => {
      begin();
      const end = (): void => {
        abort();
        reject(new QueryError('canceled', { reason: 'canceled' }));
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  return { answer, begun, aborted };
}
