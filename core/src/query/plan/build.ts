import type { Call, DurationExpr, Expr, Subquery, TimeShift, VectorSelector } from '../language/ast.js';
import { unwrap } from '../language/ast.js';
import { typeOfChecked } from '../language/check.js';
import { secondsOf } from '../language/duration.js';
import { parseError } from '../language/position.js';
import type { Grid, LogicalNode, Shift, SubqueryNode } from './logical.js';

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

/** A checked AST to a logical plan. */
export function buildPlan(expr: Expr, context: PlanContext): LogicalNode {
  return new Builder(context).build(expr, context.grid);
}

class Builder {
  readonly #context: PlanContext;
  readonly #outer: Grid;

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
        return { kind: 'select', matchers: expr.matchers, shift: this.#shift(expr), lookback: this.#context.lookback, yields: 'value', ...span };
      case 'matrix-selector':
        return { kind: 'window', matchers: expr.selector.matchers, shift: this.#shift(expr.selector), range: this.#positive(expr.range), ...span };
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
    if (name === 'timestamp' && only?.kind === 'vector-selector') return this.#timestamps(expr, only);
    return { kind: 'call', name, args: args.map((argument) => this.build(argument, grid)), returns: typeOfChecked(expr), from, to };
  }

  #timestamps({ name, from, to }: Call, selector: VectorSelector): LogicalNode {
    const { matchers } = selector;
    const select = { kind: 'select', matchers, shift: this.#shift(selector), lookback: this.#context.lookback, yields: 'time', from: selector.from, to: selector.to } as const;
    return { kind: 'call', name, args: [select], returns: 'vector', from, to };
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
    return { kind: 'subquery', inner: this.build(expr.inner, innerGrid), innerGrid, shift, range, from: expr.from, to: expr.to };
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
