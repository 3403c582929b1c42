/**
 * What a sender counts as one and the storage as several samples: a histogram of a JSON push, a data point of OTLP.
 * Knows which of the body's samples belong to which item, and which items had something refused.
 */
export class PushItems {
  readonly #starts: number[] = [];
  readonly #metrics: string[] = [];
  /** Positions that were not offered to the storage, ascending. */
  readonly #skipped: number[] = [];
  readonly #refused = new Set<number>();
  #passed = 0;

  /** The samples from this position on are one item of a metric. */
  begin(position: number, metric: string): void {
    this.#starts.push(position);
    this.#metrics.push(metric);
  }

  get count(): number {
    return this.#starts.length;
  }

  get refused(): number {
    return this.#refused.size;
  }

  metricOf(item: number): string | undefined {
    return this.#metrics[item];
  }

  /** The sample at this position of the body is not offered to the storage. Called in ascending order. */
  skip(position: number): void {
    this.#skipped.push(position);
  }

  /** The item of a position in the body. */
  at(position: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The item of a position among the samples that were offered to the storage. Cheap when asked in ascending order. */
  ofOffered(position: number): number {
    const skipped = this.#skipped;
    if (this.#passed > 0 && (skipped[this.#passed - 1] as number) - this.#passed + 1 > position) this.#passed = 0;
    while (this.#passed < skipped.length && (skipped[this.#passed] as number) - this.#passed <= position) this.#passed++;
    return this.at(position + this.#passed);
  }

  /** Whether this is the first refusal of the item. */
  refuse(item: number): boolean {
    if (this.#refused.has(item)) return false;
    this.#refused.add(item);
    return true;
  }
}
