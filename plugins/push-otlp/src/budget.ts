import { LimitError } from '@metrics-dashboard/sdk';

/** Data points, buckets and quantiles of one body; programs send some thousands. */
const MOST = 500_000;

/** How much of a body is still read. A few bytes can be a data point, which takes a hundred times as much while it is translated. */
export class Budget {
  #left = MOST;

  /** Throws a `LimitError` when the body has more than is read of one. */
  take(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new LimitError('the number of data points, buckets and quantiles of a body', MOST, MOST + 1);
  }
}
