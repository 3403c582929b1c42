import { describe, expect, it } from 'vitest';
import { parserFor } from '../language/grammar.js';
import { parse } from '../language/parse.js';
import { planText } from '../testing/plan-text.js';
import { buildPlan } from './build.js';
import type { LogicalNode } from './logical.js';

const build = (text: string): LogicalNode => buildPlan(parse(text, parserFor([])), { text, grid: { start: 600_000, step: 60_000, count: 11 }, lookback: 300_000, defaultStep: 60_000 });
const nested = (depth: number): string => `${'max_over_time('.repeat(depth)}a${'[5m:1m])'.repeat(depth)}`;

describe('a plan', () => {
  it('makes times, shifts and the constants of the query explicit', () => {
    expect(planText(build('a @ start() offset 5m + step() * range()'))).toBe('(+ select{a}@600 offset 5m (* 60 600))');
  });

  it('nests subqueries so deep and no deeper', () => {
    expect(planText(build(`${nested(20)} + ${nested(20)}`))).toContain('max_over_time');
    expect(() => build(nested(21))).toThrow(/^1:295: parse error: more than 20 nested subqueries$/);
  });
});
