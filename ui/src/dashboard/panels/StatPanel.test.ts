import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { newPanel } from '../document.js';
import type { PanelOf } from '../document.js';
import StatPanel from './StatPanel.vue';

const panel = { ...newPanel('stat', 'm', { x: 0, y: 0, width: 6, height: 4 }), title: 'Memory', unit: 'bytes' } as PanelOf<'stat'>;

it('shows the newest value with its unit, over a line that others can hear of', () => {
  const data = { times: [0, 1, 2], series: [{ key: 'a', labels: {}, name: 'a', values: [1024, 2048, 1536] }] };
  const tile = mount(StatPanel, { props: { data, panel } });
  expect(tile.find('.value').text()).toBe('1.5KiB');
  expect(tile.find('svg').attributes('aria-label')).toBe('Memory, between 1 KiB and 2 KiB');
  expect(tile.find('path').attributes('d')).toMatch(/^M0\.0 40\.0/);
});

it('shows what a value is called, in its colour', () => {
  const data = { times: [0], series: [{ key: 'a', labels: {}, name: 'a', values: [0] }] };
  const mapped = { ...panel, colored: 'value' as const, thresholds: [{ value: 1, color: 'green' }], mappings: [{ from: 0, to: 0, text: 'down', color: 'red' }] };
  const tile = mount(StatPanel, { props: { data, panel: mapped } });
  expect(tile.find('.value').text()).toBe('down');
  expect(tile.find('.tile').attributes('style')).toContain('--ink: var(--colour-red)');
});
