import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Grouping } from '../language/ast.js';
import type { Execution } from './execution.js';
import { groupSeries } from './grouping.js';
import { Input, startBatch } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

export type Choice = 'topk' | 'bottomk' | 'limitk' | 'limit_ratio';

export interface TopKOptions {
  readonly choice: Choice;
  readonly grouping: Grouping;
  readonly inner: Operator;
  readonly parameter: Operator;
  /** Throws for a parameter that is none. */
  inspect(parameter: StepBatch): void;
}

/** `topk`, `bottomk`, `limitk` and `limit_ratio`: choose some series of each group at each step, and keep their labels. */
export class TopK implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #options: TopKOptions;
  readonly #inner: Input;
  readonly #parameter: Input;
  #members: readonly (readonly number[])[] = [];
  /** For `limit_ratio`: where each series lies between 0 and 1. */
  #lots: readonly number[] = [];

  constructor(execution: Execution, options: TopKOptions) {
    this.#execution = execution;
    this.#options = options;
    this.#inner = new Input(options.inner);
    this.#parameter = new Input(options.parameter);
    this.inputs = [options.parameter, options.inner];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    await this.#parameter.series(signal);
    const series = await this.#inner.series(signal);
    const { groups, series: found } = groupSeries(series, this.#options.grouping);
    const members = found.map((): number[] => []);
    groups.forEach((group, i) => members[group]?.push(i));
    this.#members = members;
    if (this.#options.choice === 'limit_ratio') this.#lots = series.map(({ labels }) => lotOf(labels.key));
    return this.#execution.declare(series);
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const parameter = await this.#parameter.next(out, signal);
    const batch = await this.#inner.next(out, signal);
    if (batch === undefined || parameter === undefined) return false;
    startBatch(out, batch);
    this.#options.inspect(parameter);
    for (let k = 0; k < batch.steps; k++) this.#step(batch, out, k, parameter.values[k] as number);
    if (this.#execution.spend(batch.steps * batch.width)) await this.#execution.pause(signal);
    return true;
  }

  #step(batch: StepBatch, out: StepBatch, k: number, parameter: number): void {
    const row = k * batch.width;
    for (const members of this.#members) {
      const present = members.filter((i) => batch.present[row + i] === 1);
      for (const i of this.#chosen(present, batch.values, row, parameter)) {
        out.values[row + i] = batch.values[row + i] as number;
        out.present[row + i] = 1;
      }
    }
  }

  #chosen(present: number[], values: Float64Array, row: number, parameter: number): readonly number[] {
    const { choice } = this.#options;
    if (choice === 'limit_ratio') return present.filter((i) => isDrawn(this.#lots[i] ?? 0, parameter));
    const count = Math.max(0, Math.trunc(parameter));
    if (choice !== 'limitk' && present.length > count) this.#sort(present, values, row);
    return present.slice(0, count);
  }

  /** Best first, NaN last; the sort is stable, so of equals the first stay. */
  #sort(columns: number[], values: Float64Array, row: number): number[] {
    const sign = this.#options.choice === 'bottomk' ? 1 : -1;
    return columns.sort((a, b) => {
      const x = values[row + a] as number;
      const y = values[row + b] as number;
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return x === y ? 0 : x < y ? -sign : sign;
    });
  }

  order(only: StepBatch): readonly number[] {
    return this.#members.flatMap((members) => {
      const present = members.filter((i) => only.present[i] === 1);
      return this.#options.choice.startsWith('limit') ? present : this.#sort(present, only.values, 0);
    });
  }

  toString(): string {
    return this.#options.choice;
  }
}

/** A ratio of 0.3 takes the series below 0.3, one of -0.7 those that 0.3 leaves. */
function isDrawn(lot: number, ratio: number): boolean {
  return ratio >= 0 ? lot < ratio : lot >= 1 + ratio;
}

/** The label set's 32-bit FNV-1a hash, mixed, as a fraction: always the same for the same series. */
function lotOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2 ** 32;
}
