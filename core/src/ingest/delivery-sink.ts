import type { EntrySink, ExpositionParser, Labels, SeriesKey, Timestamp } from '@metrics-dashboard/sdk';
import type { MetadataStore } from './metadata-store.js';
import type { SampleColumns } from './sample-columns.js';
import { PushItems } from './push-items.js';
import { EntryState } from './series-cache.js';
import type { Exemplar } from './exemplar-store.js';
import type { Source } from './source.js';

/** A series that was met for the first time, and may come into being. */
export interface FreshSeries {
  readonly entry: number;
  readonly labels: Labels;
}

/** An exemplar of a body, by the place of its series in the source's cache. `at` is NaN where the body gives no time. */
export interface OfferedExemplar extends Pick<Exemplar, 'labels' | 'value' | 'at'> {
  readonly entry: number;
}

/**
 * Takes the entries of one body: samples go to columns under their series' entry in the source's cache. A series that
 * is met for the first time gets its labels here, where an error still knows its line; nothing is created yet.
 */
export class DeliverySink implements EntrySink {
  readonly fresh: FreshSeries[] = [];
  readonly exemplars: OfferedExemplar[] = [];
  /** Undefined for a format without items. */
  items: PushItems | undefined;
  /** Positions of samples that are differences: begin and end of each run. */
  readonly deltas: number[] = [];
  /** Entries that this body brought. */
  readonly added: number[] = [];
  readonly #source: Source;
  readonly #parser: ExpositionParser;
  readonly #columns: SampleColumns;
  readonly #metadata: MetadataStore;
  #metadataBytes: { bytes: Uint8Array; start: number; end: number } | undefined;

  constructor(source: Source, parser: ExpositionParser, columns: SampleColumns, metadata: MetadataStore) {
    this.#source = source;
    this.#parser = parser;
    this.#columns = columns;
    this.#metadata = metadata;
    columns.count = 0;
    metadata.begin();
  }

  sample(key: Uint8Array, start: number, end: number, value: number, at: Timestamp): void {
    const columns = this.#columns;
    const i = columns.count;
    if (i === columns.refs.length) columns.reserve(i + 1);
    columns.entries[i] = this.#source.cache.find(key, start, end) || this.#meet(key, start, end);
    columns.times[i] = at;
    columns.values[i] = value;
    columns.count = i + 1;
  }

  expectedEnd(body: Uint8Array, start: number): number {
    return this.#source.cache.expectedEnd(body, start);
  }

  exemplar(value: number, at: Timestamp, labels: () => Labels, of?: SeriesKey): void {
    const entry = of === undefined ? this.#columns.entries[this.#columns.count - 1] : this.#source.cache.find(of.bytes, of.start, of.end);
    // 0: nothing came of that series.
    if (entry) this.exemplars.push({ entry, value, at, labels: labels() });
  }

  metadata(metric: string, field: 'type' | 'unit' | 'help', value: string): void {
    this.#metadata.set(metric, field, value);
    const line = this.#metadataBytes;
    if (line) this.#metadata.remember(line.bytes, line.start, line.end);
    this.#metadataBytes = undefined;
  }

  knowsMetadata(bytes: Uint8Array, start: number, end: number): boolean {
    const isKnown = this.#metadata.knows(bytes, start, end);
    this.#metadataBytes = isKnown ? undefined : { bytes, start, end };
    return isKnown;
  }

  item(metric: string): void {
    this.items ??= new PushItems();
    this.items.begin(this.#columns.count, metric);
  }

  delta(metric: string | undefined): void {
    const isOpen = this.deltas.length % 2 === 1;
    if (isOpen === (metric === undefined)) this.deltas.push(this.#columns.count);
  }

  /** Forgets the series that this body brought: it is not stored. */
  undo(): void {
    for (const entry of this.added) this.#source.cache.forget(entry);
  }

  #meet(key: Uint8Array, start: number, end: number): number {
    const { cache } = this.#source;
    const judgement = this.#source.judge(this.#parser, key, start, end);
    const entry = cache.add(key, start, end);
    this.added.push(entry);
    if (judgement.kind === 'series') this.fresh.push({ entry, labels: judgement.labels });
    else cache.states[entry] = judgement.kind === 'dropped' ? EntryState.dropped : EntryState.invalid;
    return entry;
  }
}
