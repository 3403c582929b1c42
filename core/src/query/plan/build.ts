import { InvariantError, METRIC_NAME, QueryError, matcher } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import type { Call, DurationExpr, Edges, Expr, Subquery, TimeShift, VectorSelector } from '../language/ast.js';
import { childrenOf, unwrap } from '../language/ast.js';
import { typeOfChecked } from '../language/check.js';
import { secondsOf } from '../language/duration.js';
import { parseError, positionAt } from '../language/position.js';
import type { Grid, LogicalNode, SelectNode, Shift, SubqueryNode } from './logical.js';

/** What a plan depends on besides the expression. */
export interface PlanContext {
  readonly text: string;
  readonly grid: Grid;
  readonly lookback: number;
  /** The step of a subquery that names none. */
  readonly defaultStep: number;
}

/** The most points a series of a subquery may have. */
const MOST_INNER_STEPS = 11_000_000;
/** Each keeps all that the one inside it yields, while those around it wait. */
const DEEPEST_SUBQUERIES = 20;

/** The functions that know what to do with the edges of a range. */
const WITH_EDGES: Readonly<Record<Edges, readonly string[]>> = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
};

const UNSHIFTED: Shift = { offset: 0, at: undefined };

/** A checked AST to a logical plan. */
export function buildPlan(expr: Expr, context: PlanContext): LogicalNode {
  return new Builder(context).build(expr, context.grid);
}

/** Without a word about the name the info series is `target_info`; with nothing but what it is not, any `…_info`. */
function infoMatchers(written: readonly Matcher[]): readonly Matcher[] {
  const ofName = written.filter(({ name }) => name === METRIC_NAME);
  if (ofName.length === 0) return [matcher(METRIC_NAME, '=', 'target_info'), ...written];
  const isSaid = ofName.some(({ operator }) => operator === '=' || operator === '=~');
  return isSaid ? written : [matcher(METRIC_NAME, '=~', '.+_info'), ...written];
}

class Builder {
  readonly #context: PlanContext;
  readonly #outer: Grid;
  /** How many subqueries are around what is being built. */
  #subqueries = 0;

  constructor(context: PlanContext) {
    this.#context = context;
    this.#outer = context.grid;
  }

  build(expr: Expr, grid: Grid): LogicalNode {
    const span = { from: expr.from, to: expr.to };
    switch (expr.kind) {
      case 'number':
        return { kind: 'constant', value: expr.value, ...span };
      case 'string':
        return { kind: 'text', value: expr.value, ...span };
      case 'paren':
        return this.build(expr.inner, grid);
      case 'vector-selector':
        return this.#select(expr, expr.matchers, this.#shift(expr), 'value');
      case 'matrix-selector': {
        const { matchers, edges } = expr.selector;
        return { kind: 'window', matchers, shift: this.#shift(expr.selector), range: this.#positive(expr.range), edges, lookback: this.#context.lookback, ...span };
      }
      case 'subquery':
        return this.#subquery(expr, grid);
      case 'call':
        return this.#call(expr, grid);
      case 'aggregate': {
        const parameter = expr.parameter && this.build(expr.parameter, grid);
        return { kind: 'aggregate', name: expr.name, parameter, inner: this.build(expr.inner, grid), grouping: expr.grouping, ...span };
      }
      case 'unary': {
        const inner = this.build(expr.operand, grid);
        return expr.operator === '-' ? { kind: 'negate', inner, ...span } : inner;
      }
      case 'binary': {
        const { operator, bool, matching } = expr;
        return { kind: 'binary', operator, bool, matching, left: this.build(expr.left, grid), right: this.build(expr.right, grid), ...span };
      }
    }
  }

  /** The functions that ask for the query's own times are constants; `timestamp` of a selector asks for its samples' times. */
  #call(expr: Call, grid: Grid): LogicalNode {
    const { name, args, from, to } = expr;
    const { start, step, count } = this.#outer;
    const end = start + (count - 1) * step;
    const constants: Readonly<Record<string, number>> = { start: start / 1000, end: end / 1000, step: this.#step / 1000, range: (end - start) / 1000, pi: Math.PI };
    if (args.length === 0 && Object.hasOwn(constants, name)) return { kind: 'constant', value: constants[name] ?? NaN, from, to };
    const only = args[0] && unwrap(args[0]);
    if (name === 'timestamp' && only?.kind === 'vector-selector') return { kind: 'call', name, args: [this.#select(only, only.matchers, this.#shift(only), 'time')], returns: 'vector', from, to };
    if (name === 'info') return this.#info(expr, grid);
    for (const argument of args) this.#checkEdges(name, unwrap(argument));
    return { kind: 'call', name, args: args.map((argument) => this.build(argument, grid)), returns: typeOfChecked(expr), from, to };
  }

  #select({ edges, from, to }: Pick<VectorSelector, 'edges' | 'from' | 'to'>, matchers: readonly Matcher[], shift: Shift, yields: SelectNode['yields']): SelectNode {
    return { kind: 'select', matchers, shift, lookback: this.#context.lookback, yields, smoothed: edges === 'smoothed', from, to };
  }

  /** `info` reads its info series at the times at which its argument reads samples, and wants to know how old they are. */
  #info({ name, args: [vector, labels], from, to }: Call, grid: Grid): LogicalNode {
    if (vector === undefined) throw new InvariantError('info has an argument');
    const matchers = infoMatchers(labels?.kind === 'vector-selector' ? labels.matchers : []);
    const series = this.#select({ from, to, edges: undefined }, matchers, this.#firstShift(vector) ?? UNSHIFTED, 'time');
    return { kind: 'call', name, args: [this.build(vector, grid), series], returns: 'vector', from, to };
  }

  /** Where the first selector of an expression reads, subqueries around it counted in. */
  #firstShift(expr: Expr): Shift | undefined {
    if (expr.kind === 'vector-selector') return this.#shift(expr);
    if (expr.kind === 'matrix-selector') return this.#shift(expr.selector);
    for (const child of childrenOf(expr)) {
      const inner = this.#firstShift(child);
      if (inner === undefined) continue;
      if (expr.kind !== 'subquery' || inner.at !== undefined) return inner;
      const { offset, at } = this.#shift(expr);
      return { offset: inner.offset + offset, at };
    }
    return undefined;
  }

  #checkEdges(name: string, argument: Expr): void {
    if (argument.kind !== 'matrix-selector') return;
    const { edges } = argument.selector;
    if (edges === undefined || WITH_EDGES[edges].includes(name)) return;
    const message = `${edges} modifier can only be used with: ${WITH_EDGES[edges].join(', ')} - not with ${name}`;
    throw new QueryError(message, { reason: 'execution', position: positionAt(this.#context.text, argument.from) });
  }

  /** The inner grid lies on multiples of its own step, whatever the outer one does. */
  #subquery(expr: Subquery, grid: Grid): SubqueryNode {
    const shift = this.#shift(expr);
    const range = this.#positive(expr.range);
    const step = expr.step === undefined ? this.#context.defaultStep : this.#positive(expr.step);
    const first = shift.at ?? grid.start;
    const last = shift.at ?? grid.start + (grid.count - 1) * grid.step;
    const after = first - shift.offset - range;
    const start = (Math.floor(after / step) + 1) * step;
    const count = Math.max(0, Math.floor((last - shift.offset - start) / step) + 1);
    if (count > MOST_INNER_STEPS) throw parseError(this.#context.text, expr.from, `subquery of ${count} steps, expected at most ${MOST_INNER_STEPS}`);
    const innerGrid = { start, step, count };
    if (++this.#subqueries > DEEPEST_SUBQUERIES) throw parseError(this.#context.text, expr.from, `more than ${DEEPEST_SUBQUERIES} nested subqueries`);
    const inner = this.build(expr.inner, innerGrid);
    this.#subqueries--;
    return { kind: 'subquery', inner, innerGrid, shift, range, from: expr.from, to: expr.to };
  }

  #shift({ offset, at }: TimeShift): Shift {
    const { start, step, count } = this.#outer;
    return {
      offset: offset === undefined ? 0 : this.#milliseconds(offset),
      at: at === 'start' ? start : at === 'end' ? start + (count - 1) * step : at,
    };
  }

  #positive(duration: DurationExpr): number {
    const milliseconds = this.#milliseconds(duration);
    if (milliseconds <= 0) throw parseError(this.#context.text, duration.from, 'duration must be greater than 0');
    return milliseconds;
  }

  #milliseconds(duration: DurationExpr): number {
    const { step, count } = this.#outer;
    const seconds = secondsOf(duration, { step: this.#step / 1000, range: ((count - 1) * step) / 1000 });
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 1e13) throw parseError(this.#context.text, duration.from, 'duration out of range');
    return Math.round(seconds * 1000);
  }

  /** An instant query has no step. */
  get #step(): number {
    return this.#outer.count > 1 ? this.#outer.step : 0;
  }
}
