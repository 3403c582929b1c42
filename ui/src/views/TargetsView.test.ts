import { DefaultApolloClient } from '@vue/apollo-composable';
import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { createFakeServer } from '../testing/fake-server.js';
import TargetsView from './TargetsView.vue';

const target = (id: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  id, scrapePool: 'node', url: `http://${id}/metrics`, labels: { job: 'node', instance: id }, discoveredLabels: {}, health: 'UP',
  lastError: null, lastScrape: Date.now() - 5000, lastScrapeSeconds: 0.012, samples: 1234, interval: 15_000, timeout: 10_000, ...changes,
});

async function page(address: string, targets: readonly unknown[]) {
  const { client, reached } = createFakeServer();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: TargetsView }] });
  await router.push(address);
  const view = mount(TargetsView, { global: { plugins: [router], provide: { [DefaultApolloClient as symbol]: client } } });
  await flushPromises();
  reached[0]?.answer({ targets });
  await flushPromises();
  return { view, router, urls: () => view.findAll('code').map((code) => code.text()) };
}

describe('the targets page', () => {
  it('groups by pool, puts what is down first, and shows why', async () => {
    const { view, urls } = await page('/targets', [
      target('a'), target('b', { health: 'DOWN', lastError: 'connect refused' }), target('z', { scrapePool: 'api' }),
    ]);
    expect(view.findAll('.pool h2').map((title) => title.text())).toEqual(['api', 'node']);
    expect(urls()).toEqual(['http://z/metrics', 'http://b/metrics', 'http://a/metrics']);
    expect(view.text()).toContain('connect refused');
    expect(view.text()).toContain('1 of 2 up');
    view.unmount();
  });

  it('filters by health and by what the address says', async () => {
    const { view, urls } = await page('/targets?health=DOWN&search=instance%3Db', [
      target('a', { health: 'DOWN' }), target('b', { health: 'DOWN' }), target('bb'),
    ]);
    expect(urls()).toEqual(['http://b/metrics']);
    view.unmount();
  });

  it('takes a label into the search, and so into the address', async () => {
    const { view, router } = await page('/targets', [target('a')]);
    await view.find('button.chip').trigger('click');
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ search: 'instance=a' });
    view.unmount();
  });

  it('says what to do when nothing is scraped', async () => {
    const { view } = await page('/targets', []);
    expect(view.find('[data-face]').attributes('data-face')).toBe('empty');
    expect(view.text()).toContain('scrape_configs');
    view.unmount();
  });
});
