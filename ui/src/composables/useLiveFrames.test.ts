import { DefaultApolloClient } from '@vue/apollo-composable';
import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import type { Reached } from '../testing/fake-server.js';
import { packed } from '../testing/packed.js';
import { createFakeServer } from '../testing/fake-server.js';
import type { LiveFrames } from './useLiveFrames.js';
import { useLiveFrames } from './useLiveFrames.js';

const series = [{ __typename: 'LiveSeries', id: 1, labels: { job: 'a' } }];
const column = (...values: (number | null)[]) => [{ __typename: 'LiveColumn', series: 1, packed: packed(...values) }];
const snapshot = {
  live: { __typename: 'LiveSnapshot', sequence: 3, token: 'q.3', start: 0, end: 20, step: 10, skipped: 0, warnings: [], series, columns: column(1, 2, 3) },
};
const delta = (sequence: number, ...values: (number | null)[]) => ({
  live: { __typename: 'LiveDelta', sequence, token: `q.${sequence}`, start: 10, from: 30, end: 30, step: 10, warnings: [], removed: [], added: [], columns: column(...values) },
});

function watching() {
  const { client, reached } = createFakeServer();
  const enabled = ref(true);
  const query = ref('up');
  let live: LiveFrames | undefined;
  const component = mount(
    defineComponent({
      setup() {
        live = useLiveFrames(() => ({ query: query.value, window: 60_000, interval: undefined, maxPoints: 100, variables: [] }), () => enabled.value);
        return () => h('i');
      },
    }),
    { global: { provide: { [DefaultApolloClient as symbol]: client } } },
  );
  if (live === undefined) throw new Error('the component was not set up');
  return { reached, enabled, query, live, component, values: () => live?.frames.value?.series[0]?.values };
}

/** The variables as they are written to the socket now. */
function sent(reached: Reached | undefined): unknown {
  return JSON.parse(JSON.stringify(reached?.variables));
}

/** The client lets go of a subscription in a task of its own. */
function areOpen(reached: readonly Reached[], ...expected: boolean[]): Promise<void> {
  return vi.waitFor(() => expect(reached.map(({ isOpen }) => isOpen())).toEqual(expected));
}

describe('live frames', () => {
  it('begin with the snapshot and go on with deltas', async () => {
    const { reached, values } = watching();
    await flushPromises();
    expect(reached.map((each) => [each.name, sent(each)])).toEqual([['Live', { query: 'up', window: 60_000, maxPoints: 100, variables: [] }]]);
    reached[0]?.answer(snapshot);
    reached[0]?.answer(delta(4, 4));
    await flushPromises();
    expect(values()).toEqual([2, 3, 4]);
  });

  it('ask for a new snapshot when a delta does not follow', async () => {
    const { reached, values } = watching();
    await flushPromises();
    reached[0]?.answer(snapshot);
    reached[0]?.answer(delta(6, 4));
    await flushPromises();
    await areOpen(reached, false, true);
    expect(sent(reached[1])).not.toHaveProperty('resume');
    reached[1]?.answer(snapshot);
    await flushPromises();
    expect(values()).toEqual([1, 2, 3]);
  });

  it('take a second snapshot, as after a broken connection, for the whole', async () => {
    const { reached, values } = watching();
    await flushPromises();
    reached[0]?.answer(snapshot);
    reached[0]?.answer({ live: { ...snapshot.live, sequence: 0, columns: column(7, null, 9) } });
    await flushPromises();
    expect(values()).toEqual([7, undefined, 9]);
  });

  it('stay when the server can not answer for a while, and say so', async () => {
    const { reached, live, values } = watching();
    await flushPromises();
    reached[0]?.answer(snapshot);
    reached[0]?.answer({ live: { __typename: 'LiveError', sequence: 4, token: 'q.4', code: 'UNAVAILABLE', message: 'the engine is starting' } });
    await flushPromises();
    expect([live.problem.value?.message, values()]).toEqual(['the engine is starting', [1, 2, 3]]);
    reached[0]?.answer(delta(5, 4));
    await flushPromises();
    expect([live.problem.value, values()]).toEqual([undefined, [2, 3, 4]]);
  });

  it('cost nothing while they are not looked at, and go on where they were', async () => {
    const { reached, enabled, component, values } = watching();
    await flushPromises();
    reached[0]?.answer(snapshot);
    await flushPromises();
    enabled.value = false;
    await areOpen(reached, false);
    enabled.value = true;
    await areOpen(reached, false, true);
    expect(sent(reached[1])).toMatchObject({ resume: 'q.3' });
    expect(values()).toEqual([1, 2, 3]);
    reached[1]?.answer(delta(4, 4));
    await flushPromises();
    expect(values()).toEqual([2, 3, 4]);
    component.unmount();
    await areOpen(reached, false, false);
  });

  it('name the last event when the socket sends the same operation again', async () => {
    const { reached } = watching();
    await flushPromises();
    expect(sent(reached[0])).not.toHaveProperty('resume');
    reached[0]?.answer(snapshot);
    await flushPromises();
    expect(sent(reached[0])).toMatchObject({ resume: 'q.3' });
    reached[0]?.answer(delta(4, 4));
    await flushPromises();
    expect(sent(reached[0])).toMatchObject({ resume: 'q.4' });
  });

  it('begin with a snapshot after the stream has failed', async () => {
    const { reached, live } = watching();
    await flushPromises();
    reached[0]?.answer(snapshot);
    reached[0]?.fail(new Error('gone'));
    await flushPromises();
    live.retry();
    await vi.waitFor(() => expect(reached).toHaveLength(2));
    expect(sent(reached[1])).not.toHaveProperty('resume');
  });

  it('do not show the answer to another question', async () => {
    const { reached, query, values } = watching();
    await flushPromises();
    reached[0]?.answer(snapshot);
    await flushPromises();
    query.value = 'down';
    await flushPromises();
    expect(values()).toBeUndefined();
    expect(reached.at(-1)?.variables.query).toBe('down');
    expect(sent(reached.at(-1))).not.toHaveProperty('resume');
  });
});
