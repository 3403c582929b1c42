import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Execution } from './execution.js';
import { Input, presentColumns, startBatch } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

/** What a function over instant vectors does, given its arguments as operators. */
export interface CallBody {
  /** The result's series, from those of the arguments. */
  series(args: readonly (readonly OutputSeries[])[]): readonly OutputSeries[];
  /** Fills `out`, which has the arguments' steps and no sample yet. */
  compute(args: readonly StepBatch[], out: StepBatch): void;
  order?(only: StepBatch): readonly number[];
}

/** A function over instant vectors and scalars. */
export class Call implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #name: string;
  readonly #args: readonly Input[];
  readonly #body: CallBody;

  constructor(execution: Execution, name: string, args: readonly Operator[], body: CallBody) {
    this.#execution = execution;
    this.#name = name;
    this.inputs = args;
    this.#args = args.map((argument) => new Input(argument));
    this.#body = body;
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const all: (readonly OutputSeries[])[] = [];
    for (const argument of this.#args) all.push(await argument.series(signal));
    return this.#execution.declare(this.#body.series(all));
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const batches: StepBatch[] = [];
    for (const argument of this.#args) {
      const batch = await argument.next(out, signal);
      if (batch === undefined) return false;
      batches.push(batch);
    }
    const [first] = batches;
    if (first === undefined) return false;
    startBatch(out, first);
    this.#body.compute(batches, out);
    return true;
  }

  order(only: StepBatch): readonly number[] {
    if (this.#body.order !== undefined) return this.#body.order(only);
    return presentColumns(only);
  }

  toString(): string {
    return `${this.#name}()`;
  }
}
