import { Labels } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import { formatValue } from '../functions/format-value.js';
import type { Grouping } from '../language/ast.js';
import type { Grid } from '../plan/logical.js';
import type { Execution } from './execution.js';
import { groupSeries } from './grouping.js';
import type { Groups } from './grouping.js';
import { Input, makeBatch } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';
import { Steps } from './steps.js';

export interface CountValuesOptions {
  readonly label: string;
  readonly grouping: Grouping;
  readonly inner: Operator;
  readonly grid: Grid;
}

/**
 * `count_values`: a series for each value of each group. Which there will be is known only when all steps were seen,
 * so it runs its input when it is asked for its series.
 */
export class CountValues implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #options: CountValuesOptions;
  readonly #steps: Steps;
  readonly #inner: Input;
  /** For each result series, the count at each step. */
  readonly #counts: Uint32Array[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #series: OutputSeries[] = [];
  #answered = 0;

  constructor(execution: Execution, options: CountValuesOptions) {
    this.#execution = execution;
    this.#options = options;
    this.#steps = new Steps(options.grid);
    this.#inner = new Input(options.inner);
    this.inputs = [options.inner];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const { label, grouping, inner, grid } = this.#options;
    // The label that gets the value is never one that is grouped by.
    const labels = grouping.without ? [...grouping.labels, label] : grouping.labels.filter((name) => name !== label);
    const kept = { ...grouping, labels };
    const input = await this.#inner.series(signal);
    const groups = groupSeries(input, kept);
    const batch = makeBatch(this.#execution.batchSteps(grid.count), input.length);
    for (let done = 0; await inner.next(batch, signal); done += batch.steps) {
      this.#count(batch, groups, done);
      await this.#execution.pause(signal);
    }
    return this.#execution.declare(this.#series);
  }

  #count(batch: StepBatch, { groups, series }: Groups, done: number): void {
    for (let k = 0, cell = 0; k < batch.steps; k++) {
      for (let i = 0; i < batch.width; i++, cell++) {
        if (batch.present[cell] !== 1) continue;
        const group = groups[i] as number;
        const column = this.#column(group, series[group], formatValue(batch.values[cell] as number));
        const counts = this.#counts[column];
        if (counts !== undefined) counts[done + k] = (counts[done + k] as number) + 1;
      }
    }
  }

  #column(group: number, series: OutputSeries | undefined, value: string): number {
    const key = `${group} ${value}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const labels = Labels.from([...(series?.labels.pairs() ?? []), [this.#options.label, value]]);
    const column = this.#series.push({ labels, dropsName: false }) - 1;
    this.#counts.push(new Uint32Array(this.#options.grid.count));
    this.#byKey.set(key, column);
    this.#execution.loaded(this.#options.grid.count);
    return column;
  }

  async next(out: StepBatch): Promise<boolean> {
    if (!this.#steps.start(out)) return false;
    this.#counts.forEach((counts, i) => {
      for (let k = 0; k < out.steps; k++) {
        const count = counts[this.#answered + k] as number;
        if (count === 0) continue;
        out.values[k * out.width + i] = count;
        out.present[k * out.width + i] = 1;
      }
    });
    this.#answered += out.steps;
    return true;
  }

  toString(): string {
    return 'count_values';
  }
}
