import type { Column, Duration, Labels, SeriesSet, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import type { BlockInput } from './block-input.js';
import type { FoundSeries } from './found-series.js';
import { BLOCK_RANGE, justAfter, rangeStart } from './head.js';
import { STORED_COLUMNS, Windows } from './rollup-windows.js';
import type { TsdbView } from './view.js';
import { LATE_SAMPLES } from './view-source.js';

/** How windows are made from samples and from windows that there are. */
export interface RollupPlan {
  readonly resolution: Duration;
  /** All that the new block is to hold. */
  readonly range: TimeRange;
  /** The starts of the ranges of 2 h whose windows are made anew from samples, ascending. */
  readonly units: readonly Timestamp[];
  /** Up to here samples are gone: samples that came since are merged into the windows that there are. */
  readonly floor: Timestamp;
}

/** The windows of a view's series: of its samples, where they are to be made, and otherwise those of its rollups. */
export class RollupInput implements BlockInput {
  readonly columns: readonly Column[] = STORED_COLUMNS;
  readonly #view: TsdbView;
  readonly #list: FoundSeries;
  readonly #plan: RollupPlan;

  constructor(view: TsdbView, list: FoundSeries, plan: RollupPlan) {
    this.#view = view;
    this.#list = list;
    this.#plan = plan;
  }

  get size(): number {
    return this.#list.size;
  }

  labels(i: number): Labels {
    return this.#list.labels(i);
  }

  async load(series: readonly number[], signal: AbortSignal): Promise<SeriesSet> {
    const part = this.#list.part(series);
    const { units, range, resolution, floor } = this.#plan;
    const samples: SeriesSet[] = [];
    const first = units[0];
    if (first !== undefined) {
      const end = (units.at(-1) ?? first) + BLOCK_RANGE;
      const load = (kind: number, of: TimeRange): Promise<SeriesSet> =>
        this.#view.loadStored(part, kind, { range: of, columns: ['value'] }, signal);
      samples.push(await load(LATE_SAMPLES, { start: justAfter(first), end: Math.min(floor, end) }));
      samples.push(await load(0, { start: justAfter(Math.max(floor, first)), end }));
    }
    const windows = await this.#view.loadStored(part, resolution, { range, columns: STORED_COLUMNS }, signal);
    return new RolledSeries(samples, windows, this.#plan);
  }
}

/** Makes the windows of a series when its times are asked for; each series is a group of its own. */
class RolledSeries implements SeriesSet {
  readonly timeGroup: Uint32Array;
  readonly #samples: readonly SeriesSet[];
  readonly #windows: SeriesSet;
  readonly #plan: RollupPlan;
  readonly #units: ReadonlySet<number>;
  readonly #made = new Windows();
  readonly #known = new Windows();
  readonly #result = new Windows();
  #current = -1;
  #times = new Float64Array(256);
  #values = new Float64Array(256);

  /** The sets of samples are in the order of time. */
  constructor(samples: readonly SeriesSet[], windows: SeriesSet, plan: RollupPlan) {
    this.#samples = samples;
    this.#windows = windows;
    this.#plan = plan;
    this.#units = new Set(plan.units);
    this.timeGroup = Uint32Array.from({ length: windows.size }, (_, i) => i);
  }

  get size(): number {
    return this.#windows.size;
  }

  get groups(): number {
    return this.#windows.size;
  }

  labels(i: number): Labels {
    return this.#windows.labels(i);
  }

  capacity(group: number): number {
    this.#make(group);
    return this.#result.count;
  }

  times(group: number, into: Float64Array): number {
    this.#make(group);
    into.set(this.#result.ends.subarray(0, this.#result.count));
    return this.#result.count;
  }

  values(i: number, column: Column, into: Float64Array): number {
    this.#make(i);
    const number = (STORED_COLUMNS as readonly Column[]).indexOf(column);
    into.set(this.#result.column(number).subarray(0, this.#result.count));
    return this.#result.count;
  }

  #make(i: number): void {
    if (this.#current === i) return;
    this.#current = i;
    this.#made.clear();
    for (const set of this.#samples) this.#readSamples(set, i);
    this.#readWindows(i);
    const { floor } = this.#plan;
    const made = this.#made;
    const known = this.#known;
    const result = this.#result;
    result.clear();
    let at = 0;
    for (let row = 0; row < known.count; row++) {
      const end = known.ends[row] as number;
      const isMadeAnew = end > floor && this.#units.has(rangeStart(end));
      if (isMadeAnew) continue;
      while (at < made.count && (made.ends[at] as number) < end) result.addCopy(made, at++);
      if (at < made.count && made.ends[at] === end) result.addMerged(known, row, made, at++);
      else result.addCopy(known, row);
    }
    while (at < made.count) result.addCopy(made, at++);
  }

  #readSamples(set: SeriesSet, i: number): void {
    const group = set.timeGroup[i] as number;
    this.#room(set.capacity(group));
    const total = set.times(group, this.#times);
    set.values(i, 'value', this.#values);
    // Samples of ranges that are not made anew are in the windows that there are.
    for (let from = 0; from < total; ) {
      const unit = rangeStart(this.#times[from] as number);
      let after = from + 1;
      while (after < total && (this.#times[after] as number) <= unit + BLOCK_RANGE) after++;
      if (this.#units.has(unit)) {
        const times = this.#times.subarray(from, after);
        this.#made.addSamples(times, this.#values.subarray(from, after), after - from, this.#plan.resolution);
      }
      from = after;
    }
  }

  #readWindows(i: number): void {
    const group = this.#windows.timeGroup[i] as number;
    this.#room(this.#windows.capacity(group));
    this.#known.clear();
    const count = this.#windows.times(group, this.#times);
    for (let row = 0; row < count; row++) this.#known.add(this.#times[row] as number);
    for (const [number, column] of STORED_COLUMNS.entries()) {
      this.#windows.values(i, column, this.#values);
      this.#known.column(number).set(this.#values.subarray(0, count));
    }
  }

  #room(samples: number): void {
    if (this.#times.length >= samples) return;
    this.#times = new Float64Array(samples * 2);
    this.#values = new Float64Array(samples * 2);
  }
}
