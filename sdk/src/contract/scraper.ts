import type { Duration } from '../model/sample.js';
import type { Labels } from '../model/labels.js';

/** One place to scrape. */
export interface Target {
  /** Where, with scheme, path and parameters. */
  readonly url: string;
  readonly labels: Labels;
  readonly timeout: Duration;
  /** The most bytes a body may have once decompressed; 0 for no limit. */
  readonly bodySizeLimit: number;
  /** What the parsers in the house can read, as the value of an Accept header. */
  readonly accept: string;
}

/** What a target offered, or a client pushed: bytes and the name of their format. */
export interface Exposition {
  readonly contentType: string;
  /** Decompressed where the transport compressed. The receiver may move its buffer to another thread. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Fetches bytes and knows no format.
 *
 * Obligations:
 *  1. Rejects with a `ScrapeError` that a person understands when the target is unreachable, slow, too large,
 *     or does not answer with success.
 *  2. Never resolves with a part of a body.
 *  3. Gives up at the target's timeout and when the signal aborts, and leaves nothing open.
 *  4. `close` ends connections that are kept open.
 */
export interface Scraper {
  scrape(target: Target, signal: AbortSignal): Promise<Exposition>;
  close(): Promise<void>;
}
