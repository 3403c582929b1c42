import { InvariantError, Labels, METRIC_NAME, matcher } from '@metrics-dashboard/sdk';
import type { Matcher, StepBatch } from '@metrics-dashboard/sdk';
import type { Execution } from './execution.js';
import { Input, startBatch } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

/** The labels by which a series finds its info series. */
const IDENTIFYING: ReadonlySet<string> = new Set(['instance', 'job']);
/** More values than this are not worth asking the index for. */
const MOST_VALUES = 500;
/** The most result series, as one series may have met many info series in its time. */
const MOST_COLUMNS = 100_000;
/** What stands in the layout where the labels of two info series contradict each other. */
const CONFLICT = -2;
const DROPPED = -1;

export interface InfoJoinOptions {
  readonly vector: Operator;
  /** The matchers of the info series, those of their names among them. */
  readonly matchers: readonly Matcher[];
  /** Makes the selector of info series, which yields how new their samples are. */
  select(matchers: readonly Matcher[]): Operator;
  readonly from: number;
}

/** The info series of one name that a series can take labels from; one of them at a step, the newest. */
interface Choice {
  readonly columns: readonly number[];
}

/** What becomes of one series: which columns its result can be in, by the info series that are there. */
interface Plan {
  readonly choices: readonly Choice[];
  /** The result column for each combination, or `CONFLICT`, or `DROPPED`. */
  readonly results: Int32Array;
}

/**
 * `info`: adds the labels of info series, such as `target_info`, to the series of the same target.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#info.
 */
export class InfoJoin implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #options: InfoJoinOptions;
  readonly #vector: Input;
  #info: Input | undefined;
  #infoSeries: readonly OutputSeries[] = [];
  #plans: readonly Plan[] = [];

  constructor(execution: Execution, options: InfoJoinOptions) {
    this.#execution = execution;
    this.#options = options;
    this.#vector = new Input(options.vector);
    this.inputs = [options.vector];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const vector = await this.#vector.series(signal);
    const enriched = vector.map(({ labels }) => !this.#isInfo(labels.metric));
    this.#info = new Input(this.#options.select([...this.#options.matchers, ...identifying(vector.filter((_, i) => enriched[i]))]));
    this.#infoSeries = await this.#info.series(signal);
    const byTarget = this.#byTarget();
    const results: OutputSeries[] = [];
    this.#plans = vector.map((series, i) => this.#plan(series, enriched[i] === true ? (byTarget.get(series.labels.only(IDENTIFYING).key) ?? []) : undefined, results));
    return this.#execution.declare(results);
  }

  /** Info series are left as they are. */
  #isInfo(name: string): boolean {
    return this.#options.matchers.every((one) => one.name !== METRIC_NAME || one.matches(name));
  }

  /** For each target its info series, by their names. */
  #byTarget(): ReadonlyMap<string, readonly Choice[]> {
    const byTarget = new Map<string, Map<string, number[]>>();
    this.#infoSeries.forEach(({ labels }, column) => {
      const key = labels.only(IDENTIFYING).key;
      const byName = byTarget.get(key) ?? new Map<string, number[]>();
      byTarget.set(key, byName);
      byName.set(labels.metric, [...(byName.get(labels.metric) ?? []), column]);
    });
    return new Map([...byTarget].map(([key, byName]) => [key, [...byName.values()].map((columns) => ({ columns }))]));
  }

  #plan(series: OutputSeries, choices: readonly Choice[] | undefined, results: OutputSeries[]): Plan {
    const plain = { choices: [], results: Int32Array.of(results.length) };
    if (choices === undefined) {
      results.push(series);
      return plain;
    }
    const combinations = choices.reduce((product, { columns }) => product * (columns.length + 1), 1);
    if (results.length + combinations > MOST_COLUMNS) throw this.#execution.failure(`info() would yield more than ${MOST_COLUMNS} series`, this.#options.from);
    const byKey = new Map<string, number>();
    const columns = Int32Array.from({ length: combinations }, (_, combination) => {
      const labels = this.#enriched(series.labels, choices, combination);
      if (typeof labels === 'number') return labels;
      const known = byKey.get(labels.key) ?? results.push({ labels, dropsName: series.dropsName }) - 1;
      byKey.set(labels.key, known);
      return known;
    });
    return { choices, results: columns };
  }

  /** The labels under one combination: digit by digit, 0 for no info series of that name. */
  #enriched(own: Labels, choices: readonly Choice[], combination: number): Labels | typeof CONFLICT | typeof DROPPED {
    const wanted = this.#options.matchers.filter(({ name }) => name !== METRIC_NAME);
    const names = new Set(wanted.map(({ name }) => name));
    const added = new Map<string, string>();
    let rest = combination;
    for (const { columns } of choices) {
      const digit = rest % (columns.length + 1);
      rest = Math.floor(rest / (columns.length + 1));
      const labels = digit === 0 ? undefined : this.#infoSeries[columns[digit - 1] ?? -1]?.labels;
      for (const { name, value } of labels ?? []) {
        if (name === METRIC_NAME || (names.size > 0 && !names.has(name))) continue;
        if ((added.get(name) ?? value) !== value) return CONFLICT;
        if (!own.has(name)) added.set(name, value);
      }
    }
    if (combination === 0 && !wanted.every((one) => one.matches(''))) return DROPPED;
    return added.size === 0 ? own : Labels.from([...own.pairs(), ...added]);
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    if (this.#info === undefined) throw new InvariantError('series are asked for before their samples');
    const vector = await this.#vector.next(out, signal);
    const info = await this.#info.next(out, signal);
    if (vector === undefined || info === undefined) return false;
    startBatch(out, vector);
    for (let k = 0, cell = 0; k < out.steps; k++) {
      for (let i = 0; i < vector.width; i++, cell++) if (vector.present[cell] === 1) this.#place(vector.values[cell] as number, i, info, out, k);
    }
    if (this.#execution.spend(out.steps * (vector.width + info.width))) await this.#execution.pause(signal);
    return true;
  }

  #place(value: number, i: number, info: StepBatch, out: StepBatch, k: number): void {
    const plan = this.#plans[i];
    if (plan === undefined) return;
    let combination = 0;
    let weight = 1;
    for (const choice of plan.choices) {
      combination += weight * this.#newest(choice, info, k);
      weight *= choice.columns.length + 1;
    }
    const column = plan.results[combination] ?? DROPPED;
    if (column === CONFLICT) throw this.#execution.failure('conflicting label: info series of one target give different values to one label', this.#options.from);
    if (column < 0) return;
    out.values[k * out.width + column] = value;
    out.present[k * out.width + column] = 1;
  }

  /** The position of the info series with the newest sample at step k, from 1; 0: there is none. */
  #newest({ columns }: Choice, info: StepBatch, k: number): number {
    let found = 0;
    let newest = -Infinity;
    columns.forEach((column, position) => {
      const cell = k * info.width + column;
      if (info.present[cell] !== 1) return;
      const at = info.values[cell] as number;
      if (at === newest) throw this.#execution.failure('found duplicate series for info metric: two info series of one target have samples at the same time', this.#options.from);
      if (at < newest) return;
      newest = at;
      found = position + 1;
    });
    return found;
  }

  toString(): string {
    return 'info()';
  }
}

/** Matchers for the targets that occur, so that the info series of others are not read. */
function identifying(vector: readonly OutputSeries[]): readonly Matcher[] {
  return [...IDENTIFYING].flatMap((name) => {
    const values = new Set(vector.map(({ labels }) => labels.get(name)));
    if (values.size > MOST_VALUES) return [];
    return [matcher(name, '=~', [...values].map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'))];
  });
}
