import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { QueryResult } from '../query/query.js';
import type { LiveColumn, LiveSeries } from './live-event.js';

interface Ring {
  readonly id: number;
  readonly labels: readonly Label[];
  /** The step at time t is at (t / step) mod steps: nothing is moved when the window moves. */
  readonly values: Float64Array;
  readonly present: Uint8Array;
  /** How many steps hold a sample. */
  count: number;
}

/** What changed in a window. */
export interface WindowChange {
  readonly added: readonly LiveSeries[];
  readonly removed: readonly number[];
  readonly columns: readonly LiveColumn[];
}

/**
 * What a live query shows now: a ring of columns over a grid of steps that ends at `end`. Knows no clock and no query;
 * it is told the answers.
 */
export class LiveWindow {
  readonly step: Duration;
  /** The number of steps, both ends counted. */
  readonly steps: number;
  readonly #rings = new Map<string, Ring>();
  #nextId = 1;
  #end: Timestamp;

  /** Empty, and ending at `end`, a multiple of the step. */
  constructor(step: Duration, steps: number, end: Timestamp) {
    this.step = step;
    this.steps = steps;
    this.#end = end;
  }

  get end(): Timestamp {
    return this.#end;
  }

  get start(): Timestamp {
    return this.startOf(this.#end);
  }

  /** How many values are held. */
  get cells(): number {
    return this.#rings.size * this.steps;
  }

  startOf(end: Timestamp): Timestamp {
    return end - (this.steps - 1) * this.step;
  }

  /** Throws away all samples, keeps the ids of series that the answer has too, and takes the answer over the whole new window. */
  replace(end: Timestamp, answer: QueryResult): void {
    this.#change(end, this.startOf(end), answer);
  }

  /**
   * Moves the window to `end` and takes the answer over `from` … `end`. `from` is inside the window and not after the
   * step that follows the old end, so that no step is left that nobody asked about.
   */
  advance(end: Timestamp, from: Timestamp, answer: QueryResult): WindowChange {
    return this.#change(end, from, answer);
  }

  /** The whole window, oldest first, in columns of its own. */
  snapshot(): { series: readonly LiveSeries[]; columns: readonly LiveColumn[] } {
    const rings = [...this.#rings.values()];
    return { series: rings.map(seriesOf), columns: rings.map((ring) => this.#column(ring, this.start)) };
  }

  #change(end: Timestamp, from: Timestamp, answer: QueryResult): WindowChange {
    this.#end = end;
    for (const ring of this.#rings.values()) this.#clear(ring, from);
    const added: Ring[] = [];
    const answered: Ring[] = [];
    answer.series.forEach((labels, i) => {
      const first = answer.offsets[i] ?? 0;
      const last = answer.offsets[i + 1] ?? first;
      if (first === last) return;
      const key = keyOf(labels);
      let ring = this.#rings.get(key);
      if (ring === undefined) {
        ring = this.#newRing(labels);
        this.#rings.set(key, ring);
        added.push(ring);
      }
      this.#write(ring, answer, first, last);
      answered.push(ring);
    });
    const columns = answered.map((ring) => this.#column(ring, from));
    return { added: added.map(seriesOf), removed: this.#sweep(), columns };
  }

  #newRing(labels: readonly Label[]): Ring {
    const values = new Float64Array(this.steps).fill(NaN);
    return { id: this.#nextId++, labels, values, present: new Uint8Array(this.steps), count: 0 };
  }

  #clear(ring: Ring, from: Timestamp): void {
    for (let at = from; at <= this.#end; at += this.step) {
      const slot = this.#slot(at);
      ring.count -= ring.present[slot] ?? 0;
      ring.present[slot] = 0;
      ring.values[slot] = NaN;
    }
  }

  #write(ring: Ring, answer: QueryResult, first: number, last: number): void {
    for (let i = first; i < last; i++) {
      const slot = this.#slot(answer.times[i] ?? this.#end);
      ring.count += 1 - (ring.present[slot] ?? 0);
      ring.present[slot] = 1;
      ring.values[slot] = answer.values[i] ?? NaN;
    }
  }

  #sweep(): number[] {
    const removed: number[] = [];
    for (const [key, { id, count }] of this.#rings) {
      if (count > 0) continue;
      this.#rings.delete(key);
      removed.push(id);
    }
    return removed;
  }

  #column(ring: Ring, from: Timestamp): LiveColumn {
    const size = Math.round((this.#end - from) / this.step) + 1;
    const values = new Float64Array(size);
    const present = new Uint8Array(size);
    // A ring is read in at most two pieces: up to its last slot, and on from its first.
    const slot = this.#slot(from);
    const head = Math.min(size, this.steps - slot);
    values.set(ring.values.subarray(slot, slot + head));
    values.set(ring.values.subarray(0, size - head), head);
    present.set(ring.present.subarray(slot, slot + head));
    present.set(ring.present.subarray(0, size - head), head);
    return { series: ring.id, values, present };
  }

  #slot(at: Timestamp): number {
    const place = Math.round(at / this.step) % this.steps;
    return place < 0 ? place + this.steps : place;
  }
}

/** Answers have labels in order of their names, so equal label sets have equal keys. The separator is in no UTF-8 text. */
function keyOf(labels: readonly Label[]): string {
  let key = '';
  for (const { name, value } of labels) key += `${name}\uffff${value}\uffff`;
  return key;
}

function seriesOf({ id, labels }: Ring): LiveSeries {
  return { id, labels };
}
