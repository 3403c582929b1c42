import type { QueryRequest, QueryResult } from '@metrics-dashboard/core';
import type { Label, Labels, SampleColumns } from '@metrics-dashboard/sdk';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import type { ScriptEngine } from './query-script.js';
import { WRITE_HEADERS, compressed, messageV1 } from './remote-writer.js';

/** A series of an answer of the Prometheus HTTP API: one point for a vector, several for a matrix. */
interface AnsweredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}
type Point = readonly [seconds: number, value: string];

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly resultType: QueryResult['type']; readonly result: readonly AnsweredSeries[] | Point };
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** Of scripts, whose samples are from 1970. */
const CONFIG = 'self_scrape: false\nstorage: { retention: 100y, out_of_order_window: 100y }\n';
const ALL = '{__name__!=""}';

/** The built product as a script sees it: samples by remote write, questions over the Prometheus HTTP API. */
export class HttpEngine implements ScriptEngine {
  readonly #product: Product;
  /** What is not written yet, by label set: of one that a script loads twice at once, the latter counts. */
  readonly #loaded = new Map<string, { labels: Labels; columns: SampleColumns }>();
  #isEmpty = true;

  private constructor(product: Product) {
    this.#product = product;
  }

  static async start(): Promise<HttpEngine> {
    return new HttpEngine(await startProduct({ config: CONFIG }));
  }

  async reset(): Promise<void> {
    this.#loaded.clear();
    if (this.#isEmpty) return;
    await this.#post(`/api/v1/admin/tsdb/delete_series?match[]=${encodeURIComponent(ALL)}`);
    await this.#post('/api/v1/admin/tsdb/clean_tombstones');
    this.#isEmpty = true;
  }

  append(labels: Labels, columns: SampleColumns): void {
    this.#loaded.set(labels.key, { labels, columns });
  }

  async commit(): Promise<void> {
    const series = [...this.#loaded.values()].filter(({ columns }) => columns.times.length > 0);
    this.#loaded.clear();
    if (series.length === 0) return;
    this.#isEmpty = false;
    const message = messageV1(
      series.map(({ labels, columns: { times, values } }) => {
        // As bits, so that staleness markers arrive as such.
        const bits = new BigUint64Array(values.slice().buffer);
        return { labels: [...labels].map(({ name, value }) => [name, value] as const), samples: Array.from(times, (at, i) => ({ at, value: bits[i] ?? 0n })) };
      }),
    );
    await this.#post('/api/v1/write', await compressed(message), WRITE_HEADERS);
  }

  async query({ expression, time }: QueryRequest): Promise<QueryResult> {
    const times = time.kind === 'instant' ? { time: seconds(time.at) } : { start: seconds(time.start), end: seconds(time.end), step: seconds(time.step) };
    const path = time.kind === 'instant' ? 'query' : 'query_range';
    const response = await fetch(`${this.#product.url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams({ query: expression, ...times }) });
    const answer = (await response.json()) as Answer;
    if (answer.status !== 'success') throw new Error(answer.error?.replace('invalid parameter "query": ', ''));
    return resultOf(answer);
  }

  stop(): Promise<void> {
    return this.#product.stop();
  }

  async #post(path: string, body?: Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<void> {
    const response = await fetch(this.#product.url + path, { method: 'POST', ...(body && { body }), ...(headers && { headers }) });
    if (!response.ok) throw new Error(`${path}: status ${response.status}: ${await response.text()}`);
  }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

function resultOf({ data: { resultType, result }, warnings = [], infos = [] }: Answer): QueryResult {
  const about = { type: resultType, warnings, infos, stats: { seriesSelected: 0, samplesLoaded: 0, milliseconds: 0 } };
  if (isPoint(result)) {
    if (resultType === 'string') return { ...about, ...columnsOf([]), text: result[1] };
    return { ...about, ...columnsOf([{ metric: {}, value: result }]), text: undefined };
  }
  return { ...about, ...columnsOf(result), text: undefined };
}

/** Scalars and strings are one point, without labels. */
function isPoint(result: Answer['data']['result']): result is Point {
  return typeof result[0] === 'number';
}

function columnsOf(found: readonly AnsweredSeries[]): Pick<QueryResult, 'series' | 'offsets' | 'times' | 'values'> {
  const points = found.map(({ value, values }) => values ?? (value === undefined ? [] : [value]));
  const offsets = new Uint32Array(found.length + 1);
  points.forEach((list, i) => (offsets[i + 1] = (offsets[i] ?? 0) + list.length));
  const all = points.flat();
  return {
    series: found.map(({ metric }): Label[] => Object.entries(metric).map(([name, value]) => ({ name, value }))),
    offsets,
    times: Float64Array.from(all, ([at]) => Math.round(at * 1000)),
    values: Float64Array.from(all, ([, text]) => numberOf(text)),
  };
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}
