import { describe, expect, it } from 'vitest';
import { parserFor } from '../language/grammar.js';
import { parse } from '../language/parse.js';
import { planText } from '../testing/plan-text.js';
import { buildPlan } from './build.js';
import { foldConstants } from './fold-constants.js';
import type { Grid, LogicalNode } from './logical.js';
import { mergeSelectors } from './merge-selectors.js';
import { PASSES, optimize } from './optimize.js';
import { propagateMatchers } from './propagate-matchers.js';
import { pushGrouping } from './push-grouping.js';
import { shareCommon } from './share.js';
import { markStepInvariant } from './step-invariant.js';

const GRID: Grid = { start: 600_000, step: 60_000, count: 11 };
const planOf = (text: string): LogicalNode => buildPlan(parse(text, parserFor([])), { text, grid: GRID, lookback: 300_000, defaultStep: 60_000 });
const after = (pass: (plan: LogicalNode, grid: Grid) => LogicalNode, text: string): string => planText(pass(planOf(text), GRID));

describe('folding constants', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['-(2 ^ 3)', '-8'],
    ['1 > bool 2', '0'],
    ['a * (60 * 60)', '(* select{a} 3600)'],
    ['clamp(a, -1, 1 / 0)', '(clamp select{a} -1 Infinity)'],
    ['a + 1 + 2', '(+ (+ select{a} 1) 2)'],
  ])('%s', (text, expected) => expect(after(foldConstants, text)).toBe(expected));
});

describe('marking what is the same at every step', () => {
  it.each([
    ['a @ 5', '(once select{a}@5)'],
    ['a / sum(a @ end())', '(/ select{a} (once (sum select{a}@1200)))'],
    ['rate(a[5m] @ start())', '(once (rate window{a}@600[5m]))'],
    ['predict_linear(a[5m] @ 5, 60)', '(predict_linear window{a}@5[5m] 60)'],
    ['day_of_month()', '(day_of_month)'],
    ['1 + 1', '(once (+ 1 1))'],
    ['a @ 5 + b', '(+ (once select{a}@5) select{b})'],
    ['max_over_time((a @ 5)[5m:])', '(max_over_time (subquery[5m] (once select{a}@5)))'],
  ])('%s', (text, expected) => expect(after(markStepInvariant, text)).toBe(expected));
});

describe('propagating matchers', () => {
  it.each([
    ['a{x="1"} / b', '(/ select{a,x="1"} select{b,x="1"})'],
    ['a{x="1"} / b{y="2"}', '(/ select{a,x="1",y="2"} select{b,y="2",x="1"})'],
    ['a{x="1",y="2"} / on (x) b', '(/ on(x) select{a,x="1",y="2"} select{b,x="1"})'],
    ['a{x="1",y="2"} / ignoring (x) b', '(/ ignoring(x) select{a,x="1",y="2"} select{b,y="2"})'],
    ['a{x="1"} unless b{x!="2"}', '(unless select{a,x="1"} select{b,x!="2",x="1"})'],
    ['a{x="1"} and b{x!="2"}', '(and select{a,x="1",x!="2"} select{b,x!="2",x="1"})'],
    ['a{x="1"} or b', '(or select{a,x="1"} select{b})'],
    ['a{x="1"} + on (x) sum by (x) (b or on (x) c)', '(+ on(x) select{a,x="1"} (sum by(x) (or on(x) select{b,x="1"} select{c,x="1"})))'],
    ['a{x="1"} + on (x) sum by (x) (b or on (y) c)', '(+ on(x) select{a,x="1"} (sum by(x) (or on(y) select{b} select{c,x="1"})))'],
    ['a{x="1"} + fill (0) b', '(+ select{a,x="1"} select{b})'],
    ['a{x="1"} + 1', '(+ select{a,x="1"} 1)'],
    ['a{x="1"} * on (x) group_left (y) b', '(* on(x) many-to-one select{a,x="1"} select{b,x="1"})'],
    ['rate(a{x="1"}[5m]) / rate(b[5m])', '(/ (rate window{a,x="1"}[5m]) (rate window{b,x="1"}[5m]))'],
    ['sum by (x) (a{x="1",y="2"}) / sum by (x) (b)', '(/ (sum by(x) select{a,x="1",y="2"}) (sum by(x) select{b,x="1"}))'],
    ['sum by (y) (a) / b{x="1"}', '(/ (sum by(y) select{a}) select{b,x="1"})'],
    ['topk by (x) (1, a) / on (x, y) b{x="1",y="2"}', '(/ on(x,y) (topk by(x) 1 select{a,x="1"}) select{b,x="1",y="2"})'],
    ['label_replace(a{x="1"}, "x", "2", "", "") / b', '(/ (label_replace select{a,x="1"} "x" "2" "" "") select{b})'],
    ['absent(a{x="1"}) / b', '(/ (absent select{a,x="1"}) select{b})'],
    ['a{x="1"} / scalar(b)', '(/ select{a,x="1"} (scalar select{b}))'],
    ['{__name__=~"a.*"} / b', '(/ select{__name__=~"a.*"} select{b})'],
    ['(a{x="1"} / b) / c', '(/ (/ select{a,x="1"} select{b,x="1"}) select{c,x="1"})'],
  ])('%s', (text, expected) => expect(after(propagateMatchers, text)).toBe(expected));
});

describe('telling selectors which labels are needed', () => {
  it.each([
    ['sum(a)', '(sum select{a nameless})'],
    ['sum(rate(a[5m]) * 2)', '(sum (* (rate window{a nameless}[5m]) 2))'],
    ['quantile(0.9, abs(-a))', '(quantile 0.9 (abs (- select{a nameless})))'],
    ['sum by (x) (a)', '(sum by(x) select{a})'],
    ['sum without () (a)', '(sum without() select{a})'],
    ['topk(1, a)', '(topk 1 select{a})'],
    ['count_values("x", a)', '(count_values "x" select{a})'],
    ['sum({x="1"})', '(sum select{x="1"})'],
    ['sum(a + b)', '(sum (+ select{a} select{b}))'],
    ['sum(absent_over_time(a[5m]))', '(sum (absent_over_time window{a}[5m]))'],
    ['sum(sort_by_label(a, "x"))', '(sum (sort_by_label select{a} "x"))'],
    ['sum(max_over_time(a[5m:]))', '(sum (max_over_time (subquery[5m] select{a})))'],
  ])('%s', (text, expected) => expect(after(pushGrouping, text)).toBe(expected));
});

describe('sharing common subexpressions', () => {
  it.each([
    ['a + a', '(+ (shared select{a}) (shared select{a}))'],
    ['rate(a[5m]) / sum(rate(a[5m]))', '(/ (shared (rate window{a}[5m])) (sum (shared (rate window{a}[5m]))))'],
    ['(a + b) * (a + b)', '(* (shared (+ select{a} select{b})) (shared (+ select{a} select{b})))'],
    ['a + a offset 5m', '(+ select{a} select{a} offset 5m)'],
    ['a{x="1"} + a', '(+ select{a,x="1"} select{a})'],
    ['time() + time()', '(+ (time) (time))'],
    ['absent(a) or absent(a)', '(or (shared (absent select{a})) (shared (absent select{a})))'],
    ['absent(a) or a', '(or (absent select{a}) (shared select{a}))'],
    ['a + max_over_time(a[5m:])', '(+ select{a} (max_over_time (subquery[5m] select{a})))'],
    ['a + 0 + (a - -0)', '(+ (+ (shared select{a}) 0) (- (shared select{a}) 0))'],
    ['max_over_time((a + a)[5m:])', '(max_over_time (subquery[5m] (+ (shared select{a}) (shared select{a}))))'],
  ])('%s', (text, expected) => expect(after(shareCommon, text)).toBe(expected));
});

describe('merging selectors', () => {
  it.each([
    ['a + a', '(+ select{a 300.001s…1200s} select{a 300.001s…1200s})'],
    ['rate(a[5m]) > rate(a[10m])', '(> (rate window{a 0.001s…1200s}[5m]) (rate window{a 0.001s…1200s}[10m]))'],
    ['a - a offset 10m', '(- select{a -299.999s…1200s} select{a -299.999s…1200s} offset 10m)'],
    ['a - a offset 1h', '(- select{a} select{a} offset 1h)'],
    ['a + b', '(+ select{a} select{b})'],
    ['a + a{x="1"}', '(+ select{a} select{a,x="1"})'],
    ['a + max_over_time(a[5m:])', '(+ select{a 60.001s…1200s} (max_over_time (subquery[5m] select{a 60.001s…1200s})))'],
  ])('%s', (text, expected) => expect(after(mergeSelectors, text)).toBe(expected));
});

describe('all passes', () => {
  it('each have a name of their own', () => {
    expect(new Set(PASSES.map(({ name }) => name)).size).toBe(PASSES.length);
  });

  it.each([
    ['sum by (x) (rate(a[5m])) / on () group_left () sum(rate(a[5m]))', '(/ on() many-to-one (sum by(x) (shared (rate window{a}[5m]))) (sum (shared (rate window{a}[5m]))))'],
    ['max by (x) (a) - on () group_left () sum(rate(a[5m]))', '(- on() many-to-one (max by(x) select{a 300.001s…1200s}) (sum (rate window{a 300.001s…1200s}[5m])))'],
    ['sum(a) - sum(rate(a[5m]))', '(- (sum select{a nameless 300.001s…1200s}) (sum (rate window{a nameless 300.001s…1200s}[5m])))'],
  ])('read and compute together what two need, with its labels where one needs them: %s', (text, expected) => {
    expect(planText(optimize(planOf(text), GRID))).toBe(expected);
  });

  it('work together', () => {
    expect(planText(optimize(planOf('sum(rate(a{x="1"}[5m])) / sum(rate(a{x="1"}[5m])) + on () b @ 5 * (2 * 3)'), GRID))).toBe(
      '(+ on() (/ (shared (sum (rate window{a,x="1" nameless}[5m]))) (shared (sum (rate window{a,x="1" nameless}[5m])))) (once (* select{b}@5 6)))',
    );
  });
});
