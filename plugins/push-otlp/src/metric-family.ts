import { ParseError, formatBound } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser, Labels, MetricType, ParserInput } from '@metrics-dashboard/sdk';
import { KeyWriter, labelPart, metricPart, readKey } from './key.js';
import { Wire } from './wire.js';

/** `MetricType` by its number. */
const TYPES: readonly MetricType[] = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'];

/**
 * What Prometheus' client libraries push by default in some languages: messages `io.prometheus.client.MetricFamily`, each
 * with its length before it. Field numbers are from
 * https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto:
 *
 *     MetricFamily  1 name, 2 help, 3 type, 4 metrics, 5 unit
 *     Metric        1 labels (1 name, 2 value), 2 gauge, 3 counter, 4 summary, 5 untyped, 6 timestamp, 7 histogram
 */
export const metricFamilyParser: ExpositionParser = {
  kind: 'exposition-protobuf',
  contentTypes: ['application/vnd.google.protobuf'],
  accept: [],
  parse({ body, contentType }: ParserInput, sink: EntrySink): void {
    assertForm(contentType);
    const reader = new FamilyReader(body, sink);
    reader.readAll();
  },
  labels(key: Uint8Array, start: number, end: number): Labels {
    return readKey(key, start, end);
  },
};

function assertForm(contentType: string): void {
  const parameter = (name: string): string | undefined => new RegExp(`;\\s*${name}\\s*=\\s*"?([^";\\s]+)`, 'i').exec(contentType)?.[1];
  const proto = parameter('proto') ?? 'io.prometheus.client.MetricFamily';
  const encoding = parameter('encoding') ?? 'delimited';
  if (proto !== 'io.prometheus.client.MetricFamily' || encoding !== 'delimited') {
    throw new ParseError(`messages ${proto}, ${encoding}, expected io.prometheus.client.MetricFamily, delimited`, { offset: 0 });
  }
}

/** One metric with a value for each of what it is made of. */
interface Read {
  readonly labels: Map<string, string>;
  at: number;
  /** What is added to the name, a label with its value, and the number. */
  readonly parts: (readonly [suffix: string, label: string, bound: string, value: number])[];
}

class FamilyReader {
  readonly #wire: Wire;
  readonly #sink: EntrySink;
  readonly #keys = new KeyWriter();

  constructor(body: Uint8Array, sink: EntrySink) {
    this.#wire = new Wire(body);
    this.#sink = sink;
  }

  readAll(): void {
    this.#wire.delimited(() => this.#readFamily());
  }

  #readFamily(): void {
    const wire = this.#wire;
    const family = { name: '', help: '', unit: '', type: 0 };
    const metrics: Read[] = [];
    wire.fields((field) => {
      if (field === 1) family.name = wire.text();
      else if (field === 2) family.help = wire.text();
      else if (field === 3) family.type = Number(wire.varint());
      else if (field === 4) metrics.push(wire.message(() => this.#readMetric()));
      else if (field === 5) family.unit = wire.text();
      else return false;
      return true;
    });
    const type = TYPES[family.type] ?? 'unknown';
    this.#sink.metadata(family.name, 'type', type);
    if (family.help !== '') this.#sink.metadata(family.name, 'help', family.help);
    if (family.unit !== '') this.#sink.metadata(family.name, 'unit', family.unit);
    for (const metric of metrics) this.#offer(family.name, type, metric);
  }

  #offer(name: string, type: MetricType, { labels, at, parts }: Read): void {
    const own = [...labels].map(([one, text]) => labelPart(one, text)).join('');
    for (const [suffix, label, bound, value] of parts) {
      const ending = type === 'gaugehistogram' && suffix !== '_bucket' ? suffix.replace('_', '_g') : suffix;
      const key = this.#keys.write(metricPart(name + ending) + own + (label === '' ? '' : labelPart(label, bound)));
      this.#sink.sample(key.bytes, 0, key.end, value, at);
    }
  }

  #readMetric(): Read {
    const wire = this.#wire;
    const read: Read = { labels: new Map(), at: NaN, parts: [] };
    wire.fields((field) => {
      if (field === 1) this.#readLabel(read.labels);
      else if (field === 2 || field === 3 || field === 5) read.parts.push(['', '', '', wire.message(() => this.#readValue())]);
      else if (field === 4) wire.message(() => this.#readSummary(read));
      else if (field === 6) read.at = Number(BigInt.asIntN(64, wire.varint()));
      else if (field === 7) wire.message(() => this.#readHistogram(read));
      else return false;
      return true;
    });
    return read;
  }

  #readLabel(labels: Map<string, string>): void {
    const wire = this.#wire;
    const at = wire.at;
    const pair = { name: '', value: '' };
    wire.message(() =>
      wire.fields((field) => {
        if (field === 1) pair.name = wire.text();
        else if (field === 2) pair.value = wire.text();
        else return false;
        return true;
      }),
    );
    if (labels.has(pair.name)) throw new ParseError(`label ${JSON.stringify(pair.name)} stands twice in one series`, { offset: at });
    labels.set(pair.name, pair.value);
  }

  #readValue(): number {
    const wire = this.#wire;
    let value = 0;
    wire.fields((field) => {
      if (field !== 1) return false;
      value = wire.double();
      return true;
    });
    return value;
  }

  /** 1 count, 2 sum, 3 quantiles (1 quantile, 2 value). */
  #readSummary({ parts }: Read): void {
    const wire = this.#wire;
    const totals = { count: 0, sum: 0 };
    wire.fields((field) => {
      if (field === 1) totals.count = Number(wire.varint());
      else if (field === 2) totals.sum = wire.double();
      else if (field === 3) parts.push(['', 'quantile', ...wire.message(() => this.#readQuantile())]);
      else return false;
      return true;
    });
    parts.push(['_sum', '', '', totals.sum], ['_count', '', '', totals.count]);
  }

  /** 1 count, 2 sum, 3 buckets (1 cumulative count, 2 bound, 4 count as a float64), 4 count as a float64, 5 and more: a native histogram. */
  #readHistogram({ parts }: Read): void {
    const wire = this.#wire;
    const totals = { count: 0, sum: 0, isNative: false };
    const at = wire.at;
    wire.fields((field) => {
      if (field === 1) totals.count = Number(wire.varint());
      else if (field === 2) totals.sum = wire.double();
      else if (field === 3) parts.push(['_bucket', 'le', ...wire.message(() => this.#readBucket())]);
      else if (field === 4) totals.count = wire.double();
      else {
        totals.isNative ||= field === 5;
        return false;
      }
      return true;
    });
    if (parts.length === 0 && totals.isNative) throw new ParseError('native histograms are not supported; let the program give its histogram buckets', { offset: at });
    if (!parts.some(([, , bound]) => bound === '+Inf')) parts.push(['_bucket', 'le', '+Inf', totals.count]);
    parts.push(['_sum', '', '', totals.sum], ['_count', '', '', totals.count]);
  }

  #readBucket(): [bound: string, value: number] {
    const wire = this.#wire;
    let bound = 0;
    let count = 0;
    wire.fields((field) => {
      if (field === 1) count = Number(wire.varint());
      else if (field === 2) bound = wire.double();
      else if (field === 4) count = wire.double();
      else return false;
      return true;
    });
    return [formatBound(bound), count];
  }

  #readQuantile(): [bound: string, value: number] {
    const wire = this.#wire;
    let bound = 0;
    let value = 0;
    wire.fields((field) => {
      if (field === 1) bound = wire.double();
      else if (field === 2) value = wire.double();
      else return false;
      return true;
    });
    return [formatBound(bound), value];
  }
}
