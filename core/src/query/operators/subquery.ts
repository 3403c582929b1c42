import { formatDuration } from '@metrics-dashboard/sdk';
import type { SubqueryNode } from '../plan/logical.js';
import type { Execution } from './execution.js';
import { makeBatch, seriesKey } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';
import { findWindows } from './windows.js';
import type { WindowSource, Windows } from './windows.js';

/** Runs an operator over its own grid, keeps what it yields, and shows it as windows. */
export class SubqueryWindows implements WindowSource {
  readonly inputs: readonly Operator[];
  readonly range: number;
  readonly #execution: Execution;
  readonly #node: SubqueryNode;
  readonly #inner: Operator;
  /** The series of each column of the inner operator: columns that have become one series by now, as of an `or`, share one. */
  #seriesOf = new Uint32Array(0);
  #width = 0;
  #columns: readonly Column[] | undefined;

  constructor(execution: Execution, node: SubqueryNode, inner: Operator) {
    this.#execution = execution;
    this.#node = node;
    this.#inner = inner;
    this.inputs = [inner];
    this.range = node.range;
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const byKey = new Map<string, number>();
    const united: OutputSeries[] = [];
    const inner = await this.#inner.series(signal);
    this.#seriesOf = Uint32Array.from(inner, (one) => {
      const key = seriesKey(one);
      const known = byKey.get(key) ?? united.push(one) - 1;
      byKey.set(key, known);
      return known;
    });
    this.#width = united.length;
    return united;
  }

  async visit(at: Float64Array, _lasting: boolean, visitor: (series: number, windows: Windows) => void, signal: AbortSignal): Promise<void> {
    const { shift, range } = this.#node;
    this.#columns ??= await this.#run(signal);
    const ends = at.map((time) => (shift.at ?? time) - shift.offset);
    const from = new Int32Array(ends.length);
    const to = new Int32Array(ends.length);
    for (const [i, column] of this.#columns.entries()) {
      const { times, values } = column.filled();
      findWindows(times, ends, range, from, to);
      visitor(i, { times, values, from, to, ends, range, steps: ends.length, group: -1 });
      if (this.#execution.spend(times.length + ends.length)) await this.#execution.pause(signal);
    }
  }

  async #run(signal: AbortSignal): Promise<readonly Column[]> {
    const columns = Array.from({ length: this.#width }, () => new Column());
    const width = this.#seriesOf.length;
    const batch = makeBatch(this.#execution.batchSteps(Math.max(1, this.#node.innerGrid.count)), width);
    while (await this.#inner.next(batch, signal)) {
      let kept = 0;
      for (let k = 0, cell = 0; k < batch.steps; k++) {
        for (let i = 0; i < width; i++, cell++) {
          if (batch.present[cell] !== 1) continue;
          const isAdded = columns[this.#seriesOf[i] as number]?.add(batch.times[k] as number, batch.values[cell] as number);
          if (isAdded === false) throw this.#execution.failure('vector cannot contain metrics with the same labelset', this.#node.from);
          kept++;
        }
      }
      this.#execution.loaded(kept);
      await this.#execution.pause(signal);
    }
    return columns;
  }

  toString(): string {
    return `subquery [${formatDuration(this.range)}:${formatDuration(this.#node.innerGrid.step)}]`;
  }
}

/** Samples that grow at the end. */
class Column {
  #times = new Float64Array(16);
  #values = new Float64Array(16);
  #count = 0;

  /** False where there is a sample of that time already. */
  add(time: number, value: number): boolean {
    if (this.#count > 0 && this.#times[this.#count - 1] === time) return false;
    if (this.#count === this.#times.length) {
      this.#times = doubled(this.#times);
      this.#values = doubled(this.#values);
    }
    this.#times[this.#count] = time;
    this.#values[this.#count++] = value;
    return true;
  }

  filled(): { times: Float64Array; values: Float64Array } {
    return { times: this.#times.subarray(0, this.#count), values: this.#values.subarray(0, this.#count) };
  }
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
