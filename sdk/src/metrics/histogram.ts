import { VALUE } from './directory.js';
import type { ExemplarLabels } from './exemplar-labels.js';
import { checkUpdate, type ExemplifiedUpdate } from './exemplified-update.js';
import { DeclaredMetric, type ExemplarOption, type LabelArguments, type LabelValues, type MetricOptions, type Slot } from './metric.js';

/** Bounds in seconds that suit answers of a network service. */
export const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface HistogramOptions<Name extends string = string> extends MetricOptions<Name>, ExemplarOption {
  /** The upper bounds of the buckets, each belonging to its bucket, ascending; the infinite one is always there. */
  readonly buckets?: readonly number[];
  /** Called before each collection in the thread that declared it. */
  readonly collect?: (this: Histogram<Name>) => void | Promise<void>;
}

/** Counts observations by size. The bounds are fixed when it is declared. */
export class Histogram<Name extends string = string> {
  readonly #metric: DeclaredMetric<Name>;
  readonly #whole: Slot;

  constructor(options: HistogramOptions<Name>) {
    const { buckets = DEFAULT_BUCKETS } = options;
    this.#metric = new DeclaredMetric(options, 'histogram', buckets.at(-1) === Infinity ? buckets.slice(0, -1) : [...buckets]);
    this.#whole = this.#metric.slot();
    this.#metric.adopt(this, options.collect?.bind(this));
  }

  get name(): string {
    return this.#metric.definition.name;
  }

  /**
   * Counts one observation. Throws a RangeError that names the metric, and changes nothing, when it is NaN or
   * infinite: it would make the sum useless for as long as the program runs. With `enableExemplars`, an object is the
   * whole observation, as prom-client has it.
   */
  observe(value: number): void;
  observe(labels: LabelValues<Name>, value: number): void;
  observe(observation: ExemplifiedUpdate<Name>): void;
  observe(first: LabelValues<Name> | ExemplifiedUpdate<Name> | number, second?: number): void {
    if (typeof first === 'number') observe(this.#whole, first, this.#metric);
    else if (this.#metric.definition.exemplars) this.#observe(first);
    else observe(this.#metric.slot(first as LabelValues<Name>), second ?? NaN, this.#metric);
  }

  /** Makes a label set appear before its first observation. */
  zero(labels: LabelValues<Name>): void {
    this.#metric.slot(labels).cells();
  }

  /** Begins to measure; the returned function observes the seconds since then and returns them. */
  startTimer(
    labels?: LabelValues<Name>,
    exemplarLabels?: ExemplarLabels,
  ): (labels?: LabelValues<Name>, exemplarLabels?: ExemplarLabels) => number {
    const stop = this.#metric.startTimer();
    return (more, exemplar = exemplarLabels) => {
      const seconds = stop();
      observe(this.#metric.slot({ ...labels, ...more }), seconds, this.#metric, exemplar);
      return seconds;
    };
  }

  /** The histogram of one label set, to be kept by whoever observes often. */
  labels(...values: LabelArguments<Name>): HistogramChild {
    return new HistogramChild(this.#metric.slotBy(values), this.#metric);
  }

  remove(...values: LabelArguments<Name>): void {
    this.#metric.remove(values);
  }

  /** Back to 0, in all threads; label sets disappear. */
  reset(): void {
    this.#metric.reset();
  }

  #observe(observation: ExemplifiedUpdate<Name>): void {
    checkUpdate(this.name, observation);
    const { labels, value = NaN, exemplarLabels } = observation;
    observe(labels === undefined ? this.#whole : this.#metric.slot(labels), value, this.#metric, exemplarLabels);
  }
}

export class HistogramChild {
  readonly #slot: Slot;
  readonly #metric: Measured;

  constructor(slot: Slot, metric: Measured) {
    this.#slot = slot;
    this.#metric = metric;
  }

  observe(value: number, exemplarLabels?: ExemplarLabels): void {
    observe(this.#slot, value, this.#metric, exemplarLabels);
  }

  startTimer(): () => number {
    const stop = this.#metric.startTimer();
    return () => {
      const seconds = stop();
      this.observe(seconds);
      return seconds;
    };
  }
}

/** `count` bounds from `start`, each `width` more than the last. */
export function linearBuckets(start: number, width: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i * width);
}

/** `count` bounds from `start`, each `factor` times the last. */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start * factor ** i);
}

type Measured = Pick<DeclaredMetric<string>, 'definition' | 'exemplar' | 'exemplify' | 'startTimer'>;

/** Cells: the sum, then one count for each bucket, the infinite one last. The number of observations is their sum. */
function observe(slot: Slot, value: number, metric: Measured, labels?: ExemplarLabels): void {
  const { name, buckets } = metric.definition;
  if (!Number.isFinite(value)) throw new RangeError(`histogram ${name}: observation ${value}, expected a finite number`);
  const exemplar = labels === undefined ? undefined : metric.exemplar(value, labels);
  const cells = slot.cells();
  if (cells === undefined) return;
  const bucket = bucketOf(value, buckets);
  cells.add(VALUE + 1 + bucket, 1);
  cells.add(VALUE, value);
  if (exemplar !== undefined) metric.exemplify(cells, bucket, exemplar);
}

function bucketOf(value: number, bounds: readonly number[]): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
