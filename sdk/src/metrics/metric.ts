import { LimitError } from '../errors.js';
import { isLegacyLabelName, isLegacyMetricName } from '../model/labels.js';
import { REFUSED, STATE, exemplarCell, type Definition, type Directory, type Family } from './directory.js';
import { exemplarText, type ExemplarLabels } from './exemplar-labels.js';
import type { Exemplar } from './exemplars.js';
import { MAX_RUN_CELLS, type CellRun } from './shared-cells.js';
import { ValueTree } from './value-tree.js';

/** Label values by name; numbers are written as text, and what is left out or empty is no label. */
export type LabelValues<Name extends string> = Partial<Record<Name, string | number>>;

/** What all metrics take. */
export interface MetricOptions<Name extends string> {
  /** `[a-zA-Z_:][a-zA-Z0-9_:]*`; by convention it ends in a unit, and a counter's in `_total`. */
  readonly name: string;
  /** One sentence for people. */
  readonly help: string;
  /** `[a-zA-Z_][a-zA-Z0-9_]*`, without those that begin with `__`. */
  readonly labelNames?: readonly Name[];
  /** The registry that the metric belongs to: exactly one. */
  readonly registers: readonly Register[];
  /** The most label sets; 10,000 by default. */
  readonly maxSeries?: number;
}

/** A registry, as its metrics see it. */
export interface Register {
  readonly directory: Directory;
  readonly clock: MetricsClock;
  /** Whether updates of label sets that find no room throw, or are counted. */
  readonly overLimit: 'throw' | 'count';
  /** Makes a metric one of the registry's; its callback runs at each collection in this thread. */
  adopt(metric: { readonly name: string }, collect: (() => void | Promise<void>) | undefined): void;
  /** Tells whoever made the registry of something that must not stop the program. */
  report(error: Error): void;
}

/** The two clocks, both in milliseconds: since the epoch, and since some fixed moment. */
export interface MetricsClock {
  now(): number;
  elapsed(): number;
}

const MAX_SERIES = 10_000;

/**
 * A declared metric: its label sets, found by their values.
 *
 * Over the limit, updates of new label sets are refused and label sets that exist go on. What a refused update does
 * is the registry's `overLimit`. Wrong label names, being mistakes in the program, always throw.
 */
export class DeclaredMetric<Name extends string> {
  readonly definition: Definition;
  readonly #register: Register;
  readonly #family: Family;
  readonly #slots = new ValueTree<Slot>();
  readonly #names: ReadonlySet<string>;
  #reported = false;

  /** Throws a TypeError that names what is wrong, also when the name is taken by a metric with other options. */
  constructor(options: MetricOptions<Name> & ExemplarOption, type: Definition['type'], buckets: readonly number[] = []) {
    const { name, help, labelNames = [], maxSeries = MAX_SERIES, enableExemplars: exemplars = false } = options;
    const [register] = options.registers;
    if (register === undefined || options.registers.length !== 1) {
      throw new TypeError(`metric ${name}: met ${options.registers.length} registries, expected one`);
    }
    const definition: Definition = { type, name, help, labelNames: [...labelNames], buckets, maxSeries, exemplars };
    checkDefinition(definition);
    this.#register = register;
    this.#family = register.directory.declare(definition);
    this.definition = this.#family.definition;
    checkSame(definition, this.definition);
    this.#names = new Set(labelNames);
    if (labelNames.length === 0) this.slot().cells();
  }

  /** The place of a label set. Throws a TypeError when a label is not one of the metric's. */
  slot(labels?: LabelValues<Name>): Slot {
    if (labels === undefined) return this.#slotOf(this.definition.labelNames.map(() => ''));
    return this.#known(labels) ?? this.#slotOf(this.#valuesOf(labels));
  }

  /** The same, by values in the order of the label names, or by an object. */
  slotBy(values: LabelArguments<Name>): Slot {
    return this.#slotOf(this.#valuesBy(values));
  }

  /** Takes a label set out of the output. An update brings it back, from 0. */
  remove(values: LabelArguments<Name>): void {
    const series = this.#register.directory.find(this.#family, this.#valuesBy(values).map(toWellFormed));
    if (series !== undefined) this.#register.directory.remove(this.#family, series);
  }

  /** Removes all label sets; a metric without labels goes back to 0. */
  reset(): void {
    const { directory } = this.#register;
    for (const series of directory.all(this.#family)) {
      if (this.definition.labelNames.length === 0) directory.clear(this.#family, series);
      else directory.remove(this.#family, series);
    }
  }

  /** Gives the metric object to its registry. */
  adopt(metric: { readonly name: string }, collect: (() => void | Promise<void>) | undefined): void {
    this.#register.adopt(metric, collect);
  }

  /** An example of a value that is about to be counted. Throws an error that names the metric when it can't be kept. */
  exemplar(value: number, labels: ExemplarLabels): Exemplar {
    const { name, exemplars } = this.definition;
    if (!exemplars) throw new TypeError(`metric ${name}: an exemplar, expected enableExemplars among its options`);
    return { labels: exemplarText(name, labels), value, at: this.now() };
  }

  /** Keeps an example of what was just counted: of the counter (`i` is 0), or of a bucket. */
  exemplify(cells: CellRun, i: number, exemplar: Exemplar): void {
    this.#register.directory.exemplify(cells, exemplarCell(this.definition, i), exemplar);
  }

  /** The time on the registry's wall clock, in milliseconds since the epoch. */
  now(): number {
    return this.#register.clock.now();
  }

  /** The returned function gives the seconds since the call. */
  startTimer(): () => number {
    const { clock } = this.#register;
    const start = clock.elapsed();
    return () => (clock.elapsed() - start) / 1000;
  }

  /** The cells of a label set, which is made where it is new; undefined when it is refused. For `Slot`. */
  acquire(slot: Slot, labelValues: readonly string[]): CellRun | undefined {
    const series = this.#register.directory.series(this.#family, labelValues);
    if (series === undefined) {
      this.#refuse(labelValues);
      return undefined;
    }
    this.#slots.set(labelValues, slot);
    return series.cells;
  }

  #slotOf(labelValues: readonly string[]): Slot {
    let place: ValueTree<Slot> | undefined = this.#slots;
    for (const value of labelValues) place = place?.child(value);
    return place?.item ?? new Slot(this, labelValues.map(toWellFormed));
  }

  /** The place of a label set that has been updated before: this is on the way to every update. */
  #known(labels: LabelValues<Name>): Slot | undefined {
    let place: ValueTree<Slot> | undefined = this.#slots;
    let others = 0;
    for (const _ in labels) others++;
    for (const name of this.definition.labelNames) {
      const value = labels[name as Name];
      if (value !== undefined) others--;
      place = place.child(typeof value === 'string' ? value : textOf(value));
      if (place === undefined) return undefined;
    }
    // Whoever gives a label that is not the metric's is told so on the other way.
    return others === 0 ? place.item : undefined;
  }

  #valuesOf(labels: LabelValues<Name>): readonly string[] {
    for (const name in labels) if (!this.#names.has(name)) throw this.#unknownLabel(name);
    return this.definition.labelNames.map((name) => textOf(labels[name as Name]));
  }

  #valuesBy(values: LabelArguments<Name>): readonly string[] {
    const [first] = values;
    if (typeof first === 'object') return this.#valuesOf(first);
    const { name, labelNames } = this.definition;
    if (values.length !== labelNames.length) {
      throw new TypeError(`metric ${name}: met ${values.length} label values, expected ${labelNames.length}`);
    }
    return (values as readonly (string | number)[]).map(textOf);
  }

  #unknownLabel(label: string): TypeError {
    const { name, labelNames } = this.definition;
    return new TypeError(`metric ${name}: label "${label}" is not declared, expected one of [${labelNames.join(', ')}]`);
  }

  #refuse(labelValues: readonly string[]): void {
    if (this.#register.overLimit === 'throw') throw this.#noRoom(labelValues);
    this.#family.cells.add(REFUSED, 1);
    if (this.#reported) return;
    this.#reported = true;
    this.#register.report(this.#noRoom(labelValues));
  }

  #noRoom(labelValues: readonly string[]): LimitError {
    const { name, labelNames, maxSeries } = this.definition;
    const labels = labelNames.map((label, i) => `${label}=${JSON.stringify(labelValues[i])}`).join(',');
    const message = `metric ${name}: no room for {${labels}} among ${maxSeries} label sets; it is not counted`;
    return new LimitError(`maxSeries of ${name}`, maxSeries, maxSeries + 1, message);
  }
}

/** Of metrics that keep exemplars. */
export interface ExemplarOption {
  /** Updates may bring an example, which OpenMetrics shows; with it an object given to an update has the members `labels`, `value` and `exemplarLabels`. */
  readonly enableExemplars?: boolean;
}

/** Label values in the order of the label names, or one object. */
export type LabelArguments<Name extends string> = readonly (string | number)[] | readonly [LabelValues<Name>];

/** The place of one label set, found again where it was removed. */
export class Slot {
  readonly #metric: { acquire(slot: Slot, labelValues: readonly string[]): CellRun | undefined };
  readonly #labelValues: readonly string[];
  #cells: CellRun | undefined;

  constructor(metric: { acquire(slot: Slot, labelValues: readonly string[]): CellRun | undefined }, labelValues: readonly string[]) {
    this.#metric = metric;
    this.#labelValues = labelValues;
  }

  /** The cells to update; undefined when the update is refused. */
  cells(): CellRun | undefined {
    const cells = this.#cells;
    if (cells !== undefined && cells.peek(STATE) === 1) return cells;
    return (this.#cells = this.#metric.acquire(this, this.#labelValues));
  }
}

function textOf(value: string | number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** Lone surrogates can't be written in UTF-8; they become U+FFFD, as they would on the way out. */
function toWellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function checkDefinition({ type, name, labelNames, buckets, maxSeries }: Definition): void {
  if (!isLegacyMetricName(name)) {
    throw new TypeError(`metric name ${JSON.stringify(name)}, expected [a-zA-Z_:][a-zA-Z0-9_:]*`);
  }
  if (!Number.isInteger(maxSeries) || maxSeries < 1) {
    throw new TypeError(`metric ${name}: maxSeries ${maxSeries}, expected an integer from 1`);
  }
  for (const label of labelNames) {
    const met = `metric ${name}: label name ${JSON.stringify(label)}`;
    if (!isLegacyLabelName(label)) throw new TypeError(`${met}, expected [a-zA-Z_][a-zA-Z0-9_]*`);
    if (label.startsWith('__')) throw new TypeError(`${met} is reserved, expected one without __ in front`);
    if (type === 'histogram' && label === 'le') throw new TypeError(`${met} is reserved for the bounds of buckets`);
  }
  if (new Set(labelNames).size < labelNames.length) {
    throw new TypeError(`metric ${name}: label names [${labelNames.join(', ')}], expected each once`);
  }
  if (type === 'histogram') checkBuckets(name, buckets);
}

const MAX_BUCKETS = MAX_RUN_CELLS - 3;

function checkBuckets(name: string, buckets: readonly number[]): void {
  const ascending = buckets.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > (buckets[i - 1] as number)));
  if (!ascending || buckets.length === 0 || buckets.length > MAX_BUCKETS) {
    throw new TypeError(`metric ${name}: buckets [${buckets.join(', ')}], expected 1 to ${MAX_BUCKETS} finite bounds, ascending`);
  }
}

function checkSame(asked: Definition, declared: Definition): void {
  for (const option of ['type', 'labelNames', 'buckets', 'exemplars'] as const) {
    const met = JSON.stringify(asked[option]);
    const before = JSON.stringify(declared[option]);
    if (met !== before) throw new TypeError(`metric ${asked.name} is declared with ${option} ${before}, met ${met}`);
  }
}
