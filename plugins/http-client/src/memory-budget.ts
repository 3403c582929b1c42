import { ScrapeError } from '@metrics-dashboard/sdk';
import { formatBytes } from './body.js';

/** Bodies that are being read at the same time may take so much together. */
const MOST_TOGETHER = 512 * 1024 * 1024;

/** What the bodies that a client reads at the same time take together: many that never end must not take the server down. */
export class MemoryBudget {
  #taken = 0;

  /** Throws a `ScrapeError` when there is no more. */
  take(bytes: number): void {
    if (this.#taken + bytes > MOST_TOGETHER) {
      throw new ScrapeError(`the bodies that are being read take ${formatBytes(MOST_TOGETHER)} together: body_size_limit would keep large ones out`);
    }
    this.#taken += bytes;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
  }
}
