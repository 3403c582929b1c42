import { InvariantError, Labels } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import { arithmetic, compare } from '../functions/arithmetic.js';
import { isComparison } from '../language/ast.js';
import type { ArithmeticOperator, ComparisonOperator, Matching } from '../language/ast.js';
import type { Execution } from './execution.js';
import { matchGroups, resultSeries } from './matching.js';
import type { MatchGroups } from './matching.js';
import { Input, seriesKey, startBatch } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

export interface VectorBinaryOptions {
  readonly operator: ArithmeticOperator | ComparisonOperator;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly left: Operator;
  readonly right: Operator;
  /** Where the operation stands in the text. */
  readonly from: number;
}

/** A join of everything with everything is refused before it takes all memory. */
const MOST_PAIRS = 500_000;
/** What the labels of a pair cost, in samples. */
const PAIR_WORK = 64;

const UNSEEN = 0;
const MET = 1;
const PASSED = 2;

/**
 * Two instant vectors, sample by sample of equal match groups. One side is the «one»: at each step a group has at
 * most one sample of it. Every series of the «many» side has a result column for each set of labels that it can take
 * over from the one side; so all columns are known before the first step.
 *
 *     one[g]      the one side's column of group g at this step, or none
 *     column      of many series i with variant v: base[i] + v
 */
export class VectorBinary implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #options: VectorBinaryOptions;
  readonly #left: Input;
  readonly #right: Input;
  #many: readonly OutputSeries[] = [];
  #oneSeries: readonly OutputSeries[] = [];
  #groups: MatchGroups = { left: new Uint32Array(0), right: new Uint32Array(0), labels: [] };
  /** The result column of many series i with variant v is columns[base[i] + v]. */
  #columns = new Uint32Array(0);
  #base = new Uint32Array(0);
  /** The variant of each series of the one side inside its group. */
  #variant = new Uint32Array(0);
  #one = new Int32Array(0);
  /** Whether a group's many side was met at the step, and whether its result passed. */
  #seen = new Uint8Array(0);

  constructor(execution: Execution, options: VectorBinaryOptions) {
    this.#execution = execution;
    this.#options = options;
    this.#left = new Input(options.left);
    this.#right = new Input(options.right);
    this.inputs = [options.left, options.right];
  }

  /** Whether the many side is the right one. */
  get #swapped(): boolean {
    return this.#options.matching.cardinality === 'one-to-many';
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const left = await this.#left.series(signal);
    const right = await this.#right.series(signal);
    [this.#many, this.#oneSeries] = this.#swapped ? [right, left] : [left, right];
    this.#groups = matchGroups(left, right, this.#options.matching);
    this.#one = new Int32Array(this.#groups.labels.length);
    this.#seen = new Uint8Array(this.#groups.labels.length);
    return this.#execution.declare(await this.#layOut(signal));
  }

  get #manyGroups(): Uint32Array {
    return this.#swapped ? this.#groups.right : this.#groups.left;
  }

  get #oneGroups(): Uint32Array {
    return this.#swapped ? this.#groups.left : this.#groups.right;
  }

  /** Gives every possible pair its result column; pairs with equal results share one. */
  async #layOut(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const { operator, bool, matching } = this.#options;
    const variants = this.#variants();
    this.#checkPairs(variants);
    const series: OutputSeries[] = [];
    const byKey = new Map<string, number>();
    const columns: number[] = [];
    const columnOf = (result: OutputSeries): number => {
      const key = seriesKey(result);
      let column = byKey.get(key);
      if (column === undefined) {
        column = series.push(result) - 1;
        byKey.set(key, column);
      }
      return column;
    };
    this.#base = new Uint32Array(this.#many.length);
    for (const [i, many] of this.#many.entries()) {
      this.#base[i] = columns.length;
      const inGroup = variants[this.#manyGroups[i] as number] ?? [];
      for (const one of inGroup) columns.push(columnOf(resultSeries(operator, bool, matching, many, one)));
      if (this.#execution.spend(inGroup.length * PAIR_WORK)) await this.#execution.pause(signal);
    }
    this.#fillers(columnOf);
    this.#columns = Uint32Array.from(columns);
    return series;
  }

  /** Before any of them is laid out. */
  #checkPairs(variants: readonly (readonly Labels[])[]): void {
    const pairs = this.#manyGroups.reduce((sum, group) => sum + (variants[group]?.length ?? 0), 0);
    if (pairs > MOST_PAIRS) throw this.#execution.failure(`${pairs} pairs of series match, expected at most ${MOST_PAIRS}; match on more labels`, this.#options.from);
  }

  /** For each group, the distinct labels its one side can hand over. Without such labels there is one, as soon as the group has the one side at all or it is filled in. */
  #variants(): readonly (readonly Labels[])[] {
    const include = new Set(this.#options.matching.include);
    const variants = this.#groups.labels.map((): Labels[] => (this.#fillOne === undefined ? [] : [Labels.EMPTY]));
    const byKey = new Map<string, number>();
    this.#variant = new Uint32Array(this.#oneSeries.length);
    this.#oneSeries.forEach(({ labels }, j) => {
      const group = this.#oneGroups[j] as number;
      const handed = include.size === 0 ? Labels.EMPTY : labels.only(include);
      const inGroup = variants[group];
      if (inGroup === undefined) throw new InvariantError('every series has a match group');
      const key = `${group} ${handed.key}`;
      if (handed.size === 0 && this.#fillOne !== undefined) byKey.set(key, 0);
      let variant = byKey.get(key);
      if (variant === undefined) {
        variant = inGroup.push(handed) - 1;
        byKey.set(key, variant);
      }
      this.#variant[j] = variant;
    });
    return variants;
  }

  /** As the reference has it, the fill modifiers mean the sides after `group_right` has exchanged them. */
  get #fillOne(): number | undefined {
    return this.#options.matching.fillRight;
  }

  get #fillMany(): number | undefined {
    return this.#options.matching.fillLeft;
  }

  /** The result column of a group whose many side is filled in, by its one series. */
  #fillerColumns: Uint32Array | undefined;

  #fillers(columnOf: (result: OutputSeries) => number): void {
    if (this.#fillMany === undefined) return;
    const { operator, bool, matching } = this.#options;
    this.#fillerColumns = Uint32Array.from(this.#oneSeries, ({ labels }, j) => {
      const group = this.#groups.labels[this.#oneGroups[j] as number] ?? Labels.EMPTY;
      return columnOf(resultSeries(operator, bool, matching, { labels: group, dropsName: false }, labels));
    });
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const left = await this.#left.next(out, signal);
    const right = await this.#right.next(out, signal);
    if (left === undefined || right === undefined) return false;
    startBatch(out, left);
    const [many, one] = this.#swapped ? [right, left] : [left, right];
    for (let k = 0; k < out.steps; k++) {
      this.#placeOne(one, k);
      this.#step(many, one, out, k);
    }
    if (this.#execution.spend(out.steps * (left.width + right.width))) await this.#execution.pause(signal);
    return true;
  }

  #placeOne(one: StepBatch, k: number): void {
    this.#one.fill(-1);
    const groups = this.#oneGroups;
    const row = k * one.width;
    for (let j = 0; j < one.width; j++) {
      if (one.present[row + j] !== 1) continue;
      const group = groups[j] as number;
      const taken = this.#one[group] as number;
      if (taken >= 0) throw this.#duplicate(group, taken, j);
      this.#one[group] = j;
    }
  }

  #step(many: StepBatch, one: StepBatch, out: StepBatch, k: number): void {
    const groups = this.#manyGroups;
    const row = k * many.width;
    const exclusive = this.#options.matching.cardinality === 'one-to-one';
    this.#seen.fill(UNSEEN);
    for (let i = 0; i < many.width; i++) {
      if (many.present[row + i] !== 1) continue;
      const group = groups[i] as number;
      const j = this.#one[group] as number;
      const other = j >= 0 ? (one.values[k * one.width + j] as number) : this.#fillOne;
      if (other === undefined) continue;
      const column = this.#columns[(this.#base[i] as number) + (j >= 0 ? (this.#variant[j] as number) : 0)] as number;
      const passed = this.#combine(many.values[row + i] as number, other, out, k, column);
      if (passed && exclusive && this.#seen[group] === PASSED) throw this.#manyToOne();
      if (passed || this.#seen[group] === UNSEEN) this.#seen[group] = passed ? PASSED : MET;
    }
    this.#fill(one, out, k);
  }

  /** Groups that have only the one side, where the many side is filled in. */
  #fill(one: StepBatch, out: StepBatch, k: number): void {
    const filler = this.#fillMany;
    if (filler === undefined || this.#fillerColumns === undefined) return;
    for (let group = 0; group < this.#one.length; group++) {
      const j = this.#one[group] as number;
      if (j < 0 || this.#seen[group] !== UNSEEN) continue;
      this.#combine(filler, one.values[k * one.width + j] as number, out, k, this.#fillerColumns[j] as number);
    }
  }

  /** Writes a pair's result; false where a comparison lets nothing pass. */
  #combine(many: number, one: number, out: StepBatch, k: number, column: number): boolean {
    const { operator, bool } = this.#options;
    const left = this.#swapped ? one : many;
    const right = this.#swapped ? many : one;
    let result: number;
    if (isComparison(operator)) {
      const holds = compare(operator, left, right);
      if (!holds && !bool) return false;
      result = bool ? Number(holds) : left;
    } else result = arithmetic(operator, left, right);
    const cell = k * out.width + column;
    if (out.present[cell] === 1) throw this.#manyToOne();
    out.values[cell] = result;
    out.present[cell] = 1;
    return true;
  }

  #duplicate(group: number, first: number, second: number): Error {
    const side = this.#swapped ? 'left' : 'right';
    const labels = this.#groups.labels[group] ?? Labels.EMPTY;
    const pair = [first, second].map((j) => spelled(this.#oneSeries[j]?.labels ?? Labels.EMPTY)).sort().join(', ');
    const message = `found duplicate series for the match group ${spelled(labels)} on the ${side} hand-side of the operation: [${pair}];many-to-many matching not allowed: matching labels must be unique on one side`;
    return this.#execution.failure(message, this.#options.from);
  }

  #manyToOne(): Error {
    const explicit = this.#options.matching.cardinality !== 'one-to-one';
    const message = explicit
      ? 'multiple matches for labels: grouping labels must ensure unique matches'
      : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
    return this.#execution.failure(message, this.#options.from);
  }

  toString(): string {
    return this.#options.operator;
  }
}

/** Every label between braces, the metric name as well. */
function spelled(labels: Labels): string {
  return `{${[...labels].map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
