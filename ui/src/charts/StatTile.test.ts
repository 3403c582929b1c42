import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import StatTile from './StatTile.vue';

it('shows the newest value with its unit, over a line that others can hear of', () => {
  const data = { times: [0, 1, 2], series: [{ key: 'a', labels: {}, name: 'a', values: [1024, 2048, 1536] }] };
  const tile = mount(StatTile, { props: { data, unit: 'bytes', label: 'Memory' } });
  expect(tile.find('.value').text()).toBe('1.5KiB');
  expect(tile.find('svg').attributes('aria-label')).toBe('Memory, between 1 KiB and 2 KiB');
  expect(tile.find('path').attributes('d')).toMatch(/^M0\.0 40\.0/);
});
