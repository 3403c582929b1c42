import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { QueryResult } from '../query/query.js';

/** The grid of a thinned answer: buckets of time, each of which becomes two points, at its start and at its middle. */
export interface Buckets {
  readonly start: Timestamp;
  /** The length of one. */
  readonly length: Duration;
  readonly count: number;
}

/** The least and the greatest value of a series in each bucket. */
interface Extremes {
  readonly labels: readonly Label[];
  readonly least: Float64Array;
  readonly greatest: Float64Array;
  /** 1: the least came first or there is one value only; 2: the greatest did. 0: there is no sample in the bucket. */
  readonly order: Uint8Array;
}

/**
 * Takes samples in, oldest first, and keeps of each bucket the least and the greatest: a spike of one sample stays, and so does a
 * drop, and a bucket without a sample is a gap. NaN counts only where nothing else is.
 */
export class Thinner {
  readonly #buckets: Buckets;
  readonly #series = new Map<string, Extremes>();

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
  }

  add({ series, offsets, times, values }: QueryResult): void {
    const { start, length } = this.#buckets;
    series.forEach((labels, i) => {
      const extremes = this.#extremesOf(labels);
      const to = offsets[i + 1] ?? 0;
      for (let at = offsets[i] ?? 0; at < to; at++) {
        take(extremes, Math.floor(((times[at] as number) - start) / length), values[at] as number);
      }
    });
  }

  /**
   * Takes in what is known of whole buckets from elsewhere, without the metric's name: one value per bucket, just before its end. Buckets
   * without a sample stay so.
   */
  widen({ series, offsets, times, values }: QueryResult): void {
    const { start, length } = this.#buckets;
    const byLabels = new Map([...this.#series.values()].map((extremes) => [keyOf(extremes.labels.filter(({ name }) => name !== '__name__')), extremes]));
    series.forEach((labels, i) => {
      const extremes = byLabels.get(keyOf(labels));
      if (extremes === undefined) return;
      const to = offsets[i + 1] ?? 0;
      for (let at = offsets[i] ?? 0; at < to; at++) {
        const bucket = Math.floor(((times[at] as number) - start) / length);
        if ((extremes.order[bucket] ?? 0) !== 0) take(extremes, bucket, values[at] as number);
      }
    });
  }

  finish(): Pick<QueryResult, 'series' | 'offsets' | 'times' | 'values'> {
    const all = [...this.#series.values()];
    const total = all.reduce((sum, { order }) => sum + 2 * order.reduce((held, one) => held + Number(one !== 0), 0), 0);
    const columns = { offsets: new Uint32Array(all.length + 1), times: new Float64Array(total), values: new Float64Array(total) };
    let size = 0;
    all.forEach((extremes, i) => {
      size = this.#write(extremes, columns, size);
      columns.offsets[i + 1] = size;
    });
    return { series: all.map(({ labels }) => labels), ...columns };
  }

  #write({ least, greatest, order }: Extremes, { times, values }: { times: Float64Array; values: Float64Array }, from: number): number {
    const { start, length, count } = this.#buckets;
    let size = from;
    for (let bucket = 0; bucket < count; bucket++) {
      if (order[bucket] === 0) continue;
      const [first, second] = order[bucket] === 1 ? [least, greatest] : [greatest, least];
      times[size] = start + bucket * length;
      times[size + 1] = start + bucket * length + length / 2;
      values[size] = first[bucket] as number;
      values[size + 1] = second[bucket] as number;
      size += 2;
    }
    return size;
  }

  #extremesOf(labels: readonly Label[]): Extremes {
    const key = keyOf(labels);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const { count } = this.#buckets;
    const made = { labels, least: new Float64Array(count), greatest: new Float64Array(count), order: new Uint8Array(count) };
    this.#series.set(key, made);
    return made;
  }
}

function take({ least, greatest, order }: Extremes, bucket: number, value: number): void {
  if (bucket < 0 || bucket >= order.length) return;
  if (order[bucket] === 0 || Number.isNaN(least[bucket])) {
    least[bucket] = greatest[bucket] = value;
    order[bucket] = 1;
  } else if (value > (greatest[bucket] as number)) {
    greatest[bucket] = value;
    order[bucket] = 1;
  } else if (value < (least[bucket] as number)) {
    least[bucket] = value;
    order[bucket] = 2;
  }
}

/** The separator is in no UTF-8 text. */
function keyOf(labels: readonly Label[]): string {
  return labels.map(({ name, value }) => `${name}\uffff${value}`).join('\uffff');
}
