import { formatMatcher } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import { interpolate } from '../functions/edges.js';
import { selectedRange } from '../plan/logical.js';
import type { Grid, SelectNode } from '../plan/logical.js';
import type { Execution } from './execution.js';
import { withoutStale } from './matrix-selector.js';
import type { Operator, OutputSeries } from './operator.js';
import type { Reads } from './observed.js';
import type { SelectedSeries } from './selected-series.js';
import { Steps } from './steps.js';
import { firstAfter } from './windows.js';

/**
 * The value of each series at each step on the line between the samples before and after it, each at most `lookback`
 * away; after the last sample its value goes on for as long.
 */
export class SmoothedSelector implements Operator {
  readonly inputs: readonly Operator[] = [];
  readonly #execution: Execution;
  readonly #node: SelectNode;
  readonly #selected: SelectedSeries;
  readonly #steps: Steps;

  constructor(execution: Execution, node: SelectNode, grid: Grid) {
    this.#execution = execution;
    this.#node = node;
    this.#selected = execution.selected(node, selectedRange(grid, node.shift, node.lookback, node.lookback));
    this.#steps = new Steps(grid);
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    return this.#execution.declare(await this.#selected.find(signal));
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const keeps = !this.#steps.fitsIn(out);
    if (!this.#steps.start(out)) return false;
    const selected = this.#selected;
    await selected.load(keeps, signal);
    for (const i of selected.order) {
      const times = selected.times(selected.groupOf(i));
      const values = selected.values(i);
      this.#draw(selected.hasStale(i, values) ? withoutStale(times, values) : { times, values }, out, i);
      if (this.#execution.spend(values.length + out.steps)) await this.#execution.pause(signal);
    }
    return true;
  }

  #draw(samples: { times: Float64Array; values: Float64Array }, out: StepBatch, column: number): void {
    const { times, values } = samples;
    const { shift, lookback, yields } = this.#node;
    for (let k = 0, cell = column; k < out.steps; k++, cell += out.width) {
      const at = (shift.at ?? out.times[k] ?? 0) - shift.offset;
      const next = firstAfter(times, at);
      const before = next - 1;
      if (before < 0 || (times[before] as number) <= at - lookback) continue;
      const since = times[before] ?? 0;
      const goesOn = since === at || next === times.length || (times[next] as number) > at + lookback;
      const value = goesOn ? values[before] : interpolate(samples, before, at, false);
      out.values[cell] = (yields === 'time' ? (goesOn ? since : at) / 1000 : value) ?? NaN;
      out.present[cell] = 1;
    }
  }

  reads(): Reads {
    return this.#selected.reads;
  }

  toString(): string {
    return `select {${this.#node.matchers.map(formatMatcher).join(',')}} smoothed`;
  }
}
