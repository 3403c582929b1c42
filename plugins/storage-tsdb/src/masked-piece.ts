import type { TimeRange } from '@metrics-dashboard/sdk';
import type { Piece } from './pieces.js';

/** What deletions left of a piece. */
export class MaskedPiece implements Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly #inner: Piece;
  readonly #times: Float64Array;
  /** The rows that are left, as runs: first row, row after the last. */
  readonly #runs: readonly (readonly [from: number, to: number])[];
  readonly #scratch: Float64Array;

  private constructor(inner: Piece, times: Float64Array, runs: readonly (readonly [from: number, to: number])[]) {
    this.#inner = inner;
    this.#runs = runs;
    this.#scratch = new Float64Array(inner.count);
    this.count = runs.reduce((sum, [from, to]) => sum + to - from, 0);
    this.#times = new Float64Array(this.count);
    copyRuns(times, runs, this.#times, 0);
    this.first = this.#times[0] as number;
    this.last = this.#times[this.count - 1] as number;
  }

  /** undefined when nothing is left. */
  static of(inner: Piece, deleted: readonly TimeRange[]): MaskedPiece | undefined {
    const times = new Float64Array(inner.count);
    inner.readTimes(times, 0);
    const runs: (readonly [from: number, to: number])[] = [];
    let from = -1;
    for (let row = 0; row <= times.length; row++) {
      const time = times[row];
      const isKept = time !== undefined && !deleted.some(({ start, end }) => start <= time && time <= end);
      if (isKept && from < 0) from = row;
      if (isKept || from < 0) continue;
      runs.push([from, row]);
      from = -1;
    }
    return runs.length === 0 ? undefined : new MaskedPiece(inner, times, runs);
  }

  readTimes(into: Float64Array, to: number): void {
    into.set(this.#times, to);
  }

  readValues(address: number, into: Float64Array, to: number, column: number): void {
    this.#inner.readValues(address, this.#scratch, 0, column);
    copyRuns(this.#scratch, this.#runs, into, to);
  }
}

/** Copies rows as they are, bit for bit. */
function copyRuns(
  column: Float64Array,
  runs: readonly (readonly [from: number, to: number])[],
  into: Float64Array,
  to: number,
): void {
  let at = to;
  for (const [from, after] of runs) {
    into.set(column.subarray(from, after), at);
    at += after - from;
  }
}
