import type { Transferable } from 'node:worker_threads';
import type { Clock, Duration } from '@metrics-dashboard/sdk';

/** How long calls that can wait do, for others to go with them, and how many and how much may wait. */
export interface Gathering {
  readonly clock: Clock;
  readonly time: Duration;
  readonly calls: number;
  readonly bytes: number;
}

/**
 * Calls that wait a moment, so that they go to the other thread in one message: to wake it, and to be woken by its
 * answer, costs more than most of them.
 */
export class GatheredCalls<Call extends { readonly id: number }> {
  readonly #gathering: Gathering | undefined;
  readonly #post: (calls: readonly Call[], transfer: readonly Transferable[]) => void;
  #calls: Call[] = [];
  #transfer: Transferable[] = [];
  #bytes = 0;
  #departure: AbortController | undefined;

  constructor(gathering: Gathering | undefined, post: (calls: readonly Call[], transfer: readonly Transferable[]) => void) {
    this.#gathering = gathering;
    this.#post = post;
  }

  /** Whether a call waits from now on; false when it has to go by itself. */
  add(call: Call, transfer: readonly Transferable[], bytes: number): boolean {
    const gathering = this.#gathering;
    if (gathering === undefined || bytes > gathering.bytes) return false;
    if (this.#bytes + bytes > gathering.bytes) this.go();
    this.#calls.push(call);
    for (const one of transfer) this.#transfer.push(one);
    this.#bytes += bytes;
    if (this.#calls.length >= gathering.calls) this.go();
    else if (this.#departure === undefined) this.#leaveAfter(gathering);
    return true;
  }

  /** All that wait go now. */
  go(): void {
    this.#departure?.abort();
    this.#departure = undefined;
    const calls = this.#calls;
    const transfer = this.#transfer;
    this.#calls = [];
    this.#transfer = [];
    this.#bytes = 0;
    if (calls.length > 0) this.#post(calls, transfer);
  }

  #leaveAfter({ clock, time }: Gathering): void {
    const departure = new AbortController();
    this.#departure = departure;
    void clock.sleep(time, departure.signal).then(() => {
      if (!departure.signal.aborted) this.go();
    });
  }
}
