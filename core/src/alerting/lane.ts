import { DeliveryError } from '@metrics-dashboard/sdk';

/** So many notifications are under way through one channel at once. */
const AT_ONCE = 4;
/** So many more wait for their turn; one more is refused. */
const MOST_WAITING = 1000;

/** The way to one channel: a slow one holds up what goes there, and nothing else. */
export class Lane {
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Does the work when it is its turn. Rejects with a `DeliveryError` when too many wait, and at its turn when the signal has aborted. */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    if (this.#underWay < AT_ONCE) this.#underWay += 1;
    else await this.#turn();
    try {
      if (signal.aborted) throw new DeliveryError('its time was over before its turn came', true);
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) throw new DeliveryError(`${MOST_WAITING} notifications wait for this channel already`, true);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
