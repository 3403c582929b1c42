import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { instantsOf, useTimeRange } from './useTimeRange.js';
import { useUrlState } from './useUrlState.js';

async function withRouter<State>(address: string, setup: () => State) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => h('i') } }] });
  await router.push(address);
  let state: State | undefined;
  mount(defineComponent({ setup: () => { state = setup(); return () => h('i'); } }), { global: { plugins: [router] } });
  if (state === undefined) throw new Error('the component was not set up');
  return { router, state };
}

describe('a ref in the address', () => {
  it('reads the address and writes it, without the default', async () => {
    const { router, state } = await withRouter('/?q=up&other=1', () => useUrlState('q', ''));
    expect(state.value).toBe('up');
    state.value = 'a{b="c d"}';
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ q: 'a{b="c d"}', other: '1' });
    state.value = '';
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ other: '1' });
  });

  it('makes several changes of one tick one step of the history', async () => {
    const { router, state } = await withRouter('/', () => useTimeRange());
    state.zoom({ start: 1_764_000_000_000, end: 1_764_000_600_000 });
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ from: '1764000000000', to: '1764000600000' });
    router.back();
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({});
  });
});

describe('the time range', () => {
  it('moves when it ends now, and stands when it does not', async () => {
    const moving = await withRouter('/?from=now-90m&refresh=15s', () => useTimeRange());
    expect([moving.state.window.value, moving.state.interval.value]).toEqual([5_400_000, 15_000]);
    const standing = await withRouter('/?from=now-2h&to=now-1h', () => useTimeRange());
    expect(standing.state.window.value).toBeUndefined();
    expect(instantsOf(standing.state.bounds.value, 10_000_000)).toEqual({ start: 2_800_000, end: 6_400_000 });
  });

  it('takes a text that is no range for the last five minutes', async () => {
    const { state } = await withRouter('/?from=%3Cscript%3E&to=never', () => useTimeRange());
    expect(state.window.value).toBe(300_000);
  });

  it('zooms out of a window that moves to a longer one that moves too', async () => {
    const { router, state } = await withRouter('/?from=now-90m', () => useTimeRange());
    state.zoomOut();
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ from: 'now-3h' });
  });

  it('zooms out of, and goes through, a range that stands, and comes back to now with the same length', async () => {
    const { router, state } = await withRouter('/?from=1764000000000&to=1764000600000', () => useTimeRange());
    state.zoomOut();
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ from: '1763999700000', to: '1764000900000' });
    state.pan(-1);
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ from: '1763999100000', to: '1764000300000' });
    state.catchUp();
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ from: 'now-20m' });
  });

  it('does not go past now', async () => {
    const { state } = await withRouter('/', () => useTimeRange());
    state.pan(1);
    await flushPromises();
    expect(Number(state.to.value)).toBeLessThanOrEqual(Date.now());
  });

  it('is shown in the viewer\'s zone when the address names none that there is', async () => {
    const { state } = await withRouter('/?tz=Nowhere/AtAll', () => useTimeRange());
    expect(state.zone.value).toBe('local');
    state.zone.value = 'Asia/Kathmandu';
    await flushPromises();
    expect(state.zone.value).toBe('Asia/Kathmandu');
  });
});
