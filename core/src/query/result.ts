import type { Label, StepBatch } from '@metrics-dashboard/sdk';
import { rankSeries, shownLabels } from './label-order.js';
import { presentColumns } from './operators/operator.js';
import type { Operator, OutputSeries } from './operators/operator.js';
import type { Windows } from './operators/windows.js';
import type { QueryResult } from './query.js';

/** The columns of a result, without what is said about it. */
export type ResultColumns = Pick<QueryResult, 'type' | 'series' | 'offsets' | 'times' | 'values' | 'text'>;

/** Thrown where two series of a result have one label set and samples at one time. */
export class SameLabels extends Error {}

/** Samples of some columns, gathered: column `first + i` has those from `starts[i]` up to `starts[i + 1]`. */
interface Gathered {
  readonly first: number;
  readonly starts: Uint32Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Columns that lie on one line of the cache. */
const NEIGHBOURS = 8;

/** Gathers batches of a range query, series by series. */
export class MatrixBuilder {
  readonly #series: readonly OutputSeries[];
  readonly #parts: Gathered[] = [];
  /** The samples of each column so far. */
  readonly #counts: Uint32Array;

  constructor(series: readonly OutputSeries[]) {
    this.#series = series;
    this.#counts = new Uint32Array(series.length);
  }

  /** Copies a batch, and returns how many samples it had. */
  add(batch: StepBatch): number {
    const starts = startsOf(batch);
    const total = starts[batch.width] as number;
    if (total === 0) return 0;
    const part = { first: 0, starts, times: new Float64Array(total), values: new Float64Array(total) };
    for (let i = 0; i < batch.width; i += NEIGHBOURS) turn(batch, part, i, Math.min(batch.width, i + NEIGHBOURS));
    this.#take(part);
    return total;
  }

  /** Copies the only window of a column. */
  addWindow(column: number, { times, values, from, to }: Windows): void {
    const [first = 0, end = 0] = [from[0], to[0]];
    this.#take({ first: column, starts: Uint32Array.of(0, end - first), times: times.slice(first, end), values: values.slice(first, end) });
  }

  #take(part: Gathered): void {
    this.#parts.push(part);
    for (let i = 0; i + 1 < part.starts.length; i++) {
      this.#counts[part.first + i] = (this.#counts[part.first + i] as number) + (part.starts[i + 1] as number) - (part.starts[i] as number);
    }
  }

  /** The series with samples, sorted by their labels; those that are the same once names are gone are one. */
  finish(): ResultColumns {
    const columns: number[] = [];
    this.#counts.forEach((count, column) => count > 0 && columns.push(column));
    const series = columns.map((column) => this.#series[column] as OutputSeries);
    const { rows, rowOf, firstOf } = rankSeries(series);
    const offsets = new Uint32Array(rows + 1);
    columns.forEach((column, i) => {
      const row = rowOf[i] as number;
      offsets[row + 1] = (offsets[row + 1] as number) + (this.#counts[column] as number);
    });
    for (let row = 0; row < rows; row++) offsets[row + 1] = (offsets[row + 1] as number) + (offsets[row] as number);
    const times = new Float64Array(offsets[rows] as number);
    const values = new Float64Array(times.length);
    this.#write(columns, rowOf, offsets, times, values);
    if (rows < columns.length) sortRows(offsets, times, values);
    return { type: 'matrix', series: Array.from(firstOf, (i) => shownLabels(series[i] as OutputSeries)), offsets, times, values, text: undefined };
  }

  #write(columns: readonly number[], rowOf: Uint32Array, offsets: Uint32Array, times: Float64Array, values: Float64Array): void {
    const next = offsets.slice();
    const rowOfColumn = new Int32Array(this.#counts.length).fill(-1);
    columns.forEach((column, i) => (rowOfColumn[column] = rowOf[i] as number));
    for (const part of this.#parts) {
      for (let i = 0; i + 1 < part.starts.length; i++) {
        const row = rowOfColumn[part.first + i] as number;
        const from = part.starts[i] as number;
        const to = part.starts[i + 1] as number;
        if (from === to) continue;
        const at = next[row] as number;
        copy(part.times, from, to, times, at);
        copy(part.values, from, to, values, at);
        next[row] = at + to - from;
      }
    }
  }
}

/** Where the samples of each column of a batch begin, once they are gathered; one more entry than there are columns. */
function startsOf({ width, steps, present }: StepBatch): Uint32Array {
  const starts = new Uint32Array(width + 1);
  for (let k = 0, cell = 0; k < steps; k++) {
    for (let i = 1; i <= width; i++, cell++) starts[i] = (starts[i] as number) + (present[cell] as number);
  }
  for (let i = 0; i < width; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  return starts;
}

/** Gathers the columns [first, end) of a batch. */
function turn({ width, steps, times, values, present }: StepBatch, part: Gathered, first: number, end: number): void {
  const next = part.starts.slice(first, end);
  for (let k = 0; k < steps; k++) {
    const time = times[k] as number;
    for (let i = first, cell = k * width + first; i < end; i++, cell++) {
      if (present[cell] !== 1) continue;
      const at = next[i - first] as number;
      part.times[at] = time;
      part.values[at] = values[cell] as number;
      next[i - first] = at + 1;
    }
  }
}

/** Few samples are copied faster one by one. */
const FEW = 48;

function copy(from: Float64Array, start: number, end: number, to: Float64Array, at: number): void {
  if (end - start > FEW) to.set(from.subarray(start, end), at);
  else for (let i = start; i < end; i++) to[at + i - start] = from[i] as number;
}

/** The result of an instant query, in the operator's order. */
export function vectorResult(operator: Operator, series: readonly OutputSeries[], only: StepBatch, type: 'vector' | 'scalar'): ResultColumns {
  const columns = operator.order?.(only) ?? presentColumns(only);
  const found = columns.map((column) => series[column] as OutputSeries);
  if (rankSeries(found).rows < found.length) throw new SameLabels();
  const frames: readonly (readonly Label[])[] = found.map(shownLabels);
  const values = Float64Array.from(columns, (column) => only.values[column] as number);
  const offsets = Uint32Array.from({ length: columns.length + 1 }, (_, i) => i);
  return { type, series: frames, offsets, times: new Float64Array(columns.length).fill(only.times[0] as number), values, text: undefined };
}

/** Columns of one row came one after the other; where their times are mixed, they are sorted here. */
function sortRows(offsets: Uint32Array, times: Float64Array, values: Float64Array): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    const from = offsets[row] as number;
    const to = offsets[row + 1] as number;
    if (!isAscending(times, from, to)) sortByTime(times.subarray(from, to), values.subarray(from, to));
  }
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
