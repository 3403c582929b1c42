import { describe, expect, it } from 'vitest';
import { pastRange, withPast } from './past-period.js';

const series = (key: string, values: (number | undefined)[]) => ({ key, labels: {}, name: 'x', values });

describe('the past under a range', () => {
  it('is asked for as long as the range, and with room ahead where that moves', () => {
    expect(pastRange({ start: 1000, end: 1800 }, 500, false)).toEqual({ start: 500, end: 1300 });
    expect(pastRange({ start: 1010, end: 1810 }, 500, true)).toEqual({ start: 500, end: 1400 });
    expect(pastRange({ start: 1090, end: 1890 }, 500, true)).toEqual({ start: 500, end: 1400 });
  });

  it('stands on the steps of the present; where there was nothing there is a gap', () => {
    const merged = withPast(
      { times: [1000, 1010, 1020], series: [series('[0,[]]', [1, 2, 3])] },
      { times: [503, 513], series: [series('[0,[]]', [7, 8])] },
      500,
      'a week before',
    );
    expect(merged.series.map(({ key, name, values, pastOf }) => ({ key, name, values, pastOf }))).toEqual([
      { key: '[0,[]]', name: 'x', values: [1, 2, 3], pastOf: undefined },
      { key: '[0,[],"past"]', name: 'x (a week before)', values: [7, 8, 8], pastOf: '[0,[]]' },
    ]);
  });
});
