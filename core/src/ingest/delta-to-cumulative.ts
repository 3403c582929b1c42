/** A sum under way, and how one delivery changed it. */
export interface DeltaChange {
  readonly ref: number;
  readonly value: number;
  readonly at: number;
  /** The time of the sum before; NaN: there was none. */
  readonly before: number;
}

/** Series whose sums are kept; the one that is silent the longest gives way, and begins at zero when it comes again. */
const MOST_SERIES = 1_000_000;

/**
 * Adds up the differences that some senders report, so that what is stored is cumulative like all else. Sums live in
 * memory: after a restart they begin at zero, which a counter's readers take for the reset it is. A difference that is
 * not later than the last one was counted already, by a delivery whose answer got lost; it is not counted twice.
 *
 *     add … add ─ take() ─► changes ─ commit ─► done
 *                              └──── fails ─► undo(changes)
 */
export class DeltaToCumulative {
  /** In the order in which the series last reported. */
  readonly #sums = new Map<number, { sum: number; at: number }>();
  readonly #most: number;
  #changes: DeltaChange[] = [];

  constructor(most = MOST_SERIES) {
    this.#most = most;
  }

  get size(): number {
    return this.#sums.size;
  }

  /** The cumulative value at this time; undefined for a difference that is not later than the last one. */
  add(ref: number, at: number, value: number): number | undefined {
    const known = this.#sums.get(ref);
    if (known !== undefined && at <= known.at) return undefined;
    const sum = (known?.sum ?? 0) + value;
    this.#changes.push({ ref, value, at, before: known?.at ?? NaN });
    if (known !== undefined) this.#sums.delete(ref);
    this.#sums.set(ref, { sum, at });
    if (this.#sums.size > this.#most) this.#forgetOldest();
    return sum;
  }

  /** What was added since the last call. */
  take(): readonly DeltaChange[] {
    const changes = this.#changes;
    if (changes.length > 0) this.#changes = [];
    return changes;
  }

  /** What these changes added was not stored: takes it back, so that it counts when it is sent again. */
  undo(changes: readonly DeltaChange[]): void {
    for (const { ref, value, at, before } of [...changes].reverse()) {
      const known = this.#sums.get(ref);
      if (known === undefined) continue;
      known.sum -= value;
      if (known.at !== at) continue;
      if (before === before) known.at = before;
      else this.#sums.delete(ref);
    }
  }

  /** Series that the storage gave up. */
  forget(refs: Iterable<number>): void {
    for (const ref of refs) this.#sums.delete(ref);
  }

  #forgetOldest(): void {
    for (const ref of this.#sums.keys()) {
      this.#sums.delete(ref);
      return;
    }
  }
}
