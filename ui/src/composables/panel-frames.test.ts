import { describe, expect, it } from 'vitest';
import { packed } from '../testing/packed.js';
import { framesToPanel, mergePanels } from './panel-frames.js';

describe('frames', () => {
  it('come onto the full grid of their step, so that left-out steps are gaps', () => {
    const panel = framesToPanel(
      {
        start: 0, step: 10, steps: 5,
        frames: [
          { labels: { a: '1' }, packed: packed(1, NaN, null, null, 4) },
          { labels: { a: '2' }, packed: packed(null, null, -Infinity, null, null) },
        ],
      },
      0, '{{a}}',
    );
    expect(panel.times).toEqual([0, 10, 20, 30, 40]);
    expect(panel.series.map(({ name, values }) => [name, ...values])).toEqual([
      ['1', 1, NaN, undefined, undefined, 4],
      ['2', undefined, undefined, -Infinity, undefined, undefined],
    ]);
  });

  it('of nothing are an empty panel', () => {
    expect(framesToPanel({ start: 0, step: 10, steps: 5, frames: [] }, 0, '')).toEqual({ times: [], series: [] });
    expect(framesToPanel({ frames: [{ labels: {} }] }, 0, '')).toEqual({ times: [], series: [] });
  });

  it('of several queries share one array of times and keep their identity', () => {
    const one = framesToPanel({ start: 0, step: 10, steps: 2, frames: [{ labels: {}, packed: packed(1, 2) }] }, 0, 'one');
    const two = framesToPanel({ start: 10, step: 10, steps: 2, frames: [{ labels: {}, packed: packed(3, 4) }] }, 1, 'two');
    const merged = mergePanels([one, { times: [], series: [] }, two]);
    expect(merged.times).toEqual([0, 10, 20]);
    expect(merged.series.map(({ values }) => values)).toEqual([[1, 2, undefined], [undefined, 3, 4]]);
    expect(new Set(merged.series.map(({ key }) => key)).size).toBe(2);
  });
});
