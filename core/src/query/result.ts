import { Labels } from '@metrics-dashboard/sdk';
import type { Label, StepBatch } from '@metrics-dashboard/sdk';
import { compareLabels } from './functions/relabel.js';
import { presentColumns, withoutMetadata } from './operators/operator.js';
import type { Operator, OutputSeries } from './operators/operator.js';
import type { Windows } from './operators/windows.js';
import type { QueryResult } from './query.js';

/** The columns of a result, without what is said about it. */
export type ResultColumns = Pick<QueryResult, 'type' | 'series' | 'offsets' | 'times' | 'values' | 'text'>;

/** Thrown where two series of a result have one label set and samples at one time. */
export class SameLabels extends Error {}

/** Samples of one series, oldest first; they grow at the end. */
class Samples {
  times = new Float64Array(0);
  values = new Float64Array(0);
  count = 0;

  /** Makes room for so many more. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.times.length) return;
    const capacity = Math.max(needed, 2 * this.times.length);
    this.times = grown(this.times, capacity);
    this.values = grown(this.values, capacity);
  }
}

function grown(column: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}

/** Gathers batches of a range query, series by series. */
export class MatrixBuilder {
  readonly #labels: readonly Labels[];
  /** The row of each column: series that are the same once names are gone share one. */
  readonly #rows: readonly number[];
  readonly #samples: readonly Samples[];

  constructor(series: readonly OutputSeries[]) {
    const { labels, rows } = mergeSeries(series);
    this.#labels = labels;
    this.#rows = rows;
    this.#samples = labels.map(() => new Samples());
  }

  /** Takes a batch over, and returns how many samples it had. */
  add(batch: StepBatch): number {
    let added = 0;
    const { width, steps, times, values, present } = batch;
    const counts = presentCounts(batch);
    for (let i = 0; i < width; i++) {
      const more = counts[i] as number;
      const samples = this.#samples[this.#rows[i] as number];
      if (samples === undefined || more === 0) continue;
      samples.reserve(more);
      let at = samples.count;
      for (let k = 0, cell = i; k < steps; k++, cell += width) {
        if (present[cell] !== 1) continue;
        samples.times[at] = times[k] as number;
        samples.values[at++] = values[cell] as number;
      }
      samples.count = at;
      added += more;
    }
    return added;
  }

  addWindow(column: number, { times, values, from, to }: Windows): void {
    const samples = this.#samples[this.#rows[column] as number];
    const [first = 0, end = 0] = [from[0], to[0]];
    if (samples === undefined) return;
    samples.reserve(end - first);
    samples.times.set(times.subarray(first, end), samples.count);
    samples.values.set(values.subarray(first, end), samples.count);
    samples.count += end - first;
  }

  /** The series with samples, sorted by their labels. */
  finish(): ResultColumns {
    const rows: number[] = [];
    this.#samples.forEach((samples, row) => samples.count > 0 && rows.push(row));
    const labelsOf = (row: number): Labels => this.#labels[row] ?? Labels.EMPTY;
    rows.sort((a, b) => compareLabels(labelsOf(a), labelsOf(b)));
    const offsets = new Uint32Array(rows.length + 1);
    rows.forEach((row, i) => (offsets[i + 1] = (offsets[i] as number) + (this.#samples[row]?.count ?? 0)));
    const times = new Float64Array(offsets[rows.length] as number);
    const values = new Float64Array(times.length);
    rows.forEach((row, i) => this.#write(row, offsets[i] as number, times, values));
    return { type: 'matrix', series: rows.map((row) => [...labelsOf(row)]), offsets, times, values, text: undefined };
  }

  #write(row: number, at: number, times: Float64Array, values: Float64Array): void {
    const samples = this.#samples[row];
    if (samples === undefined) return;
    times.set(samples.times.subarray(0, samples.count), at);
    values.set(samples.values.subarray(0, samples.count), at);
    // Columns of one label set come one after the other; where they are mixed, their times are sorted here.
    const end = at + samples.count;
    if (!isAscending(times, at, end)) sortByTime(times.subarray(at, end), values.subarray(at, end));
  }
}

/** The result of an instant query, in the operator's order. */
export function vectorResult(operator: Operator, series: readonly OutputSeries[], only: StepBatch, type: 'vector' | 'scalar'): ResultColumns {
  const { labels, rows } = mergeSeries(series);
  const columns = operator.order?.(only) ?? presentColumns(only);
  const seen = new Set<number>();
  const frames: (readonly Label[])[] = [];
  for (const column of columns) {
    const row = rows[column] as number;
    if (seen.has(row)) throw new SameLabels();
    seen.add(row);
    frames.push([...(labels[row] ?? Labels.EMPTY)]);
  }
  const values = Float64Array.from(columns, (column) => only.values[column] as number);
  const offsets = Uint32Array.from({ length: columns.length + 1 }, (_, i) => i);
  return { type, series: frames, offsets, times: new Float64Array(columns.length).fill(only.times[0] as number), values, text: undefined };
}

function mergeSeries(series: readonly OutputSeries[]): { labels: readonly Labels[]; rows: readonly number[] } {
  const labels: Labels[] = [];
  const byKey = new Map<string, number>();
  const rows = series.map((one) => {
    const shown = one.dropsName ? withoutMetadata(one.labels) : one.labels;
    let row = byKey.get(shown.key);
    if (row === undefined) {
      row = labels.push(shown) - 1;
      byKey.set(shown.key, row);
    }
    return row;
  });
  return { labels, rows };
}

/** The samples of each column of a batch. */
function presentCounts({ width, steps, present }: StepBatch): Uint32Array {
  const counts = new Uint32Array(width);
  for (let k = 0, cell = 0; k < steps; k++) {
    for (let i = 0; i < width; i++, cell++) counts[i] = (counts[i] as number) + (present[cell] as number);
  }
  return counts;
}

function isAscending(times: Float64Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if ((times[i] as number) <= (times[i - 1] as number)) return false;
  return true;
}

function sortByTime(times: Float64Array, values: Float64Array): void {
  const order = Uint32Array.from(times, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
  const sortedTimes = Float64Array.from(order, (i) => times[i] as number);
  const sortedValues = Float64Array.from(order, (i) => values[i] as number);
  for (let i = 1; i < sortedTimes.length; i++) if (sortedTimes[i] === sortedTimes[i - 1]) throw new SameLabels();
  times.set(sortedTimes);
  values.set(sortedValues);
}
