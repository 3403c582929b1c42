import { describe, expect, it } from 'vitest';
import type { QueryResult } from '../query/query.js';
import { LiveWindow } from './live-window.js';

type Cells = Readonly<Record<string, readonly (readonly [at: number, value: number])[]>>;

function answer(cells: Cells): QueryResult {
  const samples = Object.values(cells);
  const offsets = [0];
  for (const column of samples) offsets.push((offsets.at(-1) ?? 0) + column.length);
  return {
    type: 'matrix',
    series: Object.keys(cells).map((value) => [{ name: 'name', value }]),
    offsets: Uint32Array.from(offsets),
    times: Float64Array.from(samples.flat().map(([at]) => at)),
    values: Float64Array.from(samples.flat().map(([, value]) => value)),
    text: undefined,
    warnings: [],
    infos: [],
    stats: { seriesSelected: 0, samplesLoaded: 0, milliseconds: 0 },
  };
}

function shown(window: LiveWindow): Record<string, string> {
  const { series, columns } = window.snapshot();
  return Object.fromEntries(
    series.map(({ id, labels }) => {
      const column = columns.find((each) => each.series === id);
      const cells = [...(column?.values ?? [])].map((value, i) => (column?.present[i] === 1 ? String(value) : '_'));
      return [labels[0]?.value ?? '', cells.join(' ')];
    }),
  );
}

describe('the window of a live query', () => {
  it('holds a whole answer, with holes where there was no sample', () => {
    const window = new LiveWindow(10, 4, 100);
    window.replace(130, answer({ a: [[100, 1], [120, 3]], b: [[130, NaN]] }));
    expect([window.start, window.end]).toEqual([100, 130]);
    expect(shown(window)).toEqual({ a: '1 _ 3 _', b: '_ _ _ NaN' });
  });

  it('moves: drops what is older, replaces what it is told again, appends what is new', () => {
    const window = new LiveWindow(10, 4, 130);
    window.replace(130, answer({ a: [[100, 1], [110, 2], [120, 3], [130, 4]] }));
    const change = window.advance(150, 130, answer({ a: [[130, 40], [150, 6]] }));
    expect(shown(window)).toEqual({ a: '3 40 _ 6' });
    expect(change).toEqual({
      added: [],
      removed: [],
      columns: [{ series: 1, values: new Float64Array([40, NaN, 6]), present: new Uint8Array([1, 0, 1]) }],
    });
  });

  it('says which series appear, and which have no sample left', () => {
    const window = new LiveWindow(10, 3, 120);
    window.replace(120, answer({ a: [[100, 1]], b: [[120, 1]] }));
    expect(window.advance(130, 130, answer({ c: [[130, 5]] }))).toMatchObject({ added: [{ id: 3 }], removed: [1] });
    expect(window.advance(140, 130, answer({ b: [[140, 2]] }))).toMatchObject({ added: [], removed: [3], columns: [{ series: 2 }] });
    expect(shown(window)).toEqual({ b: '1 _ 2' });
  });

  it('keeps ids where it is filled anew, at an earlier time too', () => {
    const window = new LiveWindow(10, 3, 120);
    window.replace(120, answer({ a: [[120, 1]], b: [[120, 2]] }));
    window.replace(90, answer({ b: [[90, 3]] }));
    expect(window.snapshot().series.map(({ id }) => id)).toEqual([2]);
    expect(shown(window)).toEqual({ b: '_ _ 3' });
  });

  it('gives columns that nobody changes afterwards', () => {
    const window = new LiveWindow(10, 2, 110);
    window.replace(110, answer({ a: [[110, 1]] }));
    const { columns } = window.snapshot();
    window.advance(120, 110, answer({ a: [[110, 7], [120, 8]] }));
    expect([...(columns[0]?.values ?? [])]).toEqual([NaN, 1]);
  });

  it('works on both sides of the epoch', () => {
    const window = new LiveWindow(10, 4, 0);
    window.replace(0, answer({ a: [[-30, 1], [-20, 2], [0, 4]] }));
    window.advance(10, 0, answer({ a: [[0, 5], [10, 6]] }));
    expect(shown(window)).toEqual({ a: '2 _ 5 6' });
  });

  it('leaves out a series that was answered without a sample', () => {
    const window = new LiveWindow(10, 2, 110);
    window.replace(110, answer({ a: [], b: [[110, 1]] }));
    expect(shown(window)).toEqual({ b: '_ 1' });
  });
});
