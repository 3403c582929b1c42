import { Labels, matcher, matchesAll } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { LabelIndex } from './label-index.js';
import { intersect, select, subtract, unite } from './postings.js';

function randomLabels(dice: Random): Labels {
  const pairs: [string, string][] = [['__name__', `m${dice.below(5)}`]];
  for (const name of ['a', 'b', 'c', 'long']) {
    if (dice.chance(0.6)) pairs.push([name, name === 'long' ? `v${dice.below(5000)}` : String(dice.below(4))]);
  }
  return Labels.from(pairs);
}

const SELECTORS: readonly (readonly Matcher[])[] = [
  [],
  [matcher('__name__', '=', 'm1')],
  [matcher('__name__', '=~', 'm1|m2'), matcher('a', '!=', '2')],
  [matcher('a', '=', '')],
  [matcher('a', '!=', '')],
  [matcher('a', '=~', '1|')],
  [matcher('b', '!~', '1|2'), matcher('c', '=~', '[01]')],
  [matcher('b', '!~', '.*1')],
  [matcher('long', '=~', 'v1.*'), matcher('a', '=~', '.*')],
  [matcher('none', '=', 'x')],
  [matcher('none', '!=', 'x'), matcher('c', '!~', '.+')],
];

describe('the index of labels', () => {
  it.each([1, 2, 3])('agrees with a plain list through creations and removals, seed %i', (seed) => {
    const dice = new Random(seed);
    const index = new LabelIndex();
    const model = new Map<number, Labels>();
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 600; i++) {
        const labels = randomLabels(dice);
        const known = index.find(labels);
        const ref = index.create(labels);
        if (known === undefined) expect(model.has(ref)).toBe(false);
        else expect(ref).toBe(known);
        model.set(ref, labels);
      }
      for (const matchers of SELECTORS) {
        const expected = [...model].filter(([, labels]) => matchesAll(matchers, labels)).map(([ref]) => ref);
        expect([...select(index, matchers)]).toEqual(expected.sort((a, b) => a - b));
      }
      const leaving = [...model.keys()].filter(() => dice.chance(0.5)).sort((a, b) => a - b);
      const slots = leaving.map((ref) => index.slotOf(ref) as number);
      index.remove(Uint32Array.from(leaving));
      for (const ref of leaving) {
        const labels = model.get(ref);
        expect(labels && index.find(labels)).toBeUndefined();
        expect(index.labels(ref)).toBeUndefined();
        model.delete(ref);
      }
      for (const slot of slots) index.freeSlot(slot);
      expect(index.size).toBe(model.size);
      for (const [ref, labels] of model) expect(index.labels(ref)?.key).toBe(labels.key);
    }
    const byMetric = new Map<string, number>();
    for (const labels of model.values()) byMetric.set(labels.metric, (byMetric.get(labels.metric) ?? 0) + 1);
    expect(new Map(index.byMetric())).toEqual(byMetric);
  });

  it('forgets the symbols that only removed series had', () => {
    const index = new LabelIndex();
    const refs = Array.from({ length: 6000 }, (_, i) => index.create(Labels.of({ __name__: 'm', pod: `pod-${i}` })));
    index.remove(Uint32Array.from(refs.slice(10)));
    expect(index.labelPairs).toBe(11);
    expect(index.labels(refs[3] as number)?.get('pod')).toBe('pod-3');
    expect([...select(index, [matcher('pod', '=', 'pod-9')])]).toEqual([refs[9]]);
  });
});

describe('postings', () => {
  it.each([1, 2, 3])('intersect, unite and subtract as sets do, seed %i', (seed) => {
    const dice = new Random(seed);
    for (let round = 0; round < 200; round++) {
      const list = (): Uint32Array => {
        const items = new Set(Array.from({ length: dice.below(dice.pick([3, 50, 400])) }, () => dice.below(500)));
        return Uint32Array.from(items).sort();
      };
      const [a, b, c] = [list(), list(), list()];
      expect([...intersect(a, b)]).toEqual([...a].filter((item) => b.includes(item)));
      expect([...subtract(a, b)]).toEqual([...a].filter((item) => !b.includes(item)));
      expect([...unite([a, b, c])]).toEqual([...new Set([...a, ...b, ...c])].sort((x, y) => x - y));
    }
  });
});
