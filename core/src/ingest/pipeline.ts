import { LimitError, ParseError, canAppendWhole, messageOf, setStale } from '@metrics-dashboard/sdk';
import type { Clock, ExpositionParser, Labels, SeriesRef, StorageBackend, WholeAppend } from '@metrics-dashboard/sdk';
import { CardinalityGate } from './cardinality-gate.js';
import type { GateWatcher } from './cardinality-gate.js';
import type { Delivery, IngestError, IngestLimits, IngestReport, SourceOptions } from './delivery.js';
import { DeltaToCumulative } from './delta-to-cumulative.js';
import { DeliverySink } from './delivery-sink.js';
import type { FreshSeries, OfferedExemplar } from './delivery-sink.js';
import { ExemplarStore } from './exemplar-store.js';
import { mediaTypeOf, parserFor } from './media-type.js';
import { MetadataStore } from './metadata-store.js';
import { Refuser } from './refuser.js';
import { Refusals } from './refusals.js';
import { SampleColumns } from './sample-columns.js';
import { EntryState } from './series-cache.js';
import { Source } from './source.js';
import { lateSeries, newestOf } from './late-series.js';
import { OWN_TIME, forgetVanished, markVanished, rememberEnded } from './vanished.js';
import { NO_ROOM, judge } from './under-way.js';
import type { UnderWay } from './under-way.js';
import { REFUSAL_OF_VERDICT } from './verdicts.js';

/** Samples further ahead of the clock are refused. */
const FURTHEST_AHEAD = 10 * 60_000;

/** Columns larger than this are let go after the delivery that needed them. */
const MOST_KEPT = 2 ** 20;

/** Of all series together: some megabytes. */
const MOST_EXEMPLARS = 20_000;

export interface PipelineOptions {
  readonly storage: StorageBackend;
  readonly parsers: readonly ExpositionParser[];
  readonly limits: IngestLimits;
  readonly clock: Clock;
  readonly gateWatcher?: GateWatcher;
}

/** How many series a source may know while those that the gate refused are remembered too; a flood of new ones is not. */
const MOST_WITH_REFUSED = 100_000;

/**
 * The road of samples into the storage, the same for scrapes and pushes:
 *
 *     body ─ parser ─► entries and columns ─ relabel, check (new series) ─► sample limit ─ gate ─► refs
 *       ─► staleness markers of vanished series ─► `up` and companions ─► one append, one commit
 *
 * Everything up to the append happens without waiting, so deliveries never see each other half done.
 */
export class Pipeline {
  readonly metadata = new MetadataStore();
  readonly exemplars: ExemplarStore;
  readonly #storage: StorageBackend;
  readonly #parsers: readonly ExpositionParser[];
  readonly gate: CardinalityGate;
  readonly #refuser: Refuser;
  readonly #clock: Clock;
  readonly #columns = new SampleColumns();
  readonly #deltas = new DeltaToCumulative();
  readonly #sources = new Set<Source>();

  constructor({ storage, parsers, limits, clock, gateWatcher }: PipelineOptions) {
    this.#storage = storage;
    this.#parsers = parsers;
    this.#clock = clock;
    this.gate = new CardinalityGate(storage.index, limits, gateWatcher);
    this.#refuser = new Refuser(storage.index, this.gate);
    this.exemplars = new ExemplarStore(limits.exemplars ?? MOST_EXEMPLARS);
    storage.index.onRemoved((refs) => {
      const removed = new Set(refs);
      this.#deltas.forget(refs);
      for (const source of this.#sources) source.forgetRefs(removed);
    });
  }

  /** Throws a `ParseError` when a relabel rule can't be run. */
  open(options: SourceOptions): Source {
    const source = new Source(options, (metric) => this.metadata.get(metric)?.type);
    this.#sources.add(source);
    return source;
  }

  /** Ends a source; with `at`, its series and those about it get staleness markers. Resolved means durable. */
  async close(source: Source, at: number | undefined): Promise<void> {
    if (!this.#sources.delete(source) || at === undefined || source.options.kind === 'push') return;
    source.delivery++;
    const columns = this.#columns;
    columns.count = 0;
    markVanished(source, at, columns);
    for (const ref of source.companionRefs(this.#storage.index, (metric) => this.gate.take(metric))) {
      setStale(columns.values, columns.add(ref, at));
    }
    this.#storage.append(columns);
    await this.#storage.commit();
  }

  configure(limits: IngestLimits): void {
    this.gate.configure(limits);
    this.exemplars.resize(limits.exemplars ?? MOST_EXEMPLARS);
  }

  /**
   * Takes in one delivery. Resolved means durable; rejects with a `StorageError` when nothing of it was kept.
   * A body that can't be read, or is over the sample limit, stores nothing of itself: its scrape is written down as failed.
   */
  async ingest(source: Source, delivery: Delivery): Promise<IngestReport> {
    source.delivery++;
    source.cache.begin(source.delivery);
    const { outcome } = delivery;
    if (!outcome.ok) return this.#failed(source, delivery, undefined, 0);
    const found = parserFor(this.#parsers, outcome.contentType, source.options.fallbackContentType);
    if (found === undefined) return this.#failed(source, delivery, this.#unknownType(outcome.contentType), 0);
    const sink = new DeliverySink(source, found.parser, this.#columns, this.metadata);
    try {
      found.parser.parse({ body: outcome.body, contentType: found.contentType }, sink);
    } catch (error) {
      sink.undo();
      return this.#failed(source, delivery, ingestErrorOf(error, found.parser.kind), 0);
    }
    const underWay: UnderWay = {
      source,
      parser: found.parser,
      delivery,
      refusals: new Refusals(source.options.describedRefusals, sink.items),
      items: sink.items,
      deltas: sink.deltas,
      scraped: this.#columns.count,
      afterRelabeling: this.#afterRelabeling(source),
      seriesAdded: 0,
      room: Infinity,
    };
    const { sampleLimit } = source.options;
    if (sampleLimit > 0 && underWay.afterRelabeling > sampleLimit) {
      sink.undo();
      const message = `sample_limit is ${sampleLimit}, met ${underWay.afterRelabeling}`;
      return this.#failed(source, delivery, { kind: 'limit', message }, underWay.scraped);
    }
    return this.#store(underWay, sink);
  }

  async #store(underWay: UnderWay, { fresh, added, exemplars }: DeliverySink): Promise<IngestReport> {
    const { source, delivery, refusals } = underWay;
    underWay.room = this.#roomOf(source, fresh);
    const late = lateSeries(source, this.#columns);
    for (const { entry, labels } of fresh) if (!late.has(entry) || this.#storage.index.find(labels) !== undefined) this.#create(underWay, entry, labels);
    const offered = this.#assemble(underWay);
    const sums = this.#deltas.take();
    if (source.options.kind !== 'push') markVanished(source, delivery.at, this.#columns);
    const { scraped, afterRelabeling, seriesAdded } = underWay;
    this.#report(source, delivery, [1, delivery.seconds, scraped, afterRelabeling, seriesAdded]);
    const accepted = this.#append(underWay, offered);
    forgetRefused(source, added);
    for (const entry of late) if (source.cache.states[entry] === EntryState.fresh) source.cache.forget(entry);
    try {
      await this.#commit();
    } catch (error) {
      this.#deltas.undo(sums);
      throw error;
    }
    if (source.options.kind !== 'push') forgetVanished(source);
    return {
      accepted,
      scraped: underWay.scraped,
      afterRelabeling: underWay.afterRelabeling,
      seriesAdded: underWay.seriesAdded,
      exemplars: this.#keep(underWay, exemplars),
      refused: refusals.counts,
      examples: refusals.examples,
      ...(underWay.items && { items: { count: underWay.items.count, refused: underWay.items.refused } }),
      error: undefined,
    };
  }

  /** Keeps the exemplars of series that are stored. Returns how many were new. */
  #keep({ source: { cache }, delivery }: UnderWay, offered: readonly OfferedExemplar[]): number {
    let kept = 0;
    const latest = this.#clock.now() + FURTHEST_AHEAD;
    for (const { entry, at, ...exemplar } of offered) {
      const series = cache.states[entry] === EntryState.known ? this.#storage.index.labels(cache.refs[entry] as SeriesRef) : undefined;
      const isTimed = !Number.isNaN(at);
      if (series !== undefined && !(at > latest) && this.exemplars.add(series, { ...exemplar, at: isTimed ? at : delivery.at, isTimed })) kept++;
    }
    return kept;
  }

  /** Writes a scrape down as failed: the target's series end here, and `up` is 0. */
  async #failed(source: Source, delivery: Delivery, error: IngestError | undefined, scraped: number): Promise<IngestReport> {
    if (source.options.kind === 'scrape') {
      this.#columns.count = 0;
      const version = source.cache.version;
      const ended = markVanished(source, delivery.at, this.#columns);
      this.#report(source, delivery, [0, delivery.seconds, scraped, 0, 0]);
      this.#storage.append(this.#columns);
      await this.#commit();
      if (source.cache.version === version) rememberEnded(source, ended);
    }
    return { accepted: 0, scraped, afterRelabeling: 0, seriesAdded: 0, exemplars: 0, refused: {}, examples: [], error };
  }

  #unknownType(contentType: string): IngestError {
    const known = this.#parsers.flatMap(({ contentTypes }) => contentTypes).join(', ');
    const met = contentType === '' ? 'no content type' : `content type ${JSON.stringify(mediaTypeOf(contentType))}`;
    return { kind: 'unsupported', message: `${met}, expected one of ${known}` };
  }

  /** How many samples no rule dropped. */
  #afterRelabeling(source: Source): number {
    const { entries, count } = this.#columns;
    const { states } = source.cache;
    let kept = 0;
    for (let i = 0; i < count; i++) if (states[entries[i] as number] !== EntryState.dropped) kept++;
    return kept;
  }

  /** How many series the target may get beside those of this body that there are. */
  #roomOf({ options, cache }: Source, fresh: readonly FreshSeries[]): number {
    const most = this.gate.seriesPerTarget;
    if (most === 0 || options.kind === 'push') return Infinity;
    const { entries, count } = this.#columns;
    let known = 0;
    for (let i = 0; i < count; i++) if (cache.states[entries[i] as number] === EntryState.known) known++;
    for (const { labels } of fresh) if (this.#storage.index.find(labels) !== undefined) known++;
    return most - known;
  }

  /** Gives a series that may come into being its ref, when the gate lets it. */
  #create(underWay: UnderWay, entry: number, labels: Labels): void {
    const { cache } = underWay.source;
    const { index } = this.#storage;
    let ref: SeriesRef | undefined = index.find(labels);
    const obstacle = ref === undefined ? this.gate.obstacle(labels.metric, underWay.room) : undefined;
    if (obstacle !== undefined) {
      cache.states[entry] = EntryState.refused;
      cache.refs[entry] = obstacle === 'series_per_target' ? NO_ROOM : this.gate.epoch;
      return;
    }
    if (ref === undefined) {
      ref = index.create(labels);
      underWay.room--;
      this.gate.take(labels.metric);
    }
    cache.states[entry] = EntryState.known;
    cache.refs[entry] = ref;
    underWay.seriesAdded++;
  }

  /** Moves the samples that can be stored to the front, with their refs and times; the others are refused. Returns their number. */
  #assemble(underWay: UnderWay): number {
    const { source, delivery, items, deltas } = underWay;
    const { cache } = source;
    const { count, entries, refs, times, values } = this.#columns;
    const { honorTimestamps, trackTimestampsStaleness = false } = source.options;
    const latest = this.#clock.now() + FURTHEST_AHEAD;
    let to = 0;
    let run = 0;
    for (let i = 0; i < count; i++) {
      const entry = entries[i] as number;
      if (cache.states[entry] === EntryState.refused && this.#mayBeFree(underWay, cache.refs[entry] as number)) this.#askAgain(underWay, entry);
      cache.seen[entry] = source.delivery;
      if (cache.states[entry] !== EntryState.known) {
        items?.skip(i);
        if (cache.states[entry] !== EntryState.dropped) this.#refuser.series(underWay, entry, items?.at(i) ?? 0);
        continue;
      }
      const own = times[i] as number;
      const isOwn = honorTimestamps && own === own;
      cache.flags[entry] = isOwn && !trackTimestampsStaleness ? OWN_TIME : 0;
      const at = isOwn ? own : delivery.at;
      while (run < deltas.length && (deltas[run] as number) <= i) run++;
      const reason = at > latest ? 'too_far_in_future' : run % 2 === 1 && !this.#addUp(cache.refs[entry] as number, at, i) ? 'duplicate_timestamp' : undefined;
      if (reason !== undefined) {
        items?.skip(i);
        this.#refuser.sample(underWay, reason, { ref: cache.refs[entry] as number, time: at }, items?.at(i) ?? 0);
        continue;
      }
      entries[to] = entry;
      refs[to] = cache.refs[entry] as number;
      times[to] = at;
      if (to !== i) values.copyWithin(to, i, i + 1);
      to++;
    }
    if (delivery.whole === true && underWay.refusals.hasTimes) to = 0;
    this.#columns.count = to;
    source.newest = newestOf(source, this.#columns);
    return to;
  }

  /** Makes the difference at a position the sum that it brings the series to; false when it was counted before. */
  #addUp(ref: number, at: number, position: number): boolean {
    const { values } = this.#columns;
    const value = values[position] as number;
    // The staleness marker and other NaN are no difference.
    if (value !== value) return true;
    const sum = this.#deltas.add(ref, at, value);
    if (sum !== undefined) values[position] = sum;
    return sum !== undefined;
  }

  /** Whether a place may have become free since a series was refused: in that epoch, or for want of room. */
  #mayBeFree({ room }: UnderWay, epoch: number): boolean {
    return epoch === NO_ROOM ? room > 0 : epoch !== this.gate.epoch;
  }

  #askAgain(underWay: UnderWay, entry: number): void {
    const judgement = judge(underWay, entry);
    if (judgement.kind === 'series') this.#create(underWay, entry, judgement.labels);
  }

  /** Appends the columns; the first `offered` samples are the body's. Returns how many of those were stored. */
  #append(underWay: UnderWay, offered: number): number {
    if (underWay.delivery.whole === true && canAppendWhole(this.#storage)) return this.#appendWhole(underWay, this.#storage);
    const { rejected, verdicts } = this.#storage.append(this.#columns);
    let accepted = offered;
    const lost: number[] = [];
    for (const [i, position] of rejected.entries()) {
      if (position >= offered) continue;
      const verdict = verdicts[i];
      if (verdict === undefined) continue;
      if (verdict === 'unknown-series') {
        lost.push(position);
        continue;
      }
      accepted--;
      const { refs, times } = this.#columns;
      this.#refuser.sample(underWay, REFUSAL_OF_VERDICT[verdict], { ref: refs[position] as number, time: times[position] as number }, underWay.items?.ofOffered(position) ?? 0);
    }
    return lost.length === 0 ? accepted : accepted - lost.length + this.#appendAgain(underWay, lost);
  }

  #appendWhole(underWay: UnderWay, storage: StorageBackend & WholeAppend): number {
    const { accepted, rejected, verdicts } = storage.appendWhole(this.#columns);
    const isLost = verdicts.includes('unknown-series');
    // Series that left the head come into being again, sample by sample, which is no moment to be strict.
    if (isLost) return this.#append({ ...underWay, delivery: { ...underWay.delivery, whole: false } }, this.#columns.count);
    const { refs, times } = this.#columns;
    for (const [i, position] of rejected.entries()) {
      const verdict = verdicts[i];
      if (verdict === undefined || verdict === 'unknown-series') continue;
      this.#refuser.sample(underWay, REFUSAL_OF_VERDICT[verdict], { ref: refs[position] as number, time: times[position] as number }, underWay.items?.ofOffered(position) ?? 0);
    }
    return accepted;
  }

  /** Samples whose series left the head between two deliveries: it comes into being again. */
  #appendAgain(underWay: UnderWay, positions: readonly number[]): number {
    const { entries, refs, times, values } = this.#columns;
    const { cache } = underWay.source;
    let to = 0;
    for (const position of positions) {
      const entry = entries[position] as number;
      const judgement = judge(underWay, entry);
      if (judgement.kind === 'series') this.#create(underWay, entry, judgement.labels);
      if (cache.states[entry] !== EntryState.known) {
        this.#refuser.series(underWay, entry, underWay.items?.ofOffered(position) ?? 0);
        continue;
      }
      entries[to] = entry;
      refs[to] = cache.refs[entry] as number;
      times[to] = times[position] as number;
      values.copyWithin(to, position, position + 1);
      to++;
    }
    this.#columns.count = to;
    const { accepted } = this.#storage.append(this.#columns);
    return accepted;
  }

  #report(source: Source, delivery: Delivery, values: readonly number[]): void {
    const refs = source.companionRefs(this.#storage.index, (metric) => this.gate.take(metric));
    for (const [i, ref] of refs.entries()) {
      this.#columns.values[this.#columns.add(ref, delivery.at)] = values[i] ?? 0;
    }
  }

  async #commit(): Promise<void> {
    this.#columns.shrink(MOST_KEPT);
    await this.#storage.commit();
  }
}

/** A parser that throws anything but a `ParseError` is broken; that is the body's misfortune and nobody else's. */
function ingestErrorOf(error: unknown, parser: string): IngestError {
  if (error instanceof LimitError) return { kind: 'limit', message: error.message };
  if (!(error instanceof ParseError)) return { kind: 'parse', message: `parser ${parser}: ${messageOf(error)}` };
  const { position, offset } = error;
  const place = position ? `line ${position.line}, column ${position.column}: ` : offset === undefined ? '' : `byte ${offset}: `;
  return { kind: 'parse', message: place + error.message };
}

/** Memory stays bounded under a flood of series that never come into being. */
function forgetRefused({ cache }: Source, added: readonly number[]): void {
  if (cache.size <= MOST_WITH_REFUSED) return;
  for (const entry of added) if (cache.states[entry] === EntryState.refused || cache.states[entry] === EntryState.invalid) cache.forget(entry);
}
