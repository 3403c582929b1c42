import { Labels } from '@metrics-dashboard/sdk';
import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compareLabels } from './functions/relabel.js';
import { rankSeries, shownLabels } from './label-order.js';

describe('the order of series in a result', () => {
  it('is that of their labels one by one, and those that show the same are one row', () => {
    const dice = new Random(7);
    const names = ['__name__', 'a', 'ab', 'b', '__type__'];
    const series = Array.from({ length: 400 }, () => ({
      labels: Labels.from(names.filter(() => dice.chance(0.6)).map((name) => [name, dice.pick(['', 'x', 'xy', 'y', 'é'])] as const)),
      dropsName: dice.chance(0.5),
    }));
    const shown = series.map((one) => Labels.from(shownLabels(one).map(({ name, value }) => [name, value] as const)));
    const wanted = [...new Map(shown.map((labels) => [labels.key, labels])).values()].sort(compareLabels);
    const { rows, rowOf, firstOf } = rankSeries(series);
    expect(rows).toBe(wanted.length);
    expect(Array.from(rowOf, (row) => wanted[row]?.key)).toEqual(shown.map(({ key }) => key));
    expect(Array.from(firstOf, (i) => shown[i]?.key)).toEqual(wanted.map(({ key }) => key));
    expect(Array.from(firstOf, (first, row) => rowOf.indexOf(row) === first)).not.toContain(false);
  });

  it('is nothing for nothing', () => {
    expect(rankSeries([]).rows).toBe(0);
  });
});
