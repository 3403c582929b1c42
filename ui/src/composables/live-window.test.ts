import { describe, expect, it } from 'vitest';
import { packed } from '../testing/packed.js';
import type { DeltaEvent, LiveWindow, SnapshotEvent } from './live-window.js';
import { foldDelta, openWindow, windowTimes } from './live-window.js';

const step = 10;

function snapshot(changes: Partial<SnapshotEvent> = {}): SnapshotEvent {
  return {
    sequence: 0, start: 100, end: 130, step, warnings: [],
    series: [{ id: 1, labels: { job: 'a' } }],
    columns: [{ series: 1, packed: packed(1, null, NaN, 4) }],
    ...changes,
  };
}

function delta(changes: Partial<DeltaEvent> = {}): DeltaEvent {
  return { sequence: 1, start: 110, from: 130, end: 140, step, added: [], removed: [], columns: [], warnings: [], ...changes };
}

function valuesOf(window: LiveWindow | undefined, id: number) {
  return window?.series.find((series) => series.id === id)?.values;
}

describe('a live window', () => {
  it('opens with the snapshot, gaps and NaN told apart', () => {
    const window = openWindow(snapshot());
    expect(windowTimes(window)).toEqual([100, 110, 120, 130]);
    expect(valuesOf(window, 1)).toEqual([1, undefined, NaN, 4]);
  });

  it('drops what leaves, replaces what is revised, and appends what is new', () => {
    const window = foldDelta(openWindow(snapshot()), delta({ columns: [{ series: 1, packed: packed(40, Infinity) }] }));
    expect(windowTimes(window ?? openWindow(snapshot()))).toEqual([110, 120, 130, 140]);
    expect(valuesOf(window, 1)).toEqual([undefined, NaN, 40, Infinity]);
  });

  it('has a gap where a series is not in the delta', () => {
    expect(valuesOf(foldDelta(openWindow(snapshot()), delta()), 1)).toEqual([undefined, NaN, undefined, undefined]);
  });

  it('takes in new series with a gap before them and lets others go', () => {
    const window = foldDelta(
      openWindow(snapshot()),
      delta({ added: [{ id: 2, labels: { job: 'b' } }], removed: [1], columns: [{ series: 2, packed: packed(7, 8) }] }),
    );
    expect(window?.series.map(({ id }) => id)).toEqual([2]);
    expect(valuesOf(window, 2)).toEqual([undefined, undefined, 7, 8]);
  });

  it('asks for a snapshot when an event is missing or the step is another', () => {
    const window = openWindow(snapshot());
    expect(foldDelta(window, delta({ sequence: 2 }))).toBeUndefined();
    expect(foldDelta(window, delta({ step: 20 }))).toBeUndefined();
    expect(foldDelta(window, delta({ start: 105 }))).toBeUndefined();
  });

  it('does not change the window it was given', () => {
    const window = openWindow(snapshot());
    foldDelta(window, delta({ columns: [{ series: 1, packed: packed(40, 50) }] }));
    expect(valuesOf(window, 1)).toEqual([1, undefined, NaN, 4]);
  });
});

/** A small generator of numbers below one, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('folding random deltas', () => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))('amounts to what the samples are (seed %i)', (seed) => {
    const random = generator(seed);
    const length = 3 + Math.floor(random() * 20);
    const truth = new Map<number, Map<number, number>>();
    const put = (id: number, at: number, value: number | undefined): void => {
      const samples = truth.get(id) ?? new Map<number, number>();
      truth.set(id, samples);
      if (value === undefined) samples.delete(at);
      else samples.set(at, value);
    };
    const draw = (): number | undefined => (random() < 0.25 ? undefined : Math.floor(random() * 1000));
    const column = (id: number, from: number, to: number): (number | null)[] =>
      Array.from({ length: (to - from) / step + 1 }, (_, i) => truth.get(id)?.get(from + i * step) ?? null);

    let [start, end] = [1000, 1000 + length * step];
    for (const id of [0, 1, 2]) for (let at = start; at <= end; at += step) put(id, at, draw());
    let window: LiveWindow | undefined = openWindow({
      sequence: 5, start, end, step, warnings: [],
      series: [0, 1, 2].map((id) => ({ id, labels: { id: String(id) } })),
      columns: [0, 1, 2].map((id) => ({ series: id, packed: packed(...column(id, start, end)) })),
    });
    let known = new Set([0, 1, 2]);
    for (let round = 1; round <= 30; round++) {
      const moved = Math.floor(random() * 3);
      [start, end] = [start + moved * step, end + moved * step];
      const from = Math.max(start, end - (moved + Math.floor(random() * 3)) * step);
      const added = random() < 0.3 ? [round + 10] : [];
      for (const id of [...known, ...added]) for (let at = from; at <= end; at += step) put(id, at, draw());
      const removed = [...known].filter((id) => column(id, start, end).every((value) => value === null));
      known = new Set([...known, ...added].filter((id) => !removed.includes(id)));
      const present = [...known].filter((id) => column(id, from, end).some((value) => value !== null));
      window = window && foldDelta(window, {
        sequence: 5 + round, start, from, end, step, removed, warnings: [],
        added: added.map((id) => ({ id, labels: { id: String(id) } })),
        columns: present.map((id) => ({ series: id, packed: packed(...column(id, from, end)) })),
      });
      expect(window?.series.map(({ id }) => id).sort((a, b) => a - b), `round ${round}`).toEqual([...known].sort((a, b) => a - b));
      for (const id of known) {
        expect(valuesOf(window, id), `round ${round}, series ${id}`).toEqual(column(id, start, end).map((value) => value ?? undefined));
      }
    }
  });
});
