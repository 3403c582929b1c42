import type { Label } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import type { VariableValue } from './interpolate.js';
import { resolveVariables } from './resolve-variables.js';
import type { ResolvedVariable } from './resolve-variables.js';
import { variableSchema } from './variable.js';

const never = new AbortController().signal;

const path = (value: string): Label => ({ name: 'path', value });

/** Knows `cluster`, and `service` by cluster, and remembers what it was asked. */
class FakeEngine {
  readonly asked: string[] = [];
  readonly #services: Readonly<Record<string, readonly string[]>> = { a: ['web-10', 'web-9', 'db'], b: ['api'] };

  readonly labelValues: Engine['labelValues'] = (name, { selectors }) => {
    this.asked.push([name, ...selectors].join(' '));
    const cluster = /cluster=~?"(\w)"/.exec(selectors[0] ?? '')?.[1];
    const all = name === 'cluster' ? Object.keys(this.#services) : cluster === undefined ? Object.values(this.#services).flat() : (this.#services[cluster] ?? []);
    if (name === 'broken') return Promise.reject(new Error('no disk'));
    return Promise.resolve({ values: all, truncated: false });
  };

  readonly query: Engine['query'] = ({ expression }) => {
    this.asked.push(expression);
    const series: (readonly Label[])[] = [[path('/a')], [path('/b')], [path('/a')], []];
    return Promise.resolve({
      type: 'vector', series, offsets: Uint32Array.of(0, 1, 2, 3, 4), times: new Float64Array(4), values: Float64Array.of(3, 1, 3, 2), text: undefined, warnings: [], infos: [], stats: { seriesSelected: 4, samplesLoaded: 4, milliseconds: 1 },
    });
  };
}

interface Ask {
  readonly values?: readonly VariableValue[];
  readonly limit?: number;
  readonly search?: { name: string; text: string };
}

async function resolved(variables: readonly unknown[], { values = [], limit = 1000, search }: Ask = {}, engine = new FakeEngine()): Promise<readonly ResolvedVariable[]> {
  return resolveVariables({ variables: variables.map((one) => variableSchema.parse(one)), values, range: { start: 0, end: 1000 }, limit, search }, engine, never);
}

const cluster = { kind: 'label_values', name: 'cluster', of: 'cluster' };
const service = { kind: 'label_values', name: 'service', of: 'service', selector: 'up{cluster="$cluster"}' };

const texts = (one: ResolvedVariable | undefined): string[] => one?.options.map(({ text }) => text) ?? [];

describe('variables', () => {
  it('are resolved along the chain, whatever their order, with what is chosen before', async () => {
    const engine = new FakeEngine();
    const [second, first] = await resolved([service, cluster], { values: [{ name: 'cluster', values: ['a'] }] }, engine);
    expect(engine.asked).toEqual(['cluster', 'service up{cluster="a"}']);
    expect(first?.chosen).toEqual({ name: 'cluster', values: ['a'] });
    expect(texts(second)).toEqual(['db', 'web-9', 'web-10']);
    expect(second?.chosen).toEqual({ name: 'service', values: ['db'] });
  });

  it('keep what was chosen as far as it is still there', async () => {
    const values = [{ name: 'cluster', values: ['b'] }, { name: 'service', values: ['db', 'api'] }];
    const [, one] = await resolved([cluster, { ...service, multiple: true }], { values });
    expect(one?.chosen.values).toEqual(['api']);
    const [, other] = await resolved([cluster, { ...service, selected: ['gone'] }], { values: [{ name: 'cluster', values: ['b'] }, { name: 'service', values: ['db'] }] });
    expect(other?.chosen.values).toEqual(['api']);
  });

  it('may have several values only where they say so', async () => {
    const values = [{ name: 'cluster', values: ['a', 'b'] }];
    expect((await resolved([cluster], { values }))[0]?.chosen.values).toEqual(['a']);
    expect((await resolved([{ ...cluster, multiple: true }], { values }))[0]?.chosen.values).toEqual(['a', 'b']);
  });

  it('name all their options when all are chosen, and leave it at any value where the label has no others', async () => {
    const all = (name: string) => ({ values: [{ name, values: [], all: true }] });
    expect((await resolved([{ ...cluster, all: true }], all('cluster')))[0]?.chosen).toEqual({ name: 'cluster', all: true, values: [] });
    expect((await resolved([{ ...cluster, all: true, filter: 'a|c' }], all('cluster')))[0]?.chosen).toEqual({ name: 'cluster', all: true, values: ['a'] });
    expect((await resolved([{ ...cluster, all: true, filter: '.*' }], { ...all('cluster'), limit: 1 }))[0]?.chosen.values).toEqual([]);
    expect((await resolved([{ ...cluster, selected: ['$__all'], all: true }]))[0]?.chosen.all).toBe(true);
    expect((await resolved([cluster], all('cluster')))[0]?.chosen).toEqual({ name: 'cluster', values: ['a'] });
  });

  it('list as many options as are allowed, and find the others by a search', async () => {
    const [capped] = await resolved([{ ...service, selector: '' }], { limit: 2 });
    expect([texts(capped), capped?.more]).toEqual([['api', 'db'], true]);
    const [found] = await resolved([{ ...service, selector: '' }], { limit: 2, search: { name: 'service', text: 'WEB' } });
    expect([texts(found), found?.more, found?.chosen.values]).toEqual([['web-9', 'web-10'], false, ['api']]);
  });

  it('filter and sort', async () => {
    const sorted = async (more: object): Promise<string[]> => texts((await resolved([{ ...service, selector: '', ...more }]))[0]);
    expect(await sorted({ filter: 'web-.*' })).toEqual(['web-9', 'web-10']);
    expect(await sorted({ sort: 'alphabetical', descending: true })).toEqual(['web-9', 'web-10', 'db', 'api']);
    expect(await sorted({ sort: 'none' })).toEqual(['web-10', 'web-9', 'db', 'api']);
  });

  it('come from a query, by a label or by value', async () => {
    const query = { kind: 'query', name: 'q', expression: 'topk(3, a{cluster="$cluster"})' };
    const engine = new FakeEngine();
    expect(texts((await resolved([cluster, { ...query, of: 'path' }], {}, engine))[1])).toEqual(['/a', '/b']);
    expect(engine.asked[1]).toBe('topk(3, a{cluster="a"})');
    expect(texts((await resolved([cluster, { ...query, sort: 'numerical' }]))[1])).toEqual(['1', '2', '3']);
  });

  it('are lists, durations and texts as well', async () => {
    const variables = [
      { kind: 'custom', name: 'c', options: [{ value: '1', text: 'one' }, { value: '2' }] },
      { kind: 'interval', name: 'i', options: ['1m', '5m'], selected: ['5m'] },
      { kind: 'text', name: 't', selected: ['x'] },
    ];
    const [custom, interval, text] = await resolved(variables, { values: [{ name: 't', values: ['"}'] }] });
    expect(texts(custom)).toEqual(['one', '2']);
    expect(interval?.chosen.values).toEqual(['5m']);
    expect(text?.chosen.values).toEqual(['"}']);
  });

  it('that fail say why, and the others go on', async () => {
    const [broken, fine] = await resolved([{ ...cluster, name: 'x', of: 'broken' }, cluster]);
    expect(broken).toMatchObject({ options: [], error: 'no disk' });
    expect(texts(fine)).toEqual(['a', 'b']);
  });
});
