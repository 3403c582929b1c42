import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import Tooltip from './Tooltip.vue';

const rows = Array.from({ length: 20 }, (_, i) => ({ key: `k${i}`, name: i === 0 ? '<i>x</i>' : `n${i}`, colour: '#fff', text: `${100 - i} %` }));
const props = { at: Date.parse('2026-11-25T13:04:05Z'), zone: 'UTC', rows, position: { x: 10, y: 10 } };

afterEach(() => {
  document.body.innerHTML = '';
});

describe('the tooltip', () => {
  it('shows the time with its zone, and values; names are text', () => {
    const tooltip = mount(Tooltip, { props: { ...props, rows: rows.slice(0, 14), omitted: 6, pinned: false } });
    const text = document.body.textContent ?? '';
    expect(text).toContain('25 Nov 2026, 13:04:05');
    expect(text).toContain('UTC');
    expect(text).toContain('<i>x</i>');
    expect(text).toContain('100 %');
    expect(text).toContain('6 more');
    tooltip.unmount();
  });

  it('lists all and can be closed when it is pinned', () => {
    const tooltip = mount(Tooltip, { props: { ...props, omitted: 0, pinned: true } });
    expect(document.querySelectorAll('.row')).toHaveLength(20);
    document.querySelector<HTMLButtonElement>('button')?.click();
    expect(tooltip.emitted('close')).toHaveLength(1);
    tooltip.unmount();
  });
});
