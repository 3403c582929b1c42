import { InvariantError, Labels, LimitError, METRIC_NAME, isStale } from '@metrics-dashboard/sdk';
import type { Matcher, SeriesList, SeriesSet, StorageView, TimeRange } from '@metrics-dashboard/sdk';
import type { Execution } from './execution.js';
import type { Reads } from './observed.js';
import type { OutputSeries } from './operator.js';

/** What a selector reads. */
export interface Selection {
  readonly matchers: readonly Matcher[];
  readonly range: TimeRange;
  /** Stands in for every series' labels, where nobody asks for them. */
  readonly projected?: boolean;
  /** Whether several operators read it, so that what was decoded stays. */
  readonly isMerged?: boolean;
}

/** The samples of one selector: found, then loaded, then decoded series by series. */
export class SelectedSeries {
  readonly #execution: Execution;
  readonly #selection: Selection;
  readonly #view: StorageView;
  #found: Promise<readonly OutputSeries[]> | undefined;
  #list: SeriesList | undefined;
  #set: SeriesSet | undefined;
  #order = new Uint32Array(0);
  #keeps = false;
  #times: (Float64Array | undefined)[] = [];
  #values: (Float64Array | undefined)[] = [];
  /** Whether a kept column holds a staleness marker; undefined: not looked at yet. */
  #stale: (boolean | undefined)[] = [];
  #timesRoom = new Float64Array(0);
  #valuesRoom = new Float64Array(0);

  constructor(execution: Execution, selection: Selection) {
    this.#execution = execution;
    this.#selection = selection;
    this.#view = execution.view(selection.range);
  }

  /** Looks the series up, once; no sample is read. */
  find(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    return (this.#found ??= this.#lookUp(signal));
  }

  async #lookUp(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const list = await this.#find(signal);
    this.#list = list;
    this.#execution.found(list.size, list.estimateSamples());
    if (this.#selection.projected === true) return new Array<OutputSeries>(list.size).fill({ labels: nameAlone(this.#selection.matchers), dropsName: false });
    return Array.from({ length: list.size }, (_, i) => ({ labels: list.labels(i), dropsName: false }));
  }

  get reads(): Reads {
    return { levels: [0], estimatedSamples: this.#list?.estimateSamples() ?? 0, blocks: this.#list?.blocks };
  }

  async #find(signal: AbortSignal): Promise<SeriesList> {
    try {
      return await this.#view.find(this.#selection.matchers, Math.max(0, this.#execution.seriesLeft), signal);
    } catch (error) {
      throw error instanceof LimitError ? this.#execution.tooManySeries(error.met) : error;
    }
  }

  /** Reads the chunks, once. With `keeps`, decoded columns stay for later batches. */
  async load(keeps: boolean, signal: AbortSignal): Promise<void> {
    if (this.#set !== undefined) return;
    const level = this.#view.levels.find(({ resolution }) => resolution === 0);
    if (level === undefined || this.#list === undefined) throw new InvariantError('a view has raw samples, and series are found before they are loaded');
    this.#set = await this.#view.load(this.#list, { level, columns: ['value'], range: this.#selection.range }, signal);
    this.#keeps = keeps || this.#selection.isMerged === true;
    this.#order = orderByGroup(this.#set);
  }

  /** The series, those with the same timestamps side by side. */
  get order(): Uint32Array {
    return this.#order;
  }

  groupOf(i: number): number {
    return this.#loaded.timeGroup[i] ?? 0;
  }

  /** The times of a group; valid until another group is asked for. */
  times(group: number): Float64Array {
    const kept = this.#times[group];
    if (kept !== undefined) return kept;
    this.#timesRoom = roomFor(this.#timesRoom, this.#loaded.capacity(group));
    const times = this.#timesRoom.subarray(0, this.#loaded.times(group, this.#timesRoom));
    return this.#keeps ? (this.#times[group] = times.slice()) : times;
  }

  /** The values beside the times of the series' group; valid until the next call. */
  values(i: number): Float64Array {
    const kept = this.#values[i];
    if (kept !== undefined) return kept;
    this.#valuesRoom = roomFor(this.#valuesRoom, this.#loaded.capacity(this.groupOf(i)));
    const values = this.#valuesRoom.subarray(0, this.#loaded.values(i, 'value', this.#valuesRoom));
    this.#execution.loaded(values.length);
    return this.#keeps ? (this.#values[i] = values.slice()) : values;
  }

  /** Whether a series' values, as `values` just gave them, hold a staleness marker. */
  hasStale(i: number, values: Float64Array): boolean {
    const known = this.#keeps ? this.#stale[i] : undefined;
    if (known !== undefined) return known;
    const found = holdsStale(values);
    return (this.#stale[i] = found);
  }

  get #loaded(): SeriesSet {
    if (this.#set === undefined) throw new InvariantError('series are loaded before they are read');
    return this.#set;
  }
}

function holdsStale(values: Float64Array): boolean {
  const { length } = values;
  for (let k = 0; k < length; k++) {
    const value = values[k] as number;
    // Few values are NaN, so few are asked about their bits.
    if (value !== value && isStale(value)) return true;
  }
  return false;
}

/** The labels that the matchers alone tell of. */
function nameAlone(matchers: readonly Matcher[]): Labels {
  const name = matchers.find((one) => one.name === METRIC_NAME && one.operator === '=');
  return name === undefined ? Labels.EMPTY : Labels.from([[METRIC_NAME, name.value]]);
}

function roomFor(room: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  return room.length >= capacity ? room : new Float64Array(Math.max(capacity, 2 * room.length));
}

/** A counting sort of the series by their group of times. */
function orderByGroup(set: SeriesSet): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(set.groups + 1);
  for (const group of set.timeGroup) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  for (let group = 0; group < set.groups; group++) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const order = new Uint32Array(set.size);
  for (let i = 0; i < set.size; i++) {
    const group = set.timeGroup[i] ?? 0;
    const place = starts[group] ?? 0;
    order[place] = i;
    starts[group] = place + 1;
  }
  return order;
}
