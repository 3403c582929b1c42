import { describe, expect, it } from 'vitest';
import { Random } from '../testing/random.js';
import { parseLabelSet } from '../testing/series-notation.js';
import { Labels, isLegacyLabelName, isLegacyMetricName } from './labels.js';

describe('labels', () => {
  it('are sorted by name, whatever the order they come in', () => {
    const labels = Labels.from([['b', '1'], ['a', '2'], ['B', '3']]);
    expect([...labels].map(({ name }) => name)).toEqual(['B', 'a', 'b']);
    expect(labels.equals(Labels.of({ a: '2', B: '3', b: '1' }))).toBe(true);
  });

  it('have no empty values, and the later of two values', () => {
    expect(Labels.from([['a', '1'], ['b', ''], ['a', '2']]).toObject()).toEqual({ a: '2' });
    expect(Labels.from([['a', '1'], ['a', '']]).size).toBe(0);
    expect(Labels.of({ a: '' })).toBe(Labels.EMPTY);
  });

  it('answer a missing label with the empty value', () => {
    const labels = Labels.of({ __name__: 'up', job: 'x' });
    expect([labels.metric, labels.get('job'), labels.get('none'), labels.has('none')]).toEqual(['up', 'x', '', false]);
    expect(Labels.EMPTY.metric).toBe('');
  });

  it('give changed copies and leave themselves alone', () => {
    const labels = Labels.of({ __name__: 'up', job: 'x', zone: '1' });
    expect(labels.only(new Set(['job'])).toObject()).toEqual({ job: 'x' });
    expect(labels.without(new Set(['job', 'zone'])).toObject()).toEqual({ __name__: 'up' });
    expect(labels.withoutMetric().toObject()).toEqual({ job: 'x', zone: '1' });
    expect(labels.with({ job: '', zone: '2', more: '3' }).toObject()).toEqual({ __name__: 'up', more: '3', zone: '2' });
    expect(labels.size).toBe(3);
    expect(labels.without(new Set(['none']))).toBe(labels);
    expect(labels.only(new Set())).toBe(Labels.EMPTY);
  });

  it.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', job: 'x', a: '1' }, 'up{a="1",job="x"}'],
    [{ job: 'a"b\\c\nd' }, '{job="a\\"b\\\\c\\nd"}'],
    [{ __name__: 'not a name', 'not a label': 'x' }, '{"not a name","not a label"="x"}'],
    [{ __name__: 'a:b' }, 'a:b'],
  ])('are written as the query language does: %j', (record, text) => {
    expect(Labels.of(record).toString()).toBe(text);
  });

  it('have a key that is equal for equal sets alone, whatever the values hold', () => {
    const parts = ['', 'a', 'b', '\u0001', '\u0002', '0', '1', 'a\u0001b', '\u00020', '\u00021'];
    const textByKey = new Map<string, string>();
    const dice = new Random(11);
    for (let i = 0; i < 3000; i++) {
      const pairs = Array.from({ length: dice.below(4) }, () => [`a${dice.pick(parts)}`, dice.pick(parts) + dice.pick(parts)] as const);
      const labels = Labels.from(pairs);
      const text = JSON.stringify(labels);
      expect(textByKey.get(labels.key) ?? text).toBe(text);
      textByKey.set(labels.key, text);
    }
  });

  it('are read back from their text', () => {
    const dice = new Random(5);
    const chars = ['a', 'B', '_', '"', '\\', '\n', ' ', '{', '}', ',', '=', 'é', '😀'];
    const word = (): string => Array.from({ length: dice.below(5) + 1 }, () => dice.pick(chars)).join('');
    for (let i = 0; i < 500; i++) {
      const labels = Labels.from(Array.from({ length: dice.below(4) }, () => [dice.chance(0.3) ? '__name__' : word(), word()] as const));
      expect(parseLabelSet(labels.toString()).toObject()).toEqual(labels.toObject());
    }
  });
});

describe('legacy names', () => {
  it.each([['a', true, true], ['_a1', true, true], ['a:b', false, true], ['1a', false, false], ['', false, false], ['a-b', false, false], ['é', false, false]])(
    '%j', (name, label, metric) => {
      expect([isLegacyLabelName(name), isLegacyMetricName(name)]).toEqual([label, metric]);
    },
  );
});
