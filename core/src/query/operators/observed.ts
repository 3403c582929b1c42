import type { Clock, Duration, StepBatch } from '@metrics-dashboard/sdk';
import type { Span } from '../language/ast.js';
import type { Grid } from '../plan/logical.js';
import type { Execution } from './execution.js';
import { presentColumns } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

/** What was seen of one operator while it worked; times and samples have those of its inputs in them. */
export interface Observation {
  /** Known when the operator is made. */
  name: string;
  readonly from: number;
  readonly to: number;
  readonly inputs: Observation[];
  /** How many steps it answers. */
  readonly steps: number;
  series: number;
  points: number;
  samples: number;
  milliseconds: number;
  /** What it reads itself; known when the series were looked up. */
  reads: () => Reads | undefined;
}

/** What a selector reads from the storage. */
export interface Reads {
  /** The resolutions of its levels, oldest first; 0 is raw samples. */
  readonly levels: readonly Duration[];
  readonly estimatedSamples: number;
  /** How many blocks of the storage hold some of it; undefined where that is not known. */
  readonly blocks: number | undefined;
}

/** Hands an operator's results on, and notes what they took. */
export class Observed implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #clock: Clock;
  readonly #inner: Operator;
  readonly #seen: Observation;

  constructor(execution: Execution, clock: Clock, inner: Operator, seen: Observation) {
    this.#execution = execution;
    this.#clock = clock;
    this.#inner = inner;
    this.#seen = seen;
    this.inputs = inner.inputs;
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const series = await this.#noting(() => this.#inner.series(signal));
    this.#seen.series = series.length;
    return series;
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const more = await this.#noting(() => this.#inner.next(out, signal));
    if (more) for (let cell = 0; cell < out.steps * out.width; cell++) this.#seen.points += out.present[cell] as number;
    return more;
  }

  order(only: StepBatch): readonly number[] {
    return this.#inner.order?.(only) ?? presentColumns(only);
  }

  async #noting<T>(work: () => Promise<T>): Promise<T> {
    const begun = this.#clock.elapsed();
    const before = this.#execution.samplesLoaded;
    try {
      return await work();
    } finally {
      this.#seen.milliseconds += this.#clock.elapsed() - begun;
      this.#seen.samples += this.#execution.samplesLoaded - before;
    }
  }

  toString(): string {
    return this.#inner.toString();
  }
}

/** The operator that is made, seen by the observer where there is one. */
export function observed({ execution, observer }: { readonly execution: Execution; readonly observer: Observer | undefined }, span: Span, grid: Grid, make: () => Operator): Operator {
  return observer === undefined ? make() : observer.observe(execution, span, grid, make);
}

/** Puts itself around every operator of a plan as it is made. */
export class Observer {
  readonly roots: Observation[] = [];
  readonly #clock: Clock;
  #inside: Observation | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  observe(execution: Execution, { from, to }: Span, { count: steps }: Grid, make: () => Operator): Operator {
    const seen: Observation = { name: '', from, to, inputs: [], steps, series: 0, points: 0, samples: 0, milliseconds: 0, reads: () => undefined };
    (this.#inside?.inputs ?? this.roots).push(seen);
    const made = this.#within(seen, make);
    seen.name = made.toString();
    seen.reads = () => made.reads?.();
    return new Observed(execution, this.#clock, made, seen);
  }

  /** For what is made later: puts it where things are being made now. */
  here(): <T>(make: () => T) => T {
    const place = this.#inside;
    return (make) => this.#within(place, make);
  }

  #within<T>(place: Observation | undefined, make: () => T): T {
    const before = this.#inside;
    this.#inside = place;
    try {
      return make();
    } finally {
      this.#inside = before;
    }
  }
}
