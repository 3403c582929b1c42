import { Labels, matcher } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { ExemplarStore } from './exemplar-store.js';
import type { Exemplar } from './exemplar-store.js';

const series = (job: string): Labels => Labels.of({ __name__: 'm_total', job });
const exemplar = (at: number, value = at, trace = 'x', isTimed = true): Exemplar => ({ labels: Labels.of({ trace_id: trace }), value, at, isTimed });
const ALL = { start: -Infinity, end: Infinity };
const shown = (store: ExemplarStore, job = '.*', range = ALL): string[] =>
  store.find([[matcher('job', '=~', job)]], range).map(({ labels, exemplars }) => `${labels.get('job')}: ${exemplars.map(({ at }) => at).join(' ')}`);

describe('exemplars', () => {
  it('are found by the labels of their series and by time', () => {
    const store = new ExemplarStore(10);
    for (const at of [1, 2, 3]) store.add(series('a'), exemplar(at));
    store.add(series('b'), exemplar(2));
    expect(shown(store)).toEqual(['a: 1 2 3', 'b: 2']);
    expect(shown(store, 'b')).toEqual(['b: 2']);
    expect(shown(store, '.*', { start: 2, end: 2 })).toEqual(['a: 2', 'b: 2']);
    expect(shown(store, '.*', { start: 4, end: 9 })).toEqual([]);
    expect(store.find([], ALL)).toEqual([]);
  });

  it('that are offered again, or are older, are left aside', () => {
    const store = new ExemplarStore(10);
    expect(store.add(series('a'), exemplar(5))).toBe(true);
    expect(store.add(series('a'), exemplar(5))).toBe(false);
    expect(store.add(series('a'), exemplar(4))).toBe(false);
    expect(store.add(series('a'), exemplar(6, 1, 'y', false))).toBe(true);
    expect(store.add(series('a'), exemplar(21, 1, 'y', false))).toBe(false);
    expect(store.add(series('a'), exemplar(36, 2, 'y', false))).toBe(true);
    expect(shown(store)).toEqual(['a: 5 6 36']);
  });

  it('with long labels are left aside', () => {
    expect(new ExemplarStore(10).add(series('a'), exemplar(1, 1, 'x'.repeat(121)))).toBe(false);
  });

  it('may be more or fewer later, or none', () => {
    const store = new ExemplarStore(2);
    for (const at of [1, 2, 3]) store.add(series('a'), exemplar(at));
    store.resize(4);
    expect(shown(store)).toEqual(['a: 2 3']);
    for (const at of [4, 5, 6]) store.add(series('a'), exemplar(at));
    expect(shown(store)).toEqual(['a: 3 4 5 6']);
    store.resize(2);
    expect(shown(store)).toEqual(['a: 5 6']);
    expect(store.add(series('a'), exemplar(6))).toBe(false);
    store.add(series('a'), exemplar(7));
    expect(shown(store)).toEqual(['a: 6 7']);
    store.resize(0);
    expect(store.add(series('a'), exemplar(8))).toBe(false);
    expect(shown(store)).toEqual([]);
  });

  it('give way to newer ones, the oldest first', () => {
    const store = new ExemplarStore(3);
    store.add(series('a'), exemplar(1));
    for (const at of [1, 2, 3]) store.add(series('b'), exemplar(at));
    expect(shown(store)).toEqual(['b: 1 2 3']);
    expect(store.add(series('a'), exemplar(1))).toBe(true);
    expect(shown(store)).toEqual(['b: 2 3', 'a: 1']);
  });
});
