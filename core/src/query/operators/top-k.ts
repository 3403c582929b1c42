import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Grouping } from '../language/ast.js';
import type { Execution } from './execution.js';
import { rankSeries } from '../label-order.js';
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
  #series: readonly OutputSeries[] = [];
  /** The places of the series by their labels, which decide between equals; known once there were any. */
  #places: Uint32Array | undefined;
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
    this.#series = series;
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
      for (const i of this.#chosen(members, batch, row, parameter)) {
        out.values[row + i] = batch.values[row + i] as number;
        out.present[row + i] = 1;
      }
    }
  }

  #chosen(members: readonly number[], { present, values }: StepBatch, row: number, parameter: number): readonly number[] {
    const { choice } = this.#options;
    if (choice === 'limit_ratio') return members.filter((i) => present[row + i] === 1 && isDrawn(this.#lots[i] ?? 0, parameter));
    const count = Math.max(0, Math.trunc(parameter));
    const chosen: number[] = [];
    if (count === 0) return chosen;
    for (const i of members) {
      if (present[row + i] !== 1) continue;
      if (choice === 'limitk') {
        if (chosen.push(i) === count) break;
      } else this.#place(i, chosen, count, values, row);
    }
    return chosen;
  }

  /** Puts a series at its place among the best so far, best first, of which only `count` stay. */
  #place(i: number, best: number[], count: number, values: Float64Array, row: number): void {
    let at = best.length;
    while (at > 0 && this.#order(i, best[at - 1] as number, values, row) < 0) at--;
    if (at >= count) return;
    if (best.length < count) best.push(i);
    for (let j = best.length - 1; j > at; j--) best[j] = best[j - 1] as number;
    best[at] = i;
  }

  /** Best first, NaN last; of equals the first by its labels. */
  #order(a: number, b: number, values: Float64Array, row: number): number {
    const x = values[row + a] as number;
    const y = values[row + b] as number;
    if (x < y) return this.#options.choice === 'bottomk' ? -1 : 1;
    if (x > y) return this.#options.choice === 'bottomk' ? 1 : -1;
    if (x !== y && (x === x || y === y)) return x === x ? -1 : 1;
    this.#places ??= rankSeries(this.#series).rowOf;
    return (this.#places[a] as number) - (this.#places[b] as number) || a - b;
  }

  order(only: StepBatch): readonly number[] {
    return this.#members.flatMap((members) => {
      const present = members.filter((i) => only.present[i] === 1);
      return this.#options.choice.startsWith('limit') ? present : present.sort((a, b) => this.#order(a, b, only.values, 0));
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
