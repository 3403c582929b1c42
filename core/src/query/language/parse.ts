import type { SyntaxNode } from '@lezer/common';
import type { LRParser } from '@lezer/lr';
import { InvariantError } from '@metrics-dashboard/sdk';
import type { Aggregate, BinaryOperator, DurationExpr, Edges, Expr, Grouping, Matching, TimeShift, VectorSelector } from './ast.js';
import { convertDuration, parseNumber } from './duration.js';
import { notSupported, parseError } from './position.js';
import { associate } from './precedence.js';
import type { Item } from './precedence.js';
import { convertSelector, readLabelName, readString } from './selector.js';
import { syntaxError } from './syntax-error.js';
import { childOf, childrenOf, firstError } from './tree.js';

/** Longer texts, and deeper ones, are refused before they cost anything. */
const LONGEST = 100_000;
const DEEPEST = 200;

const ONE_TO_ONE: Matching = {
  written: false,
  on: false,
  labels: [],
  cardinality: 'one-to-one',
  include: [],
  fillLeft: undefined,
  fillRight: undefined,
};

/** Text to AST; throws a `ParseError` that points at what the grammar can't take. */
export function parse(text: string, parser: LRParser): Expr {
  if (text.length > LONGEST) throw parseError(text, 0, `expression of ${text.length} characters, expected at most ${LONGEST}`);
  if (text.trim() === '') throw parseError(text, 0, 'no expression found in input');
  const deep = deeperThan(text, DEEPEST);
  if (deep !== undefined) throw parseError(text, deep, `more than ${DEEPEST} nested parentheses`);
  const spelled = respell(text);
  const top = treeOf(spelled, parser);
  const broken = firstError(top);
  if (broken !== undefined) throw syntaxError(text, top, broken);
  return new Conversion(spelled).expression(childOf(top, 0));
}

/** How much of a text after its first mistake is read, to say what that is; to make sense of all of it may take long. */
const AFTER_MISTAKE = 200;
const strictParsers = new WeakMap<LRParser, LRParser>();

/** The grammar's tree; of a text that it can't take, up to somewhere behind the first mistake. */
function treeOf(text: string, parser: LRParser): SyntaxNode {
  const strict = strictParsers.get(parser) ?? parser.configure({ strict: true });
  strictParsers.set(parser, strict);
  try {
    return strict.parse(text).topNode;
  } catch (error) {
    const mistake = /^No parse at (\d+)/.exec(error instanceof SyntaxError ? error.message : '')?.[1];
    if (mistake === undefined) throw error;
    return parser.parse(text.slice(0, Number(mistake) + AFTER_MISTAKE)).topNode;
  }
}

const LITERAL_OR_COMMENT = String.raw`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\`[^\`]*\`|#[^\n]*`;
const RESPELLED = new RegExp(`${LITERAL_OR_COMMENT}|(?<![\\w.:])(\\d[\\d_]*)\\.(?![\\d.])([eE](?=[-+\\d]))?|\\b(?:step|range|min_of|max_of)(?=\\s*\\()`, 'gi');

/**
 * The language has a few spellings that the grammar lacks: a number may end in its point, and the functions of
 * durations are written in any case. They are exchanged for ones of the same length that mean the same.
 */
function respell(text: string): string {
  return text.replace(RESPELLED, (met, whole?: string, exponent?: string) => {
    if (whole !== undefined) return exponent === undefined ? `${whole} ` : `0${whole}${exponent}`;
    return /^[a-z]/i.test(met) ? met.toLowerCase() : met;
  });
}

/** Where parentheses nest deeper than a limit, strings left aside. */
function deeperThan(text: string, limit: number): number | undefined {
  let depth = 0;
  for (const token of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[([{]|[)\]}]/g)) {
    if ('([{'.includes(token[0])) depth++;
    else if (')]}'.includes(token[0])) depth--;
    if (depth > limit) return token.index;
  }
  return undefined;
}

/** One text's way from the grammar's tree to the AST. */
class Conversion {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The grammar lets `offset`, `@` and `[…]` take a whole operation in front of them (`a + b offset 5m`), where the
   * language binds them to the last operand. So operations are laid flat and put together again by precedence.
   */
  expression(node: SyntaxNode): Expr {
    const items: Item[] = [];
    this.#flatten(node, items);
    return associate(items);
  }

  #flatten(node: SyntaxNode, items: Item[]): void {
    switch (node.name) {
      case 'BinaryExpr':
        return this.#flattenBinary(node, items);
      case 'UnaryExpr':
        items.push({ kind: 'sign', operator: this.#slice(childOf(node, 0)) === '-' ? '-' : '+', from: node.from });
        return this.#flatten(childOf(node, 1), items);
      case 'NumberDurationLiteral':
        return this.#flattenNumber(node, items);
      case 'OffsetExpr':
      case 'StepInvariantExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr': {
        this.#flatten(childOf(node, 0), items);
        const operand = items.pop();
        if (operand === undefined || operand.kind === 'infix' || operand.kind === 'sign') throw new InvariantError('an operand comes last');
        items.push(this.#postfix(node, operand));
        return;
      }
      default:
        items.push(this.#primary(node));
    }
  }

  #flattenBinary(node: SyntaxNode, items: Item[]): void {
    const parts = childrenOf(node);
    const [left, sign] = parts;
    const right = parts.at(-1);
    if (left === undefined || sign === undefined || right === undefined) throw new InvariantError('an operation has two sides');
    this.#flatten(left, items);
    const operator = this.#slice(sign).toLowerCase();
    if (operator === '</' || operator === '>/') throw notSupported(this.#text, sign.from, `the operator ${operator}`);
    const modifiers = parts.slice(2, -1);
    items.push({
      kind: 'infix',
      // The grammar's operators are those of the type, the two refused above aside.
      operator: operator as BinaryOperator,
      bool: modifiers.some(({ name }) => name === 'BoolModifier'),
      matching: this.#matching(modifiers),
      operatorAt: { from: sign.from, to: sign.to },
    });
    this.#flatten(right, items);
  }

  #flattenNumber(node: SyntaxNode, items: Item[]): void {
    const literal = this.#slice(node);
    const sign = literal[0] === '-' || literal[0] === '+' ? literal[0] : undefined;
    if (sign !== undefined) items.push({ kind: 'sign', operator: sign, from: node.from });
    const value = parseNumber(sign === undefined ? literal : literal.slice(1).trim());
    items.push({ kind: 'number', value, from: node.from, to: node.to });
  }

  #postfix(node: SyntaxNode, operand: Expr): Expr {
    const span = { from: operand.from, to: node.to };
    const parts = childrenOf(node);
    switch (node.name) {
      case 'MatrixSelector':
        if (operand.kind !== 'vector-selector') throw parseError(this.#text, operand.from, 'ranges only allowed for vector selectors');
        if (operand.offset !== undefined) throw parseError(this.#text, operand.from, 'no offset modifiers allowed before range');
        if (operand.at !== undefined) throw parseError(this.#text, operand.from, 'no @ modifiers allowed before range');
        if (operand.edges !== undefined) throw parseError(this.#text, operand.from, `no ${operand.edges} modifier allowed before range`);
        return { kind: 'matrix-selector', selector: operand, range: this.#duration(childOf(node, 1)), ...span };
      case 'SubqueryExpr':
        return {
          kind: 'subquery',
          inner: operand,
          range: this.#duration(childOf(node, 1)),
          step: parts[2] === undefined ? undefined : this.#duration(parts[2]),
          offset: undefined,
          at: undefined,
          ...span,
        };
      case 'OffsetExpr':
        return this.#shifted(node, operand, 'offset', { offset: this.#duration(childOf(node, 2)) });
      case 'AnchoredExpr':
        return this.#withEdges(node, operand, 'anchored');
      case 'SmoothedExpr':
        return this.#withEdges(node, operand, 'smoothed');
      default:
        return this.#shifted(node, operand, '@', { at: this.#pinned(childOf(node, 2)) });
    }
  }

  #shifted(node: SyntaxNode, operand: Expr, word: 'offset' | '@', change: Partial<TimeShift>): Expr {
    const target = operand.kind === 'matrix-selector' ? operand.selector : operand;
    if (target.kind !== 'vector-selector' && target.kind !== 'subquery') {
      const what = `${word} modifier must be preceded by an instant vector selector or range vector selector or a subquery`;
      throw parseError(this.#text, operand.from, what);
    }
    const taken = word === 'offset' ? target.offset : target.at;
    if (taken !== undefined) throw parseError(this.#text, node.from, `${word} may not be set multiple times`);
    const to = node.to;
    if (operand.kind === 'matrix-selector') return { ...operand, selector: { ...operand.selector, ...change }, to };
    return { ...target, ...change, to };
  }

  #withEdges(node: SyntaxNode, operand: Expr, edges: Edges): Expr {
    const { to } = node;
    const selector = operand.kind === 'matrix-selector' ? operand.selector : operand;
    if (selector.kind !== 'vector-selector') throw parseError(this.#text, operand.from, `${edges} modifier must be preceded by a selector`);
    if (selector.edges !== undefined) throw parseError(this.#text, operand.from, 'anchored and smoothed modifiers may be set once, and not together');
    if (operand.kind === 'matrix-selector') return { ...operand, selector: { ...selector, edges }, to };
    if (edges === 'anchored') throw parseError(this.#text, operand.from, 'anchored modifier must be preceded by a range vector selector');
    return { ...selector, edges, to };
  }

  #pinned(node: SyntaxNode): number | 'start' | 'end' {
    if (node.name === 'AtModifierPreprocessors') return this.#slice(node).toLowerCase() === 'start' ? 'start' : 'end';
    const literal = this.#slice(node);
    const signed = /^([-+]?)\s*(.*)$/s.exec(literal);
    const at = Math.round(parseNumber(signed?.[2] ?? literal) * 1000) * (signed?.[1] === '-' ? -1 : 1);
    if (!Number.isFinite(at)) throw parseError(this.#text, node.from, `timestamp out of bounds for @ modifier: ${literal}`);
    return at;
  }

  #primary(node: SyntaxNode): Expr {
    const span = { from: node.from, to: node.to };
    switch (node.name) {
      case 'StringLiteral':
        return { kind: 'string', value: readString(this.#text, node), ...span };
      case 'ParenExpr':
        return { kind: 'paren', inner: this.expression(childOf(node, 0)), ...span };
      case 'VectorSelector':
        return this.#selector(node);
      case 'FunctionCall':
        return { kind: 'call', name: this.#slice(childOf(node, 0)), args: this.#arguments(childOf(node, 1)), ...span };
      case 'AggregateExpr':
        return this.#aggregate(node);
      default:
        throw new InvariantError(`${node.name} is an expression of the grammar`);
    }
  }

  #selector(node: SyntaxNode): VectorSelector {
    return { kind: 'vector-selector', matchers: convertSelector(this.#text, node), edges: undefined, offset: undefined, at: undefined, from: node.from, to: node.to };
  }

  #arguments(body: SyntaxNode): Expr[] {
    return childrenOf(body).map((argument) => this.expression(argument));
  }

  #aggregate(node: SyntaxNode): Aggregate {
    const parts = childrenOf(node);
    const body = parts.find(({ name }) => name === 'FunctionCallBody');
    const modifier = parts.find(({ name }) => name === 'AggregateModifier');
    const written = this.#slice(childOf(node, 0));
    const args = body === undefined ? [] : this.#arguments(body);
    const inner = args.at(-1);
    if (inner === undefined) throw parseError(this.#text, node.from, `no arguments for aggregate expression provided`);
    if (args.length > 2) throw parseError(this.#text, node.from, `wrong number of arguments for aggregate expression provided, expected at most 2, got ${args.length}`);
    const name = written.toLowerCase();
    return {
      kind: 'aggregate',
      name,
      parameter: args.length === 2 ? args[0] : undefined,
      inner,
      grouping: this.#grouping(modifier),
      from: node.from,
      to: node.to,
    };
  }

  #grouping(modifier: SyntaxNode | undefined): Grouping {
    if (modifier === undefined) return { without: false, labels: [] };
    return { without: childOf(modifier, 0).name === 'Without', labels: this.#labelNames(childOf(modifier, 1)) };
  }

  #matching(modifiers: readonly SyntaxNode[]): Matching {
    const clause = modifiers.find(({ name }) => name === 'MatchingModifierClause');
    const fill = modifiers.find(({ name }) => name === 'FillModifier');
    return { ...ONE_TO_ONE, ...(clause && this.#clause(clause)), ...(fill && this.#fill(fill)) };
  }

  #clause(clause: SyntaxNode): Partial<Matching> {
    const [word, labels, group, include] = childrenOf(clause);
    const cardinality = group === undefined ? 'one-to-one' : group.name === 'GroupLeft' ? 'many-to-one' : 'one-to-many';
    return {
      written: true,
      on: word?.name === 'On',
      labels: labels === undefined ? [] : this.#labelNames(labels),
      cardinality,
      include: include === undefined ? [] : this.#labelNames(include),
    };
  }

  #fill(node: SyntaxNode): Partial<Matching> {
    const filled: { fillLeft?: number; fillRight?: number } = {};
    for (const clause of childrenOf(node)) {
      const items: Item[] = [];
      this.#flattenNumber(childOf(clause, 1), items);
      const value = associate(items);
      if (value.kind !== 'number') throw new InvariantError('a fill modifier holds a number');
      if (clause.name !== 'FillRightClause') filled.fillLeft = value.value;
      if (clause.name !== 'FillLeftClause') filled.fillRight = value.value;
    }
    return filled;
  }

  #labelNames(node: SyntaxNode): string[] {
    return childrenOf(node).map((label) => readLabelName(this.#text, label));
  }

  #duration(node: SyntaxNode): DurationExpr {
    return convertDuration(this.#text, node);
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}
