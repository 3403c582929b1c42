import type { Label } from '@metrics-dashboard/sdk';
import type { Refusal, RefusalReason } from './delivery.js';

/** How many of the refused a report describes. */
const MOST_EXAMPLES = 10;

/** What one delivery had refused: counts by reason, and a few described. */
export class Refusals {
  readonly #counts: Partial<Record<RefusalReason, number>> = {};
  readonly #examples: Refusal[] = [];

  get counts(): Readonly<Partial<Record<RefusalReason, number>>> {
    return this.#counts;
  }

  get examples(): readonly Refusal[] {
    return this.#examples;
  }

  /** Counts one sample; `describe` is asked for the first few. */
  add(reason: RefusalReason, describe: () => { labels: readonly Label[]; message: string }): void {
    this.#counts[reason] = (this.#counts[reason] ?? 0) + 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push({ reason, ...describe() });
  }
}
