import type { Timestamp } from '@metrics-dashboard/sdk';
import type { Head } from './head.js';
import { CHUNK, CHUNKS, COUNT, LATE, START, TIMELINE } from './series-state.js';

/** The oldest sample of the head after a time, or no later than it; Infinity when there is none. */
export function oldestUnsealed(head: Head, after: Timestamp): Timestamp {
  let oldest = Infinity;
  for (const ref of head.index.all()) {
    const slot = head.index.slotOf(ref);
    if (slot === undefined) continue;
    eachSpan(head, slot, (first, last) => {
      if (last > after) oldest = Math.min(oldest, Math.max(first, after));
    });
  }
  return oldest;
}

/** Calls back with the first and last times of the chunks and columns of a series. */
function eachSpan({ state, chunks, timelines, late: lateColumns }: Head, slot: number, each: (first: Timestamp, last: Timestamp) => void): void {
  let node = state.get(slot, CHUNK);
  for (let left = state.get(slot, CHUNKS); left > 0; left--) {
    const times = chunks.timeChunk(node);
    each(chunks.firstTime(times), chunks.lastTime(times));
    node = chunks.before(node);
  }
  const count = state.get(slot, COUNT);
  if (count > 0) {
    const timeline = state.get(slot, TIMELINE);
    const row = state.get(slot, START);
    each(timelines.time(timeline, row), timelines.time(timeline, row + count - 1));
  }
  const late = state.get(slot, LATE);
  if (late !== 0) each(lateColumns.time(late, 0), lateColumns.time(late, lateColumns.samples(late) - 1));
}
