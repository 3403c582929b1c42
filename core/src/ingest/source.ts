import { LimitError, ParseError } from '@metrics-dashboard/sdk';
import type { ExpositionParser, Label, Labels, MetricType, SeriesIndex } from '@metrics-dashboard/sdk';
import { withNormalBounds } from './bound-labels.js';
import type { SourceOptions } from './delivery.js';
import { assertLabelLimits } from './label-limits.js';
import { compileRelabel } from './relabel.js';
import type { Relabel } from './relabel.js';
import { companionLabels, faultOf, withTargetLabels } from './series-labels.js';
import { SeriesCache } from './series-cache.js';

/** The series that are written about each scrape, in the order of their values. */
const COMPANIONS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;

/** What one source may remember; a push road serves many senders. */
const CACHE_LIMITS = { entries: 2_000_000, keyBytes: 384 * 2 ** 20 };

/** No series has longer labels, whatever the job allows: an index that is to be searched holds them in memory. */
const MOST_KEY_BYTES = 2 ** 20;

/** What a key turns out to name: a series, something a rule drops, or labels that no series may have. */
export type Judgement =
  | { readonly kind: 'series'; readonly labels: Labels }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'invalid'; readonly labels: readonly Label[]; readonly fault: string };

/** One who delivers, and what is remembered between its deliveries. */
export class Source {
  readonly cache = new SeriesCache(CACHE_LIMITS);
  /** The number of the delivery under way. */
  delivery = 0;
  /** The newest time of its samples so far; kept where the options ask for it. */
  newest = -Infinity;
  readonly #relabel: Relabel;
  readonly #typeOf: (metric: string) => MetricType | undefined;
  readonly #companions: readonly Labels[];
  readonly #companionRefs: (number | undefined)[] = [];

  /** `typeOf`: what is known of a metric's type. */
  constructor(
    readonly options: SourceOptions,
    typeOf: (metric: string) => MetricType | undefined,
  ) {
    this.#typeOf = typeOf;
    this.#relabel = compileRelabel(options.relabel);
    this.#companions =
      options.kind === 'scrape' ? COMPANIONS.map((metric) => companionLabels(metric, options.labels)) : [];
  }

  /**
   * From a key to its labels, with the target's, relabeled and checked. Throws a `ParseError` for a key of a scrape that
   * can't be read, and a `LimitError` for labels over the source's limits.
   */
  judge(parser: ExpositionParser, key: Uint8Array, start: number, end: number): Judgement {
    const own = this.#labelsOf(parser, key, start, end);
    if (typeof own === 'string') return { kind: 'invalid', labels: [], fault: own };
    const { kind, labels: target, honorLabels, nameValidation, labelLimits } = this.options;
    // What is written remotely is stored as it comes.
    const normal = kind === 'push' ? own : withNormalBounds(own, this.#typeOf);
    const labels = this.#relabel(withTargetLabels(normal, target, honorLabels));
    if (labels === undefined) return { kind: 'dropped' };
    if (labelLimits !== undefined) assertLabelLimits(labels, labelLimits);
    const fault = faultOf(labels, nameValidation);
    return fault === undefined ? { kind: 'series', labels } : { kind: 'invalid', labels: [...labels], fault };
  }

  /** The refs of `up` and its companions, created where they are new; they are not gated. */
  companionRefs(index: SeriesIndex, created: (metric: string) => void): readonly number[] {
    return this.#companions.map((labels, i) => {
      const known = this.#companionRefs[i] ?? index.find(labels);
      const ref = known ?? index.create(labels);
      if (known === undefined) created(labels.metric);
      this.#companionRefs[i] = ref;
      return ref;
    });
  }

  forgetRefs(refs: ReadonlySet<number>): void {
    this.cache.forgetRefs(refs);
    for (const [i, ref] of this.#companionRefs.entries()) {
      if (ref !== undefined && refs.has(ref)) this.#companionRefs[i] = undefined;
    }
  }

  /** The labels; or what is wrong with them, where one bad series does not make the whole body bad. */
  #labelsOf(parser: ExpositionParser, key: Uint8Array, start: number, end: number): Labels | string {
    try {
      if (end - start > MOST_KEY_BYTES) throw new LimitError('bytes of a series', MOST_KEY_BYTES, end - start, `the labels of a series take ${end - start} bytes, expected at most ${MOST_KEY_BYTES}`);
      return parser.labels(key, start, end);
    } catch (error) {
      const isOfSeries = this.options.kind === 'push' && (error instanceof ParseError || error instanceof LimitError);
      if (!isOfSeries) throw error;
      return error.message;
    }
  }
}
