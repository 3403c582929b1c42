/** Things that are due at times, the earliest first. One that is planned again is due at the later plan's time alone. */
export class FlushSchedule<Thing extends object> {
  readonly #heap: { readonly due: number; readonly thing: Thing }[] = [];
  readonly #dueOf = new Map<Thing, number>();

  /** When the next is due, or undefined. */
  get next(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.due;
  }

  plan(thing: Thing, due: number): void {
    if (this.#dueOf.get(thing) === due) return;
    this.#dueOf.set(thing, due);
    this.#heap.push({ due, thing });
    this.#up(this.#heap.length - 1);
  }

  forget(thing: Thing): void {
    this.#dueOf.delete(thing);
  }

  /** Takes out what is due at a time, or undefined. */
  take(now: number): Thing | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (first === undefined || first.due > now) return undefined;
    this.#pop();
    this.#dueOf.delete(first.thing);
    return first.thing;
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined && this.#dueOf.get(first.thing) !== first.due; first = this.#heap[0]) this.#pop();
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(index: number): void {
    for (let at = index; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#due(parent) <= this.#due(at)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(index: number): void {
    for (let at = index; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (this.#due(left) < this.#due(least)) least = left;
      if (this.#due(right) < this.#due(least)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #due(at: number): number {
    return this.#heap[at]?.due ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
