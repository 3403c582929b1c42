import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { LabelLimits } from './label-limits.js';
import type { RelabelRule } from './relabel.js';

/** Who delivers: a scraped target, or a road of pushes. Plain data: it may cross a thread. */
export interface SourceOptions {
  /** For people: the scrape pool and the address, `remote write`. */
  readonly name: string;
  /**
   * `scrape`: `up` and its companions are written with each delivery, and series that vanish get staleness markers.
   * `group`: a pushed group that is offered again and again, with markers and without companions. `push`: neither.
   */
  readonly kind: 'scrape' | 'push' | 'group';
  /** Labels of the target, added to each series. */
  readonly labels: readonly Label[];
  /** Whether a sample's own label wins over a target's of the same name; else it becomes `exported_<name>`. */
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** `metric_relabel_configs`. */
  readonly relabel: readonly RelabelRule[];
  /** The most samples after relabeling one delivery may have; 0 for no limit. More refuses the delivery whole. */
  readonly sampleLimit: number;
  /** Whether names outside `[a-zA-Z_:][a-zA-Z0-9_:]*` are refused; `strict`: and label names that begin with `__` too. */
  readonly nameValidation: 'utf8' | 'legacy' | 'strict';
  /** The media type to read a body as when it has none that a parser knows; undefined: such a body is an error. */
  readonly fallbackContentType: string | undefined;
  /** `label_limit` and the like; none by default. More refuses the delivery whole. */
  readonly labelLimits?: LabelLimits;
  /** Whether series whose samples name their own time get staleness markers when they vanish. */
  readonly trackTimestampsStaleness?: boolean;
  /**
   * How far behind the newest sample of the source's earlier deliveries the samples of a series that comes into being may
   * lie, in milliseconds; any way by default. The storage judges those of a series that is there.
   */
  readonly furthestBehind?: Duration;
  /** How many of the refused a report describes; ten by default. */
  readonly describedRefusals?: number;
}

/** One scrape or one push; or a scrape that failed, which is written down as `up` 0. */
export interface Delivery {
  /** The time of samples that carry none. */
  readonly at: Timestamp;
  /** How long fetching took, in seconds; 0 for a push. */
  readonly seconds: number;
  /** Whether nothing of the body is stored where a sample's time, or its value at that time, can't be taken. */
  readonly whole?: boolean;
  readonly outcome:
    | { readonly ok: true; readonly contentType: string; readonly body: Uint8Array<ArrayBuffer> }
    | { readonly ok: false; readonly error: string };
}

export interface IngestReport {
  /** Samples stored, of the body. */
  readonly accepted: number;
  /** Samples in the body. */
  readonly scraped: number;
  readonly afterRelabeling: number;
  readonly seriesAdded: number;
  /** Exemplars kept; those that are known already are not. */
  readonly exemplars: number;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
  /** The first few of the refused, for answers and logs. */
  readonly examples: readonly Refusal[];
  /** Where the format has items, such as histograms, that are one for the sender and several samples here. */
  readonly items?: { readonly count: number; readonly refused: number };
  /** Why the body as a whole was not stored: it can't be read, or is over a limit. */
  readonly error: IngestError | undefined;
}

export type RefusalReason =
  | 'cardinality_limit'
  | 'too_old'
  | 'too_far_in_future'
  | 'duplicate_timestamp'
  | 'invalid_labels'
  /** The gate's policy is to drop: accepted towards the sender, counted, not stored. */
  | 'dropped_cardinality_limit';

export interface Refusal {
  readonly labels: readonly Label[];
  readonly reason: RefusalReason;
  readonly message: string;
  /** The metric as its sender named it, where the format has items: that of a histogram, not of its buckets. */
  readonly metric?: string;
}

export interface IngestError {
  readonly kind: 'parse' | 'limit' | 'unsupported';
  readonly message: string;
}

/** `limits:` as far as collection acts on it. */
export interface IngestLimits {
  readonly seriesPerMetric: number;
  /** What becomes of series over any of the limits. */
  readonly seriesPerMetricPolicy: 'reject' | 'drop';
  /** The most series one scraped target, or one pushed group, may have; 0, and none given, for no limit. */
  readonly seriesPerTarget?: number;
  /** The most series in all; 0, and none given, for no limit. */
  readonly series?: number;
  /** The most exemplars that are kept, of all series together; 0 for none, 20,000 when none is given. */
  readonly exemplars?: number;
}
