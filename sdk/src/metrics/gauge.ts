import { VALUE } from './directory.js';
import { DeclaredMetric, type LabelArguments, type LabelValues, type MetricOptions, type Slot } from './metric.js';

export interface GaugeOptions<Name extends string = string> extends MetricOptions<Name> {
  /**
   * Called before each collection, to set the gauge then. It runs only in the thread that declared the gauge and when
   * that thread collects: a thread whose registry another one prints sets its gauges itself, now and then.
   */
  readonly collect?: (this: Gauge<Name>) => void | Promise<void>;
}

/** A number that goes up and down. It takes any float64, NaN and infinities too; among threads the last `set` wins. */
export class Gauge<Name extends string = string> {
  readonly #metric: DeclaredMetric<Name>;
  readonly #whole: Slot;

  constructor(options: GaugeOptions<Name>) {
    this.#metric = new DeclaredMetric(options, 'gauge');
    this.#whole = this.#metric.slot();
    this.#metric.adopt(this, options.collect?.bind(this));
  }

  get name(): string {
    return this.#metric.definition.name;
  }

  set(value: number): void;
  set(labels: LabelValues<Name>, value: number): void;
  set(first: LabelValues<Name> | number, second?: number): void {
    this.#of(first).set(typeof first === 'number' ? first : numberOf(second, this.name));
  }

  inc(value?: number): void;
  inc(labels: LabelValues<Name>, value?: number): void;
  inc(first: LabelValues<Name> | number = 1, second = 1): void {
    this.#of(first).inc(typeof first === 'number' ? first : second);
  }

  dec(value?: number): void;
  dec(labels: LabelValues<Name>, value?: number): void;
  dec(first: LabelValues<Name> | number = 1, second = 1): void {
    this.#of(first).dec(typeof first === 'number' ? first : second);
  }

  /** Sets the gauge to the time now, in seconds since the epoch. */
  setToCurrentTime(labels?: LabelValues<Name>): void {
    this.#of(labels ?? 0).setToCurrentTime();
  }

  /** Begins to measure; the returned function sets the gauge to the seconds since then and returns them. */
  startTimer(labels?: LabelValues<Name>): (labels?: LabelValues<Name>) => number {
    const stop = this.#metric.startTimer();
    return (more) => {
      const seconds = stop();
      this.#of({ ...labels, ...more }).set(seconds);
      return seconds;
    };
  }

  /** The gauge of one label set, to be kept by whoever sets it often. */
  labels(...values: LabelArguments<Name>): GaugeChild {
    return new GaugeChild(this.#metric.slotBy(values), this.#metric);
  }

  remove(...values: LabelArguments<Name>): void {
    this.#metric.remove(values);
  }

  /** Back to 0, in all threads; label sets disappear. */
  reset(): void {
    this.#metric.reset();
  }

  #of(first: LabelValues<Name> | number): GaugeChild {
    return new GaugeChild(typeof first === 'number' ? this.#whole : this.#metric.slot(first), this.#metric);
  }
}

export class GaugeChild {
  readonly #slot: Slot;
  readonly #time: Timing;

  constructor(slot: Slot, time: Timing) {
    this.#slot = slot;
    this.#time = time;
  }

  set(value: number): void {
    this.#slot.cells()?.set(VALUE, value);
  }

  inc(value = 1): void {
    this.#slot.cells()?.add(VALUE, value);
  }

  dec(value = 1): void {
    this.#slot.cells()?.add(VALUE, -value);
  }

  setToCurrentTime(): void {
    this.set(this.#time.now() / 1000);
  }

  startTimer(): () => number {
    const stop = this.#time.startTimer();
    return () => {
      const seconds = stop();
      this.set(seconds);
      return seconds;
    };
  }
}

interface Timing {
  now(): number;
  startTimer(): () => number;
}

function numberOf(value: number | undefined, name: string): number {
  if (value === undefined) throw new TypeError(`gauge ${name}: no value, expected a number`);
  return value;
}
