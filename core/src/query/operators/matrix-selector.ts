import { formatDuration, formatMatcher, isStale } from '@metrics-dashboard/sdk';
import { selectedRange } from '../plan/logical.js';
import type { Grid, WindowNode } from '../plan/logical.js';
import type { Execution } from './execution.js';
import type { Operator, OutputSeries } from './operator.js';
import type { Reads } from './observed.js';
import type { SelectedSeries } from './selected-series.js';
import { findWindows } from './windows.js';
import type { WindowSource, Windows } from './windows.js';

/** The samples of each series in (t - range, t], and those around it that its edges need; staleness markers are left out. Series with the same timestamps share their windows. */
export class MatrixSelector implements WindowSource {
  readonly inputs: readonly Operator[] = [];
  readonly range: number;
  readonly #execution: Execution;
  readonly #node: WindowNode;
  readonly #selected: SelectedSeries;
  /** How much further than the window its samples reach on either side. */
  readonly #before: number;
  readonly #ahead: number;

  constructor(execution: Execution, node: WindowNode, grid: Grid) {
    this.#execution = execution;
    this.#node = node;
    this.range = node.range;
    this.#before = node.edges === undefined ? 0 : node.lookback;
    this.#ahead = node.edges === 'smoothed' ? node.lookback : 0;
    this.#selected = execution.selected(node, selectedRange(grid, node.shift, node.range + this.#before, this.#ahead));
  }

  series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    return this.#selected.find(signal);
  }

  async visit(at: Float64Array, lasting: boolean, visitor: (series: number, windows: Windows) => void, signal: AbortSignal): Promise<void> {
    const { shift, range } = this.#node;
    const selected = this.#selected;
    await selected.load(!lasting, signal);
    const ends = at.map((time) => (shift.at ?? time) - shift.offset);
    const lasts = ends.map((end) => end + this.#ahead);
    const length = this.#before + range + this.#ahead;
    const shared = { from: new Int32Array(ends.length), to: new Int32Array(ends.length), ends, range, steps: ends.length, group: -1 };
    const own = { ...shared, group: -1, from: new Int32Array(ends.length), to: new Int32Array(ends.length) };
    let group = -1;
    let times: Float64Array = new Float64Array(0);
    for (const i of selected.order) {
      if (selected.groupOf(i) !== group) {
        group = selected.groupOf(i);
        times = selected.times(group);
        findWindows(times, lasts, length, shared.from, shared.to);
      }
      const values = selected.values(i);
      if (selected.hasStale(i, values)) {
        const fresh = withoutStale(times, values);
        findWindows(fresh.times, lasts, length, own.from, own.to);
        visitor(i, { ...own, ...fresh });
      } else visitor(i, { ...shared, times, values, group });
      if (this.#execution.spend(values.length + ends.length)) await this.#execution.pause(signal);
    }
  }

  reads(): Reads {
    return this.#selected.reads;
  }

  toString(): string {
    return `window {${this.#node.matchers.map(formatMatcher).join(',')}}[${formatDuration(this.range)}]`;
  }
}

/** Samples without their staleness markers. */
export function withoutStale(times: Float64Array, values: Float64Array): Pick<Windows, 'times' | 'values'> {
  const fresh = { times: new Float64Array(times.length), values: new Float64Array(values.length) };
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (isStale(values[i] as number)) continue;
    fresh.times[count] = times[i] as number;
    fresh.values[count] = values[i] as number;
    count++;
  }
  return { times: fresh.times.subarray(0, count), values: fresh.values.subarray(0, count) };
}
