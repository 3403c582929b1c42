import { VALUE } from './directory.js';
import type { ExemplarLabels } from './exemplar-labels.js';
import { checkUpdate, type ExemplifiedUpdate } from './exemplified-update.js';
import { DeclaredMetric, type ExemplarOption, type LabelArguments, type LabelValues, type MetricOptions, type Slot } from './metric.js';

export interface CounterOptions<Name extends string = string> extends MetricOptions<Name>, ExemplarOption {
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
   * negative, NaN or infinite. With `enableExemplars`, an object is the whole update, as prom-client has it.
   */
  inc(value?: number): void;
  inc(labels: LabelValues<Name>, value?: number): void;
  inc(update: ExemplifiedUpdate<Name>): void;
  inc(first: LabelValues<Name> | ExemplifiedUpdate<Name> | number = 1, second = 1): void {
    if (typeof first === 'number') addTo(this.#whole, first, this.#metric);
    else if (this.#metric.definition.exemplars) this.#update(first);
    else addTo(this.#metric.slot(first as LabelValues<Name>), second, this.#metric);
  }

  /** The counter of one label set, to be kept by whoever counts often. */
  labels(...values: LabelArguments<Name>): CounterChild {
    return new CounterChild(this.#metric.slotBy(values), this.#metric);
  }

  remove(...values: LabelArguments<Name>): void {
    this.#metric.remove(values);
  }

  /** Back to 0, in all threads; label sets disappear. */
  reset(): void {
    this.#metric.reset();
  }

  #update(update: ExemplifiedUpdate<Name>): void {
    checkUpdate(this.name, update);
    const { labels, value = 1, exemplarLabels } = update;
    addTo(labels === undefined ? this.#whole : this.#metric.slot(labels), value, this.#metric, exemplarLabels);
  }
}

export class CounterChild {
  readonly #slot: Slot;
  readonly #metric: Exemplified;

  constructor(slot: Slot, metric: Exemplified) {
    this.#slot = slot;
    this.#metric = metric;
  }

  inc(value = 1, exemplarLabels?: ExemplarLabels): void {
    addTo(this.#slot, value, this.#metric, exemplarLabels);
  }
}

type Exemplified = Pick<DeclaredMetric<string>, 'definition' | 'exemplar' | 'exemplify'>;

function addTo(slot: Slot, value: number, metric: Exemplified, labels?: ExemplarLabels): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`counter ${metric.definition.name}: increment by ${value}, expected a finite number from 0`);
  }
  const exemplar = labels === undefined ? undefined : metric.exemplar(value, labels);
  const cells = slot.cells();
  cells?.add(VALUE, value);
  if (exemplar !== undefined && cells !== undefined) metric.exemplify(cells, 0, exemplar);
}
