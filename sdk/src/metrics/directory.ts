import { InvariantError, LimitError } from '../errors.js';
import type { GrowableBuffer } from './growable-buffer.js';
import { Exemplars, type Exemplar } from './exemplars.js';
import { SharedCells, type CellRun } from './shared-cells.js';
import { SharedLog } from './shared-log.js';

/** What is declared of a metric; equal in all threads. */
export interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** The upper bounds of a histogram's buckets, ascending, without the infinite one; empty for other types. */
  readonly buckets: readonly number[];
  /** The most label sets. */
  readonly maxSeries: number;
  /** Whether examples are kept of what is counted. */
  readonly exemplars: boolean;
}

/** A registry as it can be posted to another thread: plain data around two SharedArrayBuffers. */
export interface RegistryHandle {
  readonly format: 1;
  readonly log: SharedArrayBuffer;
  readonly cells: SharedArrayBuffer;
}

/** One metric: its definition and its label sets. */
export interface Family {
  readonly definition: Definition;
  /** `LIVE` counts the label sets, `REFUSED` the updates of those that found no room. */
  readonly cells: CellRun;
  readonly seriesByKey: Map<string, Series>;
}

/** One label set of a metric, in use or removed. */
export interface Series {
  /** In the order of the label names; `''` for a label that is not given. */
  readonly labelValues: readonly string[];
  /** `STATE`, then the numbers: the value of a counter or gauge; the sum and the buckets of a histogram; then the places of exemplars. */
  readonly cells: CellRun;
}

export const LIVE = 0;
export const REFUSED = 1;
const FAMILY_CELLS = 2;

/** 1 while a label set is in use, 0 when it was removed. */
export const STATE = 0;
/** The first of a series' numbers. */
export const VALUE = 1;

/** How many numbers a series of a metric has. */
export function valueCells(definition: Definition): number {
  return definition.type === 'histogram' ? 1 + definition.buckets.length + 1 : 1;
}

/** The cell with the place of the exemplar of a counter (`i` is 0), or of a histogram's bucket. */
export function exemplarCell(definition: Definition, i: number): number {
  return VALUE + valueCells(definition) + i;
}

/** How many exemplars a series of a metric has. */
function exemplarCells({ type, exemplars, buckets }: Definition): number {
  return !exemplars || type === 'gauge' ? 0 : buckets.length + 1;
}

/** The text that is equal for equal label values and for no others. */
export function keyOf(labelValues: readonly string[]): string {
  if (labelValues.length === 1) return labelValues[0] as string;
  let key = '';
  for (const value of labelValues) key += `${value.length}:${value}`;
  return key;
}

/**
 * The metrics of a registry and their label sets, the same in every thread that attaches to them: what is declared is
 * a record of the shared log, and each thread reads the records of the others before it adds one of its own.
 * A label set that was removed keeps its record and its cells, and takes them up again when it comes back.
 */
export class Directory {
  readonly #log: SharedLog;
  readonly #cells: SharedCells;
  readonly #exemplars: Exemplars;
  readonly #families = new Map<string, Family>();

  private constructor(log: SharedLog, cells: SharedCells) {
    this.#log = log;
    this.#cells = cells;
    this.#exemplars = new Exemplars(cells);
  }

  static create(maxBytes: number): Directory {
    return new Directory(SharedLog.create(maxBytes / 2), SharedCells.create(maxBytes / 2));
  }

  static attach(handle: RegistryHandle): Directory {
    if (handle.format !== 1) throw new InvariantError(`a registry handle of format ${String(handle.format)}, expected 1`);
    return new Directory(
      SharedLog.attach(handle.log as GrowableBuffer),
      SharedCells.attach(handle.cells as GrowableBuffer),
    );
  }

  share(): RegistryHandle {
    return { format: 1, log: this.#log.buffer, cells: this.#cells.buffer };
  }

  /** All metrics, in order of declaration, whichever thread declared them. */
  families(): Iterable<Family> {
    this.#sync();
    return this.#families.values();
  }

  family(name: string): Family | undefined {
    this.#sync();
    return this.#families.get(name);
  }

  /** Declares a metric, or finds it as it was declared. Throws a LimitError when the registry is full. */
  declare(definition: Definition): Family {
    const known = this.family(definition.name);
    if (known !== undefined) return known;
    const place = this.#cells.take(FAMILY_CELLS);
    const family = place === undefined ? undefined : this.#append({ place, definition }, () => this.family(definition.name));
    if (family === undefined) throw fullError(`metric ${definition.name}`, this.#cells.buffer);
    return family;
  }

  /** Finds a label set or makes it; undefined when its metric has as many as it may have, or the registry is full. */
  series(family: Family, labelValues: readonly string[]): Series | undefined {
    this.#sync();
    const known = family.seriesByKey.get(keyOf(labelValues));
    if (known?.cells.get(STATE) === 1) return known;
    if (!family.cells.addBelow(LIVE, family.definition.maxSeries)) return undefined;
    const series = known ?? this.#create(family, labelValues);
    // Whoever turns the state counts the label set; when it was another thread, it is counted already.
    if (series === undefined || !series.cells.swap(STATE, 0, 1)) family.cells.add(LIVE, -1);
    return series;
  }

  /** A label set that is in use, or undefined. */
  find(family: Family, labelValues: readonly string[]): Series | undefined {
    this.#sync();
    const series = family.seriesByKey.get(keyOf(labelValues));
    return series?.cells.get(STATE) === 1 ? series : undefined;
  }

  /** The label sets in use. */
  all(family: Family): readonly Series[] {
    this.#sync();
    return [...family.seriesByKey.values()].filter(({ cells }) => cells.get(STATE) === 1);
  }

  /** Takes a label set out of use. Updates that another thread makes at this very moment may be lost. */
  remove(family: Family, series: Series): void {
    if (!series.cells.swap(STATE, 1, 0)) return;
    this.clear(family, series);
    family.cells.add(LIVE, -1);
  }

  /** Sets a label set's numbers to 0. */
  clear(family: Family, series: Series): void {
    const { definition } = family;
    for (let i = 0; i < valueCells(definition); i++) series.cells.set(VALUE + i, 0);
    for (let i = 0; i < exemplarCells(definition); i++) this.#exemplars.clear(series.cells, exemplarCell(definition, i));
  }

  /** Keeps an example beside the number whose `exemplarCell` this is, instead of the one before. */
  exemplify(cells: CellRun, cell: number, exemplar: Exemplar): void {
    this.#exemplars.write(cells, cell, exemplar);
  }

  /** The last example there. */
  exemplar({ cells }: Series, cell: number): Exemplar | undefined {
    return this.#exemplars.read(cells, cell);
  }

  #create(family: Family, labelValues: readonly string[]): Series | undefined {
    const { definition } = family;
    const key = keyOf(labelValues);
    const place = this.#cells.take(VALUE + valueCells(definition) + exemplarCells(definition));
    if (place === undefined) return undefined;
    return this.#append({ place, metric: definition.name, labelValues }, () => family.seriesByKey.get(key));
  }

  /** Appends a record unless another thread appends its like first; what `find` then finds. */
  #append<T>(value: LogRecord, find: () => T | undefined): T | undefined {
    const record = this.#log.prepare(value);
    if (record === undefined) return undefined;
    for (;;) {
      this.#log.publish(record);
      this.#sync();
      const found = find();
      if (found !== undefined) return found;
    }
  }

  #sync(): void {
    for (let record = this.#log.read(); record !== undefined; record = this.#log.read()) this.#apply(record as LogRecord);
  }

  #apply(record: LogRecord): void {
    const cells = this.#cells.run(record.place);
    if ('definition' in record) {
      const { definition } = record;
      this.#families.set(definition.name, { definition, cells, seriesByKey: new Map() });
      return;
    }
    const { labelValues } = record;
    this.#families.get(record.metric)?.seriesByKey.set(keyOf(labelValues), { labelValues, cells });
  }
}

type LogRecord =
  | { readonly place: number; readonly definition: Definition }
  | { readonly place: number; readonly metric: string; readonly labelValues: readonly string[] };

function fullError(what: string, buffer: SharedArrayBuffer): LimitError {
  return new LimitError('maxBytes of the registry', buffer.byteLength, buffer.byteLength, `${what}: the registry is full`);
}
