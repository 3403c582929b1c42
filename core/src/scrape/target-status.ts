import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';

/** One target as people see it. */
export interface TargetStatus {
  /** Stable for as long as the target's labels and address are. */
  readonly id: string;
  readonly scrapePool: string;
  readonly url: string;
  readonly labels: readonly Label[];
  /** Before relabeling. */
  readonly discoveredLabels: readonly Label[];
  readonly health: 'unknown' | 'up' | 'down';
  /** A sentence a person understands. Of a target that is up: what became of samples that were refused. */
  readonly lastError: string | undefined;
  readonly lastScrape: Timestamp | undefined;
  readonly lastScrapeSeconds: number | undefined;
  readonly samples: number | undefined;
  readonly interval: Duration;
  readonly timeout: Duration;
}

export interface DroppedTarget {
  /** Equal for equal job and discovered labels. */
  readonly id: string;
  readonly scrapePool: string;
  readonly discoveredLabels: readonly Label[];
  /** Why it can't be scraped; undefined: relabeling dropped it. */
  readonly error: string | undefined;
}
