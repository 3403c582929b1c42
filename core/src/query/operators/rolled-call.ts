import { formatDuration, formatMatcher } from '@metrics-dashboard/sdk';
import type { Matcher, StepBatch } from '@metrics-dashboard/sdk';
import type { RolledFunction } from '../functions/rolled.js';
import type { Grid, Shift } from '../plan/logical.js';
import type { Execution } from './execution.js';
import type { Reads } from './observed.js';
import type { Operator, OutputSeries } from './operator.js';
import { RolledSeries } from './rolled-series.js';
import type { RolledTimes, ViewedLevels } from './rolled-series.js';
import { Steps } from './steps.js';

export interface RolledCallOptions {
  readonly name: string;
  readonly compute: RolledFunction;
  readonly matchers: readonly Matcher[];
  readonly levels: ViewedLevels;
  readonly shift: Shift;
  /** How far a step sees back. */
  readonly range: number;
  readonly keepsName: boolean;
  /** Whether staleness markers are shown to the function. */
  readonly staleStay: boolean;
}

/** One series, and which of its entries each step sees. */
interface Visible {
  readonly entries: RolledTimes;
  readonly columns: readonly Float64Array[];
  readonly ends: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** A range function, or an instant selector, over steps whose windows reach back beyond raw samples. */
export class RolledCall implements Operator {
  readonly inputs: readonly Operator[] = [];
  readonly #execution: Execution;
  readonly #options: RolledCallOptions;
  readonly #series: RolledSeries;
  readonly #steps: Steps;

  constructor(execution: Execution, options: RolledCallOptions, grid: Grid) {
    this.#execution = execution;
    this.#options = options;
    this.#steps = new Steps(grid);
    this.#series = new RolledSeries(execution, options);
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const found = await this.#series.find(signal);
    return this.#execution.declare(this.#options.keepsName ? found : found.map(({ labels }) => ({ labels, dropsName: true })));
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    if (!this.#steps.start(out)) return false;
    const { compute, range } = this.#options;
    await this.#series.load(compute.columns, signal);
    const ends = this.#ends(out);
    const from = new Int32Array(out.steps);
    const to = new Int32Array(out.steps);
    let group = '';
    for (let i = 0; i < this.#series.size; i++) {
      const { entries, columns } = this.#series.read(i, compute.columns);
      if (entries.group !== group) findEntries(entries, ends, range, from, to);
      group = entries.group;
      this.#fill({ entries, columns, ends, from, to }, out, i);
      if (this.#execution.spend(entries.times.length + out.steps)) await this.#execution.pause(signal);
    }
    return true;
  }

  #ends(out: StepBatch): Float64Array {
    const { at, offset } = this.#options.shift;
    return out.times.slice(0, out.steps).map((time) => (at ?? time) - offset);
  }

  #fill({ entries: { times, opens }, columns, ends, from, to }: Visible, out: StepBatch, column: number): void {
    const { compute, range } = this.#options;
    for (let k = 0, cell = column; k < out.steps; k++, cell += out.width) {
      const first = from[k] as number;
      const end = to[k] as number;
      if (end <= first) continue;
      const at = ends[k] as number;
      const covered = { start: Math.min(at - range, (opens[first] as number) - 1), end: Math.max(at, times[end - 1] as number) };
      const value = compute.compute({ columns, from: first, to: end, end: at, range, covered });
      if (value === undefined) continue;
      out.values[cell] = value;
      out.present[cell] = 1;
    }
  }

  reads(): Reads {
    return this.#series.reads;
  }

  toString(): string {
    const { name, matchers, range } = this.#options;
    return `${name} {${matchers.map(formatMatcher).join(',')}}[${formatDuration(range)}]`;
  }
}

/** The entries that each step sees: those that end after its window begins, and that it has begun to see. Both only move forward. */
function findEntries({ times, opens }: { times: Float64Array; opens: Float64Array }, ends: Float64Array, range: number, from: Int32Array, to: Int32Array): void {
  let low = 0;
  let high = 0;
  for (let k = 0; k < ends.length; k++) {
    const end = ends[k] as number;
    while (high < opens.length && (opens[high] as number) <= end) high++;
    while (low < times.length && (times[low] as number) <= end - range) low++;
    from[k] = low;
    to[k] = high;
  }
}
