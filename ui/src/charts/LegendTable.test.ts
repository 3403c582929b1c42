import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import LegendTable from './LegendTable.vue';
import type { PanelSeries } from './panel-data.js';
import { mostDrawn, useLegend } from './useLegend.js';

const series: PanelSeries[] = [
  { key: 'a', labels: {}, name: 'first', values: [1, 2, 3] },
  { key: 'b', labels: {}, name: '<b>second</b>', values: [30, undefined, 10] },
  { key: 'c', labels: {}, name: 'third', values: [undefined, NaN] },
];

function legend(drawn = ['a', 'b', 'c']) {
  return mount(LegendTable, { props: { series, drawn: new Set(drawn), colourOf: () => '#fff', textOf: (_: string, value: number | undefined) => (value === undefined ? '–' : String(value)), note: '' } });
}

describe('the legend', () => {
  it('lists last, min, mean and max of each series, names as text', () => {
    const rows = legend().findAll('tbody tr').map((row) => row.findAll('th, td').map((cell) => cell.text()));
    expect(rows).toEqual([['first', '3', '1', '2', '3'], ['<b>second</b>', '10', '10', '20', '30'], ['third', '–', '–', '–', '–']]);
  });

  it('sorts by a column, largest first, and says so', async () => {
    const table = legend();
    await table.findAll('thead button')[3]?.trigger('click');
    expect(table.findAll('tbody th').map((cell) => cell.text())).toEqual(['<b>second</b>', 'first', 'third']);
    expect(table.findAll('thead th')[3]?.attributes('aria-sort')).toBe('descending');
  });

  it('asks for one alone on a click and to toggle with Ctrl', async () => {
    const table = legend();
    await table.findAll('tbody button')[1]?.trigger('click');
    await table.findAll('tbody button')[0]?.trigger('click', { ctrlKey: true });
    expect(table.emitted('only')).toEqual([['b']]);
    expect(table.emitted('toggle')).toEqual([['a']]);
  });
});

describe('what is drawn', () => {
  const many = Array.from({ length: mostDrawn + 10 }, (_, i): PanelSeries => ({ key: `k${i}`, labels: {}, name: '', values: [] }));

  it('is no more than can be seen, and any one alone', () => {
    const { drawn, only } = useLegend(() => many);
    expect(drawn.value).toHaveLength(mostDrawn);
    only(`k${mostDrawn + 5}`);
    expect(drawn.value.map(({ key }) => key)).toEqual([`k${mostDrawn + 5}`]);
    only(`k${mostDrawn + 5}`);
    expect(drawn.value).toHaveLength(mostDrawn);
  });

  it('makes room for the next one when one is hidden', () => {
    const { drawnKeys, toggle } = useLegend(() => many);
    toggle('k0');
    expect([drawnKeys.value.has('k0'), drawnKeys.value.has(`k${mostDrawn}`)]).toEqual([false, true]);
  });
});
