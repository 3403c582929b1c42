import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { Expr, VectorSelector } from '../query/language/ast.js';
import { parserFor } from '../query/language/grammar.js';
import { parse } from '../query/language/parse.js';
import { interpolate, referencesOf } from './interpolate.js';
import type { VariableValue } from './interpolate.js';

const job: VariableValue = { name: 'job', values: ['api'] };
const jobs: VariableValue = { name: 'job', values: ['api', 'a.b|c'] };
const all: VariableValue = { name: 'job', values: [], all: true };

describe('an expression with variables', () => {
  it.each<[string, readonly VariableValue[], string]>([
    ['up{job="$job"}', [job], 'up{job="api"}'],
    ['up{job="${job}-x"}', [job], 'up{job="api-x"}'],
    ["up{job='$job'}", [job], 'up{job="api"}'],
    ['up{job=`$job`}', [job], 'up{job="api"}'],
    ['up{job=~"$job"}', [job], 'up{job="api"}'],
    ['up{job!~ "$job"}', [job], 'up{job!= "api"}'],
    ['up{job=~"$job"}', [jobs], 'up{job=~"api|a\\\\.b\\\\|c"}'],
    ['up{job=~"x-$job.*"}', [jobs], 'up{job=~"x-(?:api|a\\\\.b\\\\|c).*"}'],
    ['up{job="$job"}', [jobs], 'up{job=~"api|a\\\\.b\\\\|c"}'],
    ['up{job != "x.$job"}', [jobs], 'up{job !~ "x\\\\.(?:api|a\\\\.b\\\\|c)"}'],
    ['up{job=~"$job"}', [all], 'up{job=~".+"}'],
    ['up{job="$job"}', [all], 'up{job=~".+"}'],
    ['up{job=~"api$"}', [job], 'up{job=~"api$"}'],
    ['up{job=~"$other|$job"}', [job], 'up{job=~"$other|api"}'],
    ['rate(a[$interval])', [{ name: 'interval', values: ['5m'] }], 'rate(a[5m])'],
    ['$function by ($labels) (a) * $n', [{ name: 'function', values: ['sum'] }, { name: 'labels', values: ['job', 'path'] }, { name: 'n', values: ['-1.5e3'] }], 'sum by (job, path) (a) * -1.5e3'],
    ['label_replace(a, "b", "$1", "c", "(.*)")', [job], 'label_replace(a, "b", "$1", "c", "(.*)")'],
    ['label_replace(a, "b", "$job", "c", "${job:regex}")', [{ name: 'job', values: ['a.b'] }], 'label_replace(a, "b", "a.b", "c", "a\\\\.b")'],
    ['a # $nothing "\n + b', [], 'a # $nothing "\n + b'],
  ])('%s with %j', (expression, variables, expected) => {
    expect(interpolate(expression, variables)).toBe(expected);
  });

  it.each<[string, readonly VariableValue[], string]>([
    ['up * $x', [job], '1:6: there is no variable "x"'],
    ['a\n * $job', [{ name: 'job', values: ['1) or vector(2'] }], '2:4: $job is "1) or vector(2", and outside of quotes a variable is a number, a duration or a name'],
    ['a $job b', [{ name: 'job', values: ['or'] }], '1:3: $job is "or"'],
    ['a * $job', [all], '1:5: $job has no value of its own'],
    ['a * ${job:regex}', [job], '1:5: the format "regex" of $job is for literals'],
    ['label_replace(a, "b", "$job", "c", "")', [jobs], '1:23: $job has not exactly one value'],
  ])('refuses %j with %j', (expression, variables, message) => {
    expect(() => interpolate(expression, variables)).toThrow(message);
  });

  it('names what it refers to', () => {
    expect(referencesOf('a{b="$c", d=~"${e:regex}"}[$f] + $c')).toEqual(['c', 'e', 'f']);
  });

  it.each([1, 2, 3])('means what it meant, whatever the values are, seed %i', (seed) => {
    const random = new Random(seed);
    const parser = parserFor([]);
    for (let i = 0; i < 500; i++) {
      const values = Array.from({ length: 1 + random.below(3) }, () => hostile(random));
      const [operator, isNegative] = random.pick<[string, boolean]>([['=', false], ['!=', true], ['=~', false], ['!~', true]]);
      const [before, after] = random.pick([['', ''], ['x-', ''], ['', '-y']]);
      const quotes = random.pick(['"', "'", '`']);
      const text = `sum(up{a="1", job${operator}${quotes}${before}$job${after}${quotes}, b="2"})`;
      const filled = parse(interpolate(text, [{ name: 'job', values }]), parser);
      const { matchers } = selectorOf(filled);
      expect(matchers.map(({ name }) => name).sort(), text).toEqual(['__name__', 'a', 'b', 'job']);
      const one = matchers.find(({ name }) => name === 'job');
      for (const value of values) expect(one?.matches(before + value + after), JSON.stringify([text, value])).toBe(!isNegative);
      for (const value of [...values.map((known) => `${known}z`), '', 'other', values.join('|')]) {
        if (!values.includes(value)) expect(one?.matches(before + value + after), JSON.stringify([text, values, value])).toBe(isNegative);
      }
    }
  });

  it('takes a value of 10 kB', () => {
    const value = '"}|\\.*\n'.repeat(1500);
    for (const operator of ['=', '=~']) {
      const { matchers } = selectorOf(parse(interpolate(`up{job${operator}"$job"}`, [{ name: 'job', values: [value] }]), parserFor([])));
      expect(matchers.find(({ name }) => name === 'job')?.matches(value)).toBe(true);
    }
  });
});

const PIECES = ['"', "'", '`', '\\', '{', '}', '(', ')', '|', '.*', '$', '$job', '${job}', '\n', '\r', '\0', '#', ',', ' or ', '[5m]', '^', '+', '?', 'é', '😀', 'a', '1', '/', '-'];

function hostile(random: Random): string {
  return Array.from({ length: 1 + random.below(6) }, () => random.pick(PIECES)).join('');
}

function selectorOf(expression: Expr): VectorSelector {
  if (expression.kind === 'vector-selector') return expression;
  if (expression.kind === 'aggregate') return selectorOf(expression.inner);
  throw new Error(`met ${expression.kind}`);
}
