import { VALUE } from './directory.js';
import { DeclaredMetric, type LabelArguments, type LabelValues, type MetricOptions, type Slot } from './metric.js';

export interface CounterOptions<Name extends string = string> extends MetricOptions<Name> {
  /** Called before each collection in the thread that declared it. */
  readonly collect?: (this: Counter<Name>) => void | Promise<void>;
}

/** A number that only goes up, and starts at 0 with the program. */
export class Counter<Name extends string = string> {
  readonly #metric: DeclaredMetric<Name>;
  readonly #whole: Slot;

  constructor(options: CounterOptions<Name>) {
    this.#metric = new DeclaredMetric(options, 'counter');
    this.#whole = this.#metric.slot();
    this.#metric.adopt(this, options.collect?.bind(this));
  }

  get name(): string {
    return this.#metric.definition.name;
  }

  /**
   * Adds a number, 1 by default. Throws a RangeError that names the metric, and changes nothing, when the number is
   * negative, NaN or infinite.
   */
  inc(value?: number): void;
  inc(labels: LabelValues<Name>, value?: number): void;
  inc(first: LabelValues<Name> | number = 1, second = 1): void {
    if (typeof first === 'number') addTo(this.#whole, first, this.name);
    else addTo(this.#metric.slot(first), second, this.name);
  }

  /** The counter of one label set, to be kept by whoever counts often. */
  labels(...values: LabelArguments<Name>): CounterChild {
    return new CounterChild(this.#metric.slotBy(values), this.name);
  }

  remove(...values: LabelArguments<Name>): void {
    this.#metric.remove(values);
  }

  /** Back to 0, in all threads; label sets disappear. */
  reset(): void {
    this.#metric.reset();
  }
}

export class CounterChild {
  readonly #slot: Slot;
  readonly #name: string;

  constructor(slot: Slot, name: string) {
    this.#slot = slot;
    this.#name = name;
  }

  inc(value = 1): void {
    addTo(this.#slot, value, this.#name);
  }
}

function addTo(slot: Slot, value: number, name: string): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`counter ${name}: increment by ${value}, expected a finite number from 0`);
  }
  slot.cells()?.add(VALUE, value);
}
