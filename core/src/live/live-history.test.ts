import { describe, expect, it } from 'vitest';
import type { LiveEvent } from './live-event.js';
import { LiveHistory, MAX_EVENTS } from './live-history.js';

const grid = { start: 0, end: 10, step: 1, warnings: [] };

function delta(sequence: number, cells = 3): LiveEvent {
  const columns = [{ series: 1, values: new Float64Array(cells), present: new Uint8Array(cells) }];
  return { ...grid, kind: 'delta', sequence, token: `q.${sequence}`, from: 8, added: [], removed: [], columns };
}

function historyOf(events: readonly LiveEvent[], room = 1000): LiveHistory {
  const history = new LiveHistory();
  for (const event of events) history.record(event, room);
  return history;
}

function deltas(count: number): LiveEvent[] {
  return Array.from({ length: count }, (_, i) => delta(i + 1));
}

describe('the history of a live query', () => {
  it('gives what came after an event, which may be nothing', () => {
    const history = historyOf(deltas(3));
    expect([0, 1, 2, 3].map((sequence) => history.after(sequence)?.map((event) => event.sequence))).toEqual([[1, 2, 3], [2, 3], [3], []]);
    expect(new LiveHistory().after(0)).toEqual([]);
  });

  it('knows no event that has not been', () => {
    expect(historyOf(deltas(3)).after(4)).toBeUndefined();
  });

  it('keeps a bounded number of events', () => {
    const history = historyOf(deltas(MAX_EVENTS + 5));
    expect(history.after(4)).toBeUndefined();
    expect(history.after(5)).toHaveLength(MAX_EVENTS);
  });

  it('is never larger than a snapshot', () => {
    const history = historyOf(deltas(5), 7);
    expect(history.cells).toBe(6);
    expect(history.after(2)).toBeUndefined();
    expect(history.after(3)).toHaveLength(2);
    history.record(delta(6, 8), 7);
    expect([history.cells, history.after(5), history.after(6)]).toEqual([0, undefined, []]);
  });

  it('begins anew with a snapshot', () => {
    const history = historyOf([...deltas(2), { ...grid, kind: 'snapshot', sequence: 3, token: 'q.3', series: [], columns: [], skipped: 0 }, delta(4)]);
    expect(history.after(2)).toBeUndefined();
    expect(history.after(3)?.map(({ kind }) => kind)).toEqual(['delta']);
    expect(history.cells).toBe(3);
  });
});
