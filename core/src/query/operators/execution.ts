import { LimitError, QueryError } from '@metrics-dashboard/sdk';
import type { Clock, Matcher, StorageBackend, StorageView, TimeRange } from '@metrics-dashboard/sdk';
import { formatPosition, positionAt } from '../language/position.js';
import { inputsOf } from '../plan/logical.js';
import type { LogicalNode, Reading } from '../plan/logical.js';
import type { QueryLimits } from '../query.js';
import type { OutputSeries } from './operator.js';
import { SelectedSeries } from './selected-series.js';

export interface ExecutionOptions {
  readonly text: string;
  readonly storage: StorageBackend;
  readonly limits: QueryLimits;
  readonly clock: Clock;
  /** Of who waits for the result; undefined: somebody always does. */
  readonly signal?: AbortSignal;
  /** On the monotonic clock. */
  readonly deadline: number;
  readonly timeout: number;
  readonly yieldToLoop: () => Promise<void>;
}

/** Cells of a batch, all series together. */
const BATCH_CELLS = 1 << 21;
/** Cells of the batches of all operators, which may be many hundreds: 150 MB. */
const ALL_CELLS = 1 << 24;
/** The most points of a result: 160 MB, and twice that as JSON. */
const MOST_POINTS = 10_000_000;
/** Samples or cells between two looks at the clock: a few milliseconds of work. */
const SLICE = 1 << 18;
/** What one series of an operator costs before there is a sample of it, in samples. */
const SERIES_WORK = 16;
const NEVER = new AbortController().signal;

/** Something that was said about a place in the text. */
interface Remark {
  readonly message: string;
  readonly at: number;
}

/** What the operators of one query share: views, limits, time, and what is to be said about the result. */
export class Execution {
  readonly text: string;
  readonly #options: ExecutionOptions;
  readonly #views: StorageView[] = [];
  readonly #warnings = new Map<string, Remark>();
  readonly #infos = new Map<string, Remark>();
  readonly #merged = new Map<string, SelectedSeries>();
  readonly #twins = new Map<number, readonly number[]>();
  #series = 0;
  #expected = 0;
  #samples = 0;
  #produced = 0;
  #declared = 0;
  #widest = 1;
  #spent = 0;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.text = options.text;
  }

  get seriesSelected(): number {
    return this.#series;
  }

  get samplesLoaded(): number {
    return this.#samples;
  }

  get warnings(): readonly string[] {
    return this.#placed('warning', this.#warnings);
  }

  get infos(): readonly string[] {
    return this.#placed('info', this.#infos);
  }

  /** A snapshot that is released with the execution. */
  view(range: TimeRange): StorageView {
    const view = this.#options.storage.view(range);
    this.#views.push(view);
    return view;
  }

  /** The samples of a selector, those of a merged one together with the others of its key. */
  selected({ matchers, projected, merged }: Reading & { readonly matchers: readonly Matcher[] }, range: TimeRange): SelectedSeries {
    const own = { matchers, ...(projected !== undefined && { projected }) };
    if (merged === undefined) return new SelectedSeries(this, { ...own, range });
    const known = this.#merged.get(merged.key) ?? new SelectedSeries(this, { ...own, range: merged.range, isMerged: true });
    this.#merged.set(merged.key, known);
    return known;
  }

  /** What is said about one part of the text is said about its twin as well, which is computed with it. */
  alias(node: LogicalNode, twin: LogicalNode): void {
    if (node.from !== twin.from) this.#twins.set(node.from, [...(this.#twins.get(node.from) ?? []), twin.from]);
    const others = inputsOf(twin);
    inputsOf(node).forEach((input, i) => {
      const other = others[i];
      if (other !== undefined) this.alias(input, other);
    });
  }

  release(): void {
    for (const view of this.#views.splice(0)) view.release();
  }

  /** How many more series may be selected. */
  get seriesLeft(): number {
    return this.#options.limits.querySeries - this.#series;
  }

  /** Counts what a selector found, before anything of it is loaded. */
  found(series: number, estimatedSamples: number): void {
    const { querySeries, querySamples } = this.#options.limits;
    this.#series += series;
    if (this.#series > querySeries) throw seriesLimit(querySeries, this.#series);
    this.#expected += estimatedSamples;
    if (this.#expected > querySamples) throw samplesLimit(querySamples, this.#expected);
  }

  /** The error for a selector that met the limit; storages count from the limit they were given. */
  tooManySeries(met: number): LimitError {
    return seriesLimit(this.#options.limits.querySeries, this.#series + met);
  }

  /** Counts samples that were read. */
  loaded(samples: number): void {
    this.#samples += samples;
    const { querySamples } = this.#options.limits;
    if (this.#samples > querySamples) throw samplesLimit(querySamples, this.#samples);
  }

  /** Counts points of the result, which take the memory that samples do. */
  produced(points: number): void {
    this.#produced += points;
    const { querySamples } = this.#options.limits;
    const how = `the result has at least ${this.#produced} points; narrow its matchers or widen its step`;
    if (this.#produced > querySamples) throw new LimitError('limits.query_samples', querySamples, this.#produced, `limits.query_samples is ${querySamples}, ${how}`);
    if (this.#produced > MOST_POINTS) throw new LimitError('points of a result', MOST_POINTS, this.#produced, `a result has at most ${MOST_POINTS} points, ${how}`);
  }

  /** Notes how wide an operator's batches are, and hands its series on. To find them may have taken a while. */
  async declare(series: readonly OutputSeries[]): Promise<readonly OutputSeries[]> {
    this.#widest = Math.max(this.#widest, series.length);
    this.#declared++;
    if (this.spend(series.length * SERIES_WORK)) await this.pause(this.#options.signal ?? NEVER);
    return series;
  }

  /** The steps of a batch; asked when every operator has declared its series. */
  batchSteps(count: number): number {
    const cells = Math.min(BATCH_CELLS, ALL_CELLS / Math.max(1, this.#declared));
    return Math.max(1, Math.min(count, Math.floor(cells / this.#widest)));
  }

  /** Whether enough work was done since the last pause that another is due. */
  spend(work: number): boolean {
    this.#spent += work;
    return this.#spent > SLICE;
  }

  /** Gives the loop back; throws when the query's time is over or nobody waits any more. */
  async pause(signal: AbortSignal): Promise<void> {
    this.#spent = 0;
    this.check(signal);
    await this.#options.yieldToLoop();
    this.check(signal);
  }

  check(signal: AbortSignal): void {
    if (signal.aborted) throw new QueryError('query was canceled', { reason: 'canceled', cause: signal.reason });
    if (this.#options.clock.elapsed() > this.#options.deadline) {
      throw new QueryError(`query timed out after ${this.#options.timeout} ms`, { reason: 'timeout' });
    }
  }

  /** Something about the result that is likely a mistake. `at` is a place in the text. */
  warn(message: string, at: number): void {
    this.#warnings.set(`${at} ${message}`, { message, at });
  }

  /** Something about the result that may be a mistake. */
  inform(message: string, at: number): void {
    this.#infos.set(`${at} ${message}`, { message, at });
  }

  /** The expression can't be computed over the data that is there. */
  failure(message: string, at: number): QueryError {
    return new QueryError(message, { reason: 'execution', position: positionAt(this.text, at) });
  }

  /** Each remark at its place, and at those of the twins. */
  #placed(kind: 'warning' | 'info', remarks: ReadonlyMap<string, Remark>): readonly string[] {
    const texts = new Set<string>();
    for (const { message, at } of remarks.values()) {
      for (const one of [at, ...(this.#twins.get(at) ?? [])]) texts.add(`PromQL ${kind}: ${message} (${formatPosition(positionAt(this.text, one))})`);
    }
    return [...texts];
  }
}

function seriesLimit(allowed: number, met: number): LimitError {
  return new LimitError('limits.query_series', allowed, met, `limits.query_series is ${allowed}, the query selects at least ${met} series; narrow its matchers`);
}

function samplesLimit(allowed: number, met: number): LimitError {
  return new LimitError('limits.query_samples', allowed, met, `limits.query_samples is ${allowed}, the query reads at least ${met} samples; narrow its matchers or its time range`);
}
