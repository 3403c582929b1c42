import { describe, expect, it } from 'vitest';
import type { Host, TargetGroup } from '@metrics-dashboard/sdk';
import plugin, { staticDiscovery } from './index.js';

/** A static list asks nothing of its host. */
const host = {} as Host;

function check(value: unknown) {
  return staticDiscovery.config['~standard'].validate(value);
}

async function open(value: unknown) {
  const checked = await check(value);
  if (checked.issues) throw new Error(JSON.stringify(checked.issues));
  return staticDiscovery.open(checked.value, host);
}

describe('discovery-static', () => {
  it('yields the groups once and stays open until the signal aborts', async () => {
    const discovery = await open([
      { targets: ['a:1', 'b:2'], labels: { env: 'prod', shard: 7 } },
      { targets: ['c:3'] },
    ]);
    const leaving = new AbortController();
    const sets: (readonly TargetGroup[])[] = [];
    let isOver = false;
    const reading = (async () => {
      for await (const groups of discovery.watch(leaving.signal)) sets.push(groups);
      isOver = true;
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sets).toEqual([
      [
        { source: 'static_configs[0]', targets: ['a:1', 'b:2'], labels: { env: 'prod', shard: '7' } },
        { source: 'static_configs[1]', targets: ['c:3'], labels: {} },
      ],
    ]);
    expect(isOver).toBe(false);
    leaving.abort();
    await reading;
    expect(sets).toHaveLength(1);
  });

  it('yields nothing when the signal has aborted already', async () => {
    const discovery = await open([{ targets: ['a:1'] }]);
    const sets = [];
    for await (const groups of discovery.watch(AbortSignal.abort())) sets.push(groups);
    expect(sets).toEqual([]);
  });

  it.each([
    ['an unknown key', [{ target: ['a:1'] }], 'target'],
    ['something that is no list', { targets: ['a:1'] }, 'array'],
    ['an empty address', [{ targets: [''] }], ''],
  ])('refuses %s', async (_, value, message) => {
    const checked = await check(value);
    expect(checked.issues?.[0]?.message).toContain(message);
  });

  it('is one discovery of the kind static', async () => {
    const contributions = await plugin.activate(host, undefined);
    expect(contributions.map(({ point, name }) => `${point} ${name}`)).toEqual(['discovery static']);
  });
});
