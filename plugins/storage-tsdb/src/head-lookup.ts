import { CHUNK_SAMPLES } from './chunk.js';
import type { ColumnArena } from './column-arena.js';
import type { HeadChunks } from './head-chunks.js';
import type { LateColumns } from './late-columns.js';
import { CHUNK, CHUNKS, COLUMN, COUNT, LATE, START, TIMELINE } from './series-state.js';
import type { SeriesState } from './series-state.js';
import type { Timelines } from './timelines.js';

const times = new Float64Array(CHUNK_SAMPLES);
const values = new Float64Array(CHUNK_SAMPLES);

/** Where the head has its samples. */
interface HeadColumns {
  readonly state: SeriesState;
  readonly columns: ColumnArena;
  readonly timelines: Timelines;
  readonly chunks: HeadChunks;
  readonly late: LateColumns;
}

/** Whether a series has a sample at a time in the head; its value is then the first entry of `into`, bit for bit. */
export function valueInHead(head: HeadColumns, slot: number, time: number, into: Float64Array): boolean {
  return inOpenColumn(head, slot, time, into) || inLateColumn(head, slot, time, into) || inChunks(head, slot, time, into);
}

function inOpenColumn(head: HeadColumns, slot: number, time: number, into: Float64Array): boolean {
  const timeline = head.state.get(slot, TIMELINE);
  const start = head.state.get(slot, START);
  let low = 0;
  let high = head.state.get(slot, COUNT);
  const count = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (head.timelines.time(timeline, start + middle) < time) low = middle + 1;
    else high = middle;
  }
  if (low === count || head.timelines.time(timeline, start + low) !== time) return false;
  head.columns.read(head.state.get(slot, COLUMN), low, 1, into, 0);
  return true;
}

function inLateColumn(head: HeadColumns, slot: number, time: number, into: Float64Array): boolean {
  const late = head.state.get(slot, LATE);
  const row = head.late.find(late, time);
  if (row < 0) return false;
  head.late.readValues(late, values, 0);
  into.set(values.subarray(row, row + 1));
  return true;
}

function inChunks(head: HeadColumns, slot: number, time: number, into: Float64Array): boolean {
  const { chunks } = head;
  let node = head.state.get(slot, CHUNK);
  for (let left = head.state.get(slot, CHUNKS); left > 0; left--) {
    const timeChunk = chunks.timeChunk(node);
    if (chunks.firstTime(timeChunk) <= time && time <= chunks.lastTime(timeChunk)) {
      const count = chunks.samples(timeChunk);
      chunks.readTimes(timeChunk, times, 0);
      const row = times.subarray(0, count).indexOf(time);
      if (row >= 0) {
        chunks.readValues(chunks.valueAddress(node), count, values, 0);
        into.set(values.subarray(row, row + 1));
        return true;
      }
    }
    node = chunks.before(node);
  }
  return false;
}
