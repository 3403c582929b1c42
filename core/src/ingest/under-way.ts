import type { ExpositionParser } from '@metrics-dashboard/sdk';
import type { Delivery } from './delivery.js';
import type { PushItems } from './push-items.js';
import type { Refusals } from './refusals.js';
import type { Judgement, Source } from './source.js';

/** Instead of an epoch, of a series that its target has no room for: it is asked for again when there is some. */
export const NO_ROOM = 0xffffffff;

/** A delivery between reading and its report. */
export interface UnderWay {
  readonly source: Source;
  readonly parser: ExpositionParser;
  readonly delivery: Delivery;
  readonly refusals: Refusals;
  readonly items: PushItems | undefined;
  /** Runs of samples that are differences, as `DeliverySink` has them. */
  readonly deltas: readonly number[];
  scraped: number;
  afterRelabeling: number;
  seriesAdded: number;
  /** How many series more the target may have. */
  room: number;
}

/** What an entry's key names, looked at once more. */
export function judge({ source, parser }: UnderWay, entry: number): Judgement {
  return source.cache.withKey(entry, (keys, start, end) => source.judge(parser, keys, start, end));
}
