import { Labels, ParseError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { compileRelabel } from './relabel.js';
import type { RelabelRule } from './relabel.js';

const INPUT = { __name__: 'm', a: 'foo', b: 'bar', c: 'baz' };

const cases: readonly [what: string, rules: readonly Partial<RelabelRule>[], output: Record<string, string> | undefined][] = [
  ['replaces with a group', [{ sourceLabels: ['a'], regex: 'f(.*)', targetLabel: 'd', replacement: 'ch${1}-ch$1' }], { ...INPUT, d: 'choo-choo' }],
  ['joins source labels', [{ sourceLabels: ['a', 'b'], regex: '(.*);(.*)', targetLabel: 'a', replacement: '$2.$1' }], { ...INPUT, a: 'bar.foo' }],
  ['joins with another separator', [{ sourceLabels: ['a', 'b'], separator: '||', targetLabel: 'd' }], { ...INPUT, d: 'foo||bar' }],
  ['leaves all when the expression does not match whole', [{ sourceLabels: ['a'], regex: 'f', targetLabel: 'd' }], INPUT],
  ['deletes by an empty replacement', [{ sourceLabels: ['a'], regex: 'foo', targetLabel: 'a', replacement: '' }], { __name__: 'm', b: 'bar', c: 'baz' }],
  ['sets a constant without source labels', [{ targetLabel: 'd', replacement: 'x' }], { ...INPUT, d: 'x' }],
  ['writes into a label named by a group', [{ sourceLabels: ['a'], regex: '(f).*', targetLabel: 'x_${1}', replacement: 'y' }], { ...INPUT, x_f: 'y' }],
  ['knows named groups', [{ sourceLabels: ['a'], regex: '(?P<first>.).*', targetLabel: 'd', replacement: '${first}!$$' }], { ...INPUT, d: 'f!$' }],
  ['takes an unknown group as empty', [{ sourceLabels: ['a'], targetLabel: 'd', replacement: '<$7$nope>' }], { ...INPUT, d: '<>' }],
  ['reads the longest name after a dollar', [{ sourceLabels: ['a'], targetLabel: 'd', replacement: '$1x' }], INPUT],
  ['ignores case on request', [{ sourceLabels: ['a'], regex: '(?i)FOO', targetLabel: 'd', replacement: 'x' }], { ...INPUT, d: 'x' }],
  ['keeps what matches', [{ action: 'keep', sourceLabels: ['a'], regex: 'foo' }], INPUT],
  ['drops what keep does not match', [{ action: 'keep', sourceLabels: ['a'], regex: 'fo' }], undefined],
  ['drops what matches', [{ action: 'drop', sourceLabels: ['a'], regex: '.*o.*' }], undefined],
  ['keeps what drop does not match', [{ action: 'drop', sourceLabels: ['nope'], regex: 'x' }], INPUT],
  ['matches a missing label as empty', [{ action: 'drop', sourceLabels: ['nope'], regex: '' }], undefined],
  ['keeps equal ones', [{ action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' }], undefined],
  ['drops equal ones', [{ action: 'dropequal', sourceLabels: ['a'], targetLabel: 'a' }], undefined],
  ['hashes to a shard', [{ action: 'hashmod', sourceLabels: ['c'], targetLabel: 'd', modulus: 1000 }], { ...INPUT, d: '976' }],
  ['maps names', [{ action: 'labelmap', regex: '(b|c)', replacement: 'bar_${1}' }], { ...INPUT, bar_b: 'bar', bar_c: 'baz' }],
  ['drops labels by name', [{ action: 'labeldrop', regex: '(b|c)' }], { __name__: 'm', a: 'foo' }],
  ['keeps labels by name', [{ action: 'labelkeep', regex: '(__name__|b)' }], { __name__: 'm', b: 'bar' }],
  ['lowers and raises case', [{ action: 'uppercase', sourceLabels: ['a'], targetLabel: 'u' }, { action: 'lowercase', sourceLabels: ['u'], targetLabel: 'l' }], { ...INPUT, u: 'FOO', l: 'foo' }],
  ['runs rules in order and stops at a drop', [{ sourceLabels: ['a'], targetLabel: 'd' }, { action: 'drop', sourceLabels: ['d'], regex: 'foo' }], undefined],
];

describe('relabeling', () => {
  it.each(cases)('%s', (_, rules, output) => {
    const relabel = compileRelabel(rules.map(withDefaults));
    expect(relabel(Labels.of(INPUT))?.toObject()).toEqual(output);
  });

  it('refuses an expression that is wrong', () => {
    expect(() => compileRelabel([withDefaults({ regex: '(' })])).toThrow(ParseError);
    expect(() => compileRelabel([withDefaults({ regex: '(a)\\1' })])).toThrow(ParseError);
  });

  it('takes no longer for an expression that makes others try everything', () => {
    const relabel = compileRelabel([withDefaults({ sourceLabels: ['a'], regex: '(a+)+b', targetLabel: 'd' })]);
    const labels = Labels.of({ a: 'a'.repeat(5000) });
    expect(relabel(labels)?.toObject()).toEqual(labels.toObject());
  });
});

function withDefaults(rule: Partial<RelabelRule>): RelabelRule {
  return {
    action: 'replace',
    sourceLabels: [],
    separator: ';',
    targetLabel: '',
    regex: '(.*)',
    modulus: 0,
    replacement: '$1',
    ...rule,
  };
}
