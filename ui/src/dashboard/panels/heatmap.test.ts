import { describe, expect, it } from 'vitest';
import { heatmapOf, strength } from './heatmap.js';

const bucket = (le: string, ...values: (number | undefined)[]) => ({ key: le, name: le, labels: { le }, values });

describe('a heatmap', () => {
  it('has what each bucket has more than the one below', () => {
    const { buckets, most } = heatmapOf({ times: [0, 1], series: [bucket('+Inf', 10, 9), bucket('0.1', 2, 4), bucket('1', 7, undefined)] });
    expect(buckets.map(({ from, to, counts }) => [from, to, counts])).toEqual([
      [-Infinity, 0.1, [2, 4]],
      [0.1, 1, [5, undefined]],
      [1, Infinity, [3, 9]],
    ]);
    expect(most).toBe(9);
  });

  it('adds up series of one bound, and leaves out those without', () => {
    const { buckets } = heatmapOf({ times: [0], series: [bucket('1', 1), bucket('1.0', 2), { key: 'x', name: 'x', labels: {}, values: [9] }] });
    expect(buckets).toEqual([{ from: -Infinity, to: 1, counts: [3] }]);
  });

  it('draws more what is more, and nothing for nothing', () => {
    for (const scale of ['linear', 'logarithmic'] as const) {
      expect(strength(0, 10, scale)).toBe(0);
      expect(strength(10, 10, scale)).toBe(1);
      expect(strength(1, 10, scale)).toBeGreaterThan(0.2);
      expect(strength(1, 10, scale)).toBeLessThan(strength(5, 10, scale));
    }
  });
});
