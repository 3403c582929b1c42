import type { Label } from '@metrics-dashboard/sdk';
import type { Refusal, RefusalReason } from './delivery.js';
import type { PushItems } from './push-items.js';

/** How many of the refused a report describes, where the source does not say. */
const MOST_EXAMPLES = 10;

const OF_TIME: readonly RefusalReason[] = ['too_old', 'too_far_in_future', 'duplicate_timestamp'];

/** What one delivery had refused: counts by reason, and a few described. */
export class Refusals {
  readonly #counts: Partial<Record<RefusalReason, number>> = {};
  readonly #examples: Refusal[] = [];
  readonly #most: number;
  readonly #items: PushItems | undefined;

  constructor(most = MOST_EXAMPLES, items?: PushItems) {
    this.#most = most;
    this.#items = items;
  }

  get counts(): Readonly<Partial<Record<RefusalReason, number>>> {
    return this.#counts;
  }

  /** Whether a sample was refused for its time, or for what stands there already. */
  get hasTimes(): boolean {
    return OF_TIME.some((reason) => (this.#counts[reason] ?? 0) > 0);
  }

  get examples(): readonly Refusal[] {
    return this.#examples;
  }

  /** Counts one sample; `describe` is asked for the first few, and once for an item. An item that is dropped in silence is not refused. */
  add(reason: RefusalReason, item: number, describe: () => { labels: readonly Label[]; message: string }): void {
    this.#counts[reason] = (this.#counts[reason] ?? 0) + 1;
    if (this.#items !== undefined && (reason === 'dropped_cardinality_limit' || !this.#items.refuse(item))) return;
    if (this.#examples.length >= this.#most) return;
    const metric = this.#items?.metricOf(item);
    this.#examples.push({ reason, ...describe(), ...(metric !== undefined && { metric }) });
  }
}
