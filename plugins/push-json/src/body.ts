import { formatBound, isLegacyMetricName } from '@metrics-dashboard/sdk';
import type { EntrySink } from '@metrics-dashboard/sdk';
import { Form } from './form.js';
import { KeyWriter } from './key.js';

const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'unknown'] as const;
type PushedType = (typeof TYPES)[number];

const BODY = ['job', 'labels', 'metrics'];
const METRIC = ['name', 'type', 'help', 'unit', 'samples'];
const SAMPLE = {
  value: ['labels', 'timestamp', 'value'],
  histogram: ['labels', 'timestamp', 'buckets', 'sum', 'count'],
  summary: ['labels', 'timestamp', 'quantiles', 'sum', 'count'],
};

type LabelMap = Map<string, string>;

/** Of the parts that one sample of a histogram or a summary becomes. */
interface Part {
  readonly metric: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly at: number;
}

/**
 * Reads a document of the JSON push and offers its samples, each as an item. Throws a `FormError` where it is not of the form
 *
 *     { job?, labels?, metrics: [{ name, type?, help?, unit?, samples: [{ labels?, timestamp?, value }] }] }
 *
 * with `buckets`, `sum` and `count` in place of `value` in a histogram, and `quantiles`, `sum` and `count` in a summary.
 */
export class BodyReader {
  readonly #sink: EntrySink;
  readonly #form = new Form();
  readonly #keys = new KeyWriter();

  constructor(sink: EntrySink) {
    this.#sink = sink;
  }

  read(document: unknown): void {
    const form = this.#form;
    const body = form.object(document, BODY);
    const common: LabelMap = new Map();
    const job = form.optionalText(body, 'job');
    this.#addLabels(common, body['labels']);
    if (job !== undefined && common.has('job')) throw form.member('labels', () => form.member('job', () => form.fault('the job is named twice')));
    if (job !== undefined) common.set('job', job);
    form.member('metrics', () => form.each(body['metrics'], (metric) => this.#readMetric(metric, common)));
  }

  #readMetric(value: unknown, common: LabelMap): void {
    const form = this.#form;
    const members = form.object(value, METRIC);
    const name = form.member('name', () => form.text(members['name']));
    const type = form.member('type', () => this.#typeOf(members['type']));
    const help = form.optionalText(members, 'help');
    const unit = form.optionalText(members, 'unit');
    if (isLegacyMetricName(name)) {
      this.#sink.metadata(name, 'type', type);
      if (help !== undefined) this.#sink.metadata(name, 'help', help);
      if (unit !== undefined) this.#sink.metadata(name, 'unit', unit);
    }
    form.member('samples', () => form.each(members['samples'], (sample) => this.#readSample(sample, name, type, common)));
  }

  #typeOf(value: unknown): PushedType {
    if (value === undefined) return 'unknown';
    const type = TYPES.find((one) => one === value);
    if (type === undefined) throw this.#form.expected(TYPES.join(', '), value);
    return type;
  }

  #readSample(value: unknown, metric: string, type: PushedType, common: LabelMap): void {
    const form = this.#form;
    const members = form.object(value, SAMPLE[type === 'histogram' || type === 'summary' ? type : 'value']);
    const labels: LabelMap = new Map(common);
    this.#addLabels(labels, members['labels']);
    const at = members['timestamp'] === undefined ? NaN : form.member('timestamp', () => this.#time(members['timestamp']));
    this.#sink.item?.(metric);
    if (type === 'histogram') this.#readHistogram(members, { metric, labels, at });
    else if (type === 'summary') this.#readSummary(members, { metric, labels, at });
    else this.#offer({ metric, labels, at }, form.member('value', () => form.float(members['value'])));
  }

  #time(value: unknown): number {
    if (!Number.isSafeInteger(value)) throw this.#form.expected('milliseconds since 1970', value);
    return value as number;
  }

  #addLabels(labels: LabelMap, value: unknown): void {
    if (value === undefined) return;
    const form = this.#form;
    form.member('labels', () => {
      for (const [name, text] of Object.entries(form.mapping(value))) labels.set(form.text(name), form.member(name, () => form.text(text)));
    });
  }

  #readHistogram(members: Readonly<Record<string, unknown>>, part: Part): void {
    const form = this.#form;
    const { metric, labels, at } = part;
    const buckets = form.member('buckets', () => this.#buckets(members['buckets']));
    const sum = form.member('sum', () => form.float(members['sum']));
    const count = form.member('count', () => form.count(members['count']));
    const whole = buckets.at(-1)?.bound === Infinity ? buckets.pop()?.count : count;
    if (whole !== count) throw form.member('count', () => form.fault(`is ${count}, and the bucket "+Inf" has ${whole}`));
    const last = buckets.at(-1)?.count ?? 0;
    if (last > count) throw form.member('count', () => form.fault(`is ${count}, and the last bucket has ${last}`));
    for (const bucket of [...buckets, { bound: Infinity, count }]) {
      this.#offer({ metric: `${metric}_bucket`, labels, at }, bucket.count, 'le', formatBound(bucket.bound));
    }
    this.#offer({ metric: `${metric}_sum`, labels, at }, sum);
    this.#offer({ metric: `${metric}_count`, labels, at }, count);
  }

  /** By boundary, ascending; the counts are cumulative. */
  #buckets(value: unknown): { bound: number; count: number }[] {
    const form = this.#form;
    const buckets = Object.entries(form.mapping(value)).map(([text, count]) => ({ text, bound: this.#bound(text), count: form.member(text, () => form.count(count)) }));
    buckets.sort((a, b) => a.bound - b.bound);
    for (const [i, bucket] of buckets.entries()) {
      const before = buckets[i - 1];
      if (before?.bound === bucket.bound) throw form.member(bucket.text, () => form.fault('the same boundary as another one'));
      if (before !== undefined && before.count > bucket.count) {
        throw form.member(bucket.text, () => form.fault(`counts are cumulative: ${bucket.count} after ${before.count} of ${JSON.stringify(before.text)}`));
      }
    }
    return buckets;
  }

  /** A number as the name of a member. */
  #bound(text: string): number {
    if (text === '+Inf') return Infinity;
    const bound = Number(text);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(bound)) {
      throw this.#form.member(text, () => this.#form.fault('expected a number or "+Inf" as the name'));
    }
    return bound;
  }

  #readSummary(members: Readonly<Record<string, unknown>>, part: Part): void {
    const form = this.#form;
    const { metric, labels, at } = part;
    const quantiles = form.member('quantiles', () =>
      Object.entries(form.mapping(members['quantiles'])).map(([text, value]) => {
        const quantile = this.#bound(text);
        if (quantile < 0 || quantile > 1) throw form.member(text, () => form.fault('expected a quantile from 0 to 1'));
        return { quantile, value: form.member(text, () => form.float(value)) };
      }),
    );
    const sum = form.member('sum', () => form.float(members['sum']));
    const count = form.member('count', () => form.count(members['count']));
    for (const { quantile, value } of quantiles) this.#offer(part, value, 'quantile', formatBound(quantile));
    this.#offer({ metric: `${metric}_sum`, labels, at }, sum);
    this.#offer({ metric: `${metric}_count`, labels, at }, count);
  }

  #offer({ metric, labels, at }: Part, value: number, ownLabel?: string, ownValue = ''): void {
    const reserved = labels.has('__name__') ? '__name__' : ownLabel !== undefined && labels.has(ownLabel) ? ownLabel : undefined;
    const key =
      reserved === undefined
        ? this.#keys.series(metric, ownLabel === undefined ? labels : new Map(labels).set(ownLabel, ownValue))
        : this.#keys.fault(`label name ${JSON.stringify(reserved)} of metric ${JSON.stringify(metric)} is reserved`);
    this.#sink.sample(key.bytes, 0, key.end, value, at);
  }
}
