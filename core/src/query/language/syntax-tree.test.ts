import { describe, expect, it } from 'vitest';
import { parserFor } from './grammar.js';
import { parse } from './parse.js';
import { syntaxTree } from './syntax-tree.js';

const tree = (text: string): unknown => JSON.parse(syntaxTree(parse(text, parserFor(['geomean'])), text));
const selector = (name: string): object => ({
  type: 'vectorSelector',
  name,
  matchers: [{ name: '__name__', value: name, type: '=' }],
  offset: 0,
  timestamp: null,
  startOrEnd: null,
  anchored: false,
  smoothed: false,
});

describe('a syntax tree', () => {
  it.each([
    ['5m', { type: 'numberLiteral', val: '300' }],
    ['"x"', { type: 'stringLiteral', val: 'x' }],
    ['-(a)', { type: 'unaryExpr', op: '-', expr: { type: 'parenExpr', expr: selector('a') } }],
    ['a @ 5 offset 1m', { ...selector('a'), timestamp: 5000, offset: 60_000 }],
    ['a[5m] smoothed @ end()', { ...selector('a'), type: 'matrixSelector', range: 300_000, smoothed: true, startOrEnd: 'end' }],
    ['a[5m:1m]', { type: 'subquery', expr: selector('a'), range: 300_000, step: 60_000, offset: 0, timestamp: null, startOrEnd: null, alignEvalTime: false }],
    ['sum by (x) (a)', { type: 'aggregation', op: 'sum', expr: selector('a'), param: null, grouping: ['x'], without: false }],
    ['topk(2, a)', { type: 'aggregation', op: 'topk', expr: selector('a'), param: { type: 'numberLiteral', val: '2' }, grouping: [], without: false }],
    ['time()', { type: 'call', func: { name: 'time', argTypes: [], variadic: 0, returnType: 'scalar' }, args: [] }],
    ['round(a)', { type: 'call', func: { name: 'round', argTypes: ['vector', 'scalar'], variadic: 1, returnType: 'vector' }, args: [selector('a')] }],
    ['a > bool 1', { type: 'binaryExpr', op: '>', lhs: selector('a'), rhs: { type: 'numberLiteral', val: '1' }, matching: null, bool: true }],
    [
      'a or b',
      { type: 'binaryExpr', op: 'or', lhs: selector('a'), rhs: selector('b'), matching: { card: 'many-to-many', labels: [], on: false, include: [], fillValues: { lhs: null, rhs: null } }, bool: false },
    ],
    [
      'a * on (x) group_left (y) b',
      { type: 'binaryExpr', op: '*', lhs: selector('a'), rhs: selector('b'), matching: { card: 'many-to-one', labels: ['x'], on: true, include: ['y'], fillValues: { lhs: null, rhs: null } }, bool: false },
    ],
  ])('of %s', (text, expected) => {
    expect(tree(text)).toEqual(expected);
  });

  it("knows the functions of plugins' aggregations", () => {
    expect(tree('geomean_over_time(a[1m])')).toMatchObject({ func: { name: 'geomean_over_time', argTypes: ['matrix'], variadic: 0, returnType: 'vector' } });
  });
});
