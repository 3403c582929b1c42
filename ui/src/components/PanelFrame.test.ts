import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { problem } from '../graphql/problem.js';
import PanelFrame from './PanelFrame.vue';

const slots = { default: '<p class="inside">content</p>' };

describe('a panel', () => {
  it('shows its content when there is nothing else to say', () => {
    const panel = mount(PanelFrame, { props: { title: 'Memory' }, slots });
    expect(panel.attributes('data-face')).toBe('content');
    expect(panel.find('.inside').exists()).toBe(true);
  });

  it('shows that it loads, and tells it to those who listen', () => {
    const panel = mount(PanelFrame, { props: { title: 'Memory', loading: true }, slots });
    expect(panel.attributes('aria-busy')).toBe('true');
    expect(panel.text()).toContain('Loading');
    expect(panel.find('.inside').exists()).toBe(false);
  });

  it('says what to do when it is empty', () => {
    const panel = mount(PanelFrame, { props: { title: 'Memory', empty: true }, slots });
    expect(panel.text()).toContain('No data in this time range');
    expect(panel.text()).toContain('Targets page');
  });

  it('shows what went wrong before all else, and tries again when asked', async () => {
    const panel = mount(PanelFrame, { props: { title: 'Memory', loading: true, problem: problem('too many series', 'LIMIT_EXCEEDED', {}) }, slots });
    expect(panel.find('[role=alert]').text()).toContain('too many series');
    expect(panel.text()).toContain('Ask for less');
    await panel.find('.face button').trigger('click');
    expect(panel.emitted('retry')).toHaveLength(1);
  });

  it('names how it was answered, and tells all of it on request', () => {
    const infos = ['thinned: the least and the greatest value of each 2m', 'the metric might not be a counter'];
    const button = mount(PanelFrame, { props: { title: 'Memory', infos } }).find('[aria-label="How Memory was answered"]');
    expect(button.text()).toBe('≈ thinned');
    expect(button.attributes('title')).toBe(infos.join('\n'));
  });

  it('shows titles and messages as text', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const panel = mount(PanelFrame, { props: { title: hostile, problem: problem(hostile, '', {}) } });
    expect(panel.find('img').exists()).toBe(false);
    expect(panel.find('h2').text()).toBe(hostile);
  });
});
