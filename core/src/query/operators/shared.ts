import type { StepBatch } from '@metrics-dashboard/sdk';
import { makeBatch, presentColumns } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

/** A batch that was computed, at its place in the whole grid. */
interface Kept {
  readonly at: number;
  readonly batch: StepBatch;
}

/** Computes one operator for several that want its results. Batches are kept until everyone has had them. */
export class SharedSource {
  readonly operator: Operator;
  readonly #readers: SharedReader[] = [];
  #series: Promise<readonly OutputSeries[]> | undefined;
  #width = 0;
  #computed = 0;
  #kept: readonly Kept[] = [];

  constructor(operator: Operator) {
    this.operator = operator;
  }

  /** Everyone who reads says so before anyone begins. */
  reader(): Operator {
    const reader = new SharedReader(this);
    this.#readers.push(reader);
    return reader;
  }

  series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    this.#series ??= this.operator.series(signal).then((series) => {
      this.#width = series.length;
      return series;
    });
    return this.#series;
  }

  /** The batch that holds a step, computed with room for `capacity` steps where it is not yet; undefined at the end. */
  async batchWith(step: number, capacity: number, signal: AbortSignal): Promise<Kept | undefined> {
    const known = this.#kept.find(({ at, batch }) => step >= at && step < at + batch.steps);
    if (known !== undefined || step < this.#computed) return known;
    const batch = makeBatch(capacity, this.#width);
    if (!(await this.operator.next(batch, signal))) return undefined;
    const fresh = { at: this.#computed, batch };
    this.#computed += batch.steps;
    this.#kept = [...this.#kept, fresh];
    return fresh;
  }

  /** Lets go of what every reader has passed. */
  forget(): void {
    const slowest = Math.min(...this.#readers.map(({ position }) => position));
    this.#kept = this.#kept.filter(({ at, batch }) => at + batch.steps > slowest);
  }
}

class SharedReader implements Operator {
  readonly inputs: readonly Operator[];
  readonly #source: SharedSource;
  /** The next step that it wants. */
  position = 0;

  constructor(source: SharedSource) {
    this.#source = source;
    this.inputs = [source.operator];
  }

  series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    return this.#source.series(signal);
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    out.steps = 0;
    while (out.steps < out.times.length) {
      const kept = await this.#source.batchWith(this.position, out.times.length - out.steps, signal);
      if (kept === undefined) break;
      this.#copy(kept, out);
    }
    this.#source.forget();
    return out.steps > 0;
  }

  #copy({ at, batch }: Kept, out: StepBatch): void {
    const from = this.position - at;
    const steps = Math.min(batch.steps - from, out.times.length - out.steps);
    const { width } = batch;
    out.times.set(batch.times.subarray(from, from + steps), out.steps);
    out.values.set(batch.values.subarray(from * width, (from + steps) * width), out.steps * width);
    out.present.set(batch.present.subarray(from * width, (from + steps) * width), out.steps * width);
    out.steps += steps;
    this.position += steps;
  }

  order(only: StepBatch): readonly number[] {
    return this.#source.operator.order?.(only) ?? presentColumns(only);
  }

  toString(): string {
    return 'shared';
  }
}
