import { describe, expect, it } from 'vitest';
import type { PanelData } from './panel-data.js';
import { thin } from './thin.js';

function panel(values: readonly (number | undefined)[]): PanelData {
  return { times: values.map((_, i) => i * 1000), series: [{ key: 'a', labels: {}, name: 'a', values }] };
}

describe('thinning', () => {
  it('leaves what is few enough as it is', () => {
    const data = panel([1, 2, 3]);
    expect(thin(data, 10)).toBe(data);
  });

  it('keeps every spike and every drop', () => {
    const values = Array.from({ length: 5000 }, (_, i) => (i === 1234 ? 99 : i === 4321 ? -99 : Math.sin(i / 50)));
    const drawn = thin(panel(values), 200).series[0]?.values ?? [];
    expect(drawn).toHaveLength(200);
    expect(drawn).toContain(99);
    expect(drawn).toContain(-99);
  });

  it('keeps a gap only where a whole slot is empty', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i >= 40 && i < 60 ? undefined : i));
    const drawn = thin(panel(values), 20).series[0]?.values ?? [];
    expect(drawn.map((value) => value === undefined)).toEqual(Array.from({ length: 20 }, (_, i) => i >= 8 && i < 12));
  });

  it('gives all series one rising grid', () => {
    const { times } = thin(panel(Array.from({ length: 997 }, (_, i) => i)), 100);
    expect(times.every((at, i) => i === 0 || at > (times[i - 1] ?? 0))).toBe(true);
  });
});
