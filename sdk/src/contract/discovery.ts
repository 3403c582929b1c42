/** Addresses that share labels and one source. */
export interface TargetGroup {
  /** Names the source, for people: a file, an address, a place in the configuration. Unique within one discovery. */
  readonly source: string;
  /** `host:port`. */
  readonly targets: readonly string[];
  /** Labels of all of them; names that start with `__meta_` are for relabeling only. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds what to scrape.
 *
 * Obligations:
 *  1. Every value is the whole current set; the first comes without waiting for a change.
 *  2. The iteration ends when the signal aborts.
 *  3. A source that can't be read for a while keeps its last set, and is logged.
 */
export interface TargetDiscovery {
  watch(signal: AbortSignal): AsyncIterable<readonly TargetGroup[]>;
}
