import { describe, expect, it } from 'vitest';
import { framesToPanel, mergePanels } from './panel-frames.js';

describe('frames', () => {
  it('come onto the full grid of their step, so that left-out steps are gaps', () => {
    const panel = framesToPanel(
      [
        { labels: { a: '1' }, times: [0, 10, 40], values: [1, 'NaN', 4] },
        { labels: { a: '2' }, times: [20], values: ['-Inf'] },
      ],
      10, 0, '{{a}}',
    );
    expect(panel.times).toEqual([0, 10, 20, 30, 40]);
    expect(panel.series.map(({ name, values }) => [name, ...values])).toEqual([
      ['1', 1, NaN, undefined, undefined, 4],
      ['2', undefined, undefined, -Infinity, undefined, undefined],
    ]);
  });

  it('of nothing are an empty panel', () => {
    expect(framesToPanel([], 10, 0, '')).toEqual({ times: [], series: [] });
    expect(framesToPanel([{ labels: {}, times: [], values: [] }], 10, 0, '')).toEqual({ times: [], series: [] });
  });

  it('of several queries share one array of times and keep their identity', () => {
    const one = framesToPanel([{ labels: {}, times: [0, 10], values: [1, 2] }], 10, 0, 'one');
    const two = framesToPanel([{ labels: {}, times: [10, 20], values: [3, 4] }], 10, 1, 'two');
    const merged = mergePanels([one, { times: [], series: [] }, two]);
    expect(merged.times).toEqual([0, 10, 20]);
    expect(merged.series.map(({ values }) => values)).toEqual([[1, 2, undefined], [undefined, 3, 4]]);
    expect(new Set(merged.series.map(({ key }) => key)).size).toBe(2);
  });
});
