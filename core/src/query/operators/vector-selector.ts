import { formatMatcher, isStale } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import { selectedRange } from '../plan/logical.js';
import type { Grid, SelectNode } from '../plan/logical.js';
import type { Execution } from './execution.js';
import { makeBatch } from './operator.js';
import type { ColumnSource, Operator, OutputSeries } from './operator.js';
import type { Reads } from './observed.js';
import type { SelectedSeries } from './selected-series.js';
import { Steps } from './steps.js';
import { firstAfter } from './windows.js';

/**
 * The latest sample in (t - lookback, t] of each series at each step, or nothing after a staleness marker. Series
 * with the same timestamps share one search: `latest[k]` is the position of the sample for step k, or -1.
 */
export class VectorSelector implements Operator {
  readonly inputs: readonly Operator[] = [];
  readonly #execution: Execution;
  readonly #node: SelectNode;
  readonly #selected: SelectedSeries;
  readonly #steps: Steps;

  constructor(execution: Execution, node: SelectNode, grid: Grid) {
    this.#execution = execution;
    this.#node = node;
    this.#selected = execution.selected(node, selectedRange(grid, node.shift, node.lookback));
    this.#steps = new Steps(grid);
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    return this.#execution.declare(await this.#selected.find(signal));
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    return this.#visit(out, (i, samples, latest) => this.#copy(samples, latest, out, i), signal);
  }

  columns(): ColumnSource {
    return {
      series: (signal) => this.#selected.find(signal),
      visit: (out, visitor, signal) => {
        const column = makeBatch(out.times.length, 1);
        return this.#visit(
          out,
          (i, samples, latest) => {
            column.steps = latest.length;
            column.present.fill(0);
            this.#copy(samples, latest, column, 0);
            visitor(i, column);
          },
          signal,
        );
      },
    };
  }

  /** Visits each series with its samples and, for each step of the batch that is begun, the position of its sample. */
  async #visit(out: StepBatch, visitor: (series: number, samples: Samples, latest: Int32Array) => void, signal: AbortSignal): Promise<boolean> {
    const keeps = !this.#steps.fitsIn(out);
    if (!this.#steps.start(out)) return false;
    const selected = this.#selected;
    await selected.load(keeps, signal);
    const latest = new Int32Array(out.steps);
    let group = -1;
    let times: Float64Array = new Float64Array(0);
    for (const i of selected.order) {
      if (selected.groupOf(i) !== group) {
        group = selected.groupOf(i);
        times = selected.times(group);
        this.#findLatest(times, out, latest);
      }
      const values = selected.values(i);
      visitor(i, { times, values }, latest);
      if (this.#execution.spend(values.length + out.steps)) await this.#execution.pause(signal);
    }
    return true;
  }

  #copy({ times, values }: Samples, latest: Int32Array, out: StepBatch, column: number): void {
    const yieldsTimes = this.#node.yields === 'time';
    copyLatest(values, yieldsTimes ? times : values, latest, out, column);
    if (yieldsTimes) toSeconds(out, column);
  }

  #findLatest(times: Float64Array, out: StepBatch, latest: Int32Array): void {
    const { shift, lookback } = this.#node;
    let next = firstAfter(times, (shift.at ?? out.times[0] ?? 0) - shift.offset - lookback);
    for (let k = 0; k < out.steps; k++) {
      const time = out.times[k] as number;
      const at = (shift.at ?? time) - shift.offset;
      while (next < times.length && (times[next] as number) <= at) next++;
      latest[k] = next > 0 && (times[next - 1] as number) > at - lookback ? next - 1 : -1;
    }
  }

  reads(): Reads {
    return this.#selected.reads;
  }

  toString(): string {
    return `select {${this.#node.matchers.map(formatMatcher).join(',')}}`;
  }
}

interface Samples {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

function copyLatest(values: Float64Array, yielded: Float64Array, latest: Int32Array, out: StepBatch, column: number): void {
  const { width } = out;
  for (let k = 0, cell = column; k < out.steps; k++, cell += width) {
    const position = latest[k] as number;
    if (position < 0) continue;
    const value = values[position] as number;
    if (value !== value && isStale(value)) continue;
    out.values[cell] = yielded[position] as number;
    out.present[cell] = 1;
  }
}

function toSeconds(out: StepBatch, column: number): void {
  for (let k = 0, cell = column; k < out.steps; k++, cell += out.width) out.values[cell] = (out.values[cell] as number) / 1000;
}
