import { formatDuration, formatMatcher, isLegacyLabelName } from '@metrics-dashboard/sdk';
import { formatValue } from '../functions/format-value.js';
import type { Aggregate, Binary, DurationExpr, DurationOperator, Expr, Matching, Subquery, TimeShift, VectorSelector } from './ast.js';

/** What fits into so many characters stays on its line. */
const LINE = 100;
const WEEK = 7 * 24 * 3600_000;

/**
 * An expression as text again: `format` lays it out for people, as the reference's `format_query` does. What comes out
 * means the same, and comes out once more as it is. `text` is where the expression was read from.
 */
export function format(expr: Expr, text: string): string {
  return new Layout(text).pretty(expr, 0);
}

/** Whether a selector's metric stands in front of its braces. */
export function writtenName({ from, matchers }: VectorSelector, text: string): string {
  return text[from] === '{' ? '' : (matchers[0]?.value ?? '');
}

class Layout {
  readonly #text: string;
  readonly #lines = new Map<Expr, string>();

  constructor(text: string) {
    this.#text = text;
  }

  pretty(expr: Expr, level: number): string {
    const indent = '  '.repeat(level);
    const line = this.#line(expr);
    if (line.length <= LINE) return indent + line;
    switch (expr.kind) {
      case 'aggregate': {
        const args = expr.parameter === undefined ? [expr.inner] : [expr.parameter, expr.inner];
        return `${indent}${aggregation(expr)}(\n${this.#list(args, level + 1)}\n${indent})`;
      }
      case 'binary':
        return `${this.pretty(expr.left, level + 1)}\n${indent}${operatorOf(expr)}\n${this.pretty(expr.right, level + 1)}`;
      case 'call':
        return `${indent}${expr.name}(\n${this.#list(expr.args, level + 1)}\n${indent})`;
      case 'paren':
        return `${indent}(\n${this.pretty(expr.inner, level + 1)}\n${indent})`;
      case 'subquery':
        return this.pretty(expr.inner, level) + subquerySuffix(expr, this.#text);
      case 'unary':
        return `${indent}${expr.operator}${this.pretty(expr.operand, level).trimStart()}`;
      default:
        return indent + line;
    }
  }

  #list(args: readonly Expr[], level: number): string {
    return args.map((argument) => this.pretty(argument, level)).join(',\n');
  }

  #line(expr: Expr): string {
    const known = this.#lines.get(expr) ?? this.#onOneLine(expr);
    this.#lines.set(expr, known);
    return known;
  }

  #onOneLine(expr: Expr): string {
    switch (expr.kind) {
      case 'number':
        return numberOf(expr.value, this.#text.slice(expr.from, expr.to));
      case 'string':
        return JSON.stringify(expr.value);
      case 'vector-selector':
        return this.#selector(expr) + pinned(expr) + (expr.edges === undefined ? '' : ` ${expr.edges}`) + moved(expr, this.#text);
      case 'matrix-selector': {
        const { selector, range } = expr;
        return `${this.#selector(selector)}[${duration(range, this.#text)}]${selector.edges === undefined ? '' : ` ${selector.edges}`}${pinned(selector)}${moved(selector, this.#text)}`;
      }
      case 'subquery':
        return this.#line(expr.inner) + subquerySuffix(expr, this.#text);
      case 'call':
        return `${expr.name}(${expr.args.map((argument) => this.#line(argument)).join(', ')})`;
      case 'aggregate': {
        const parameter = expr.parameter === undefined ? '' : `${this.#line(expr.parameter)}, `;
        return `${aggregation(expr)}(${parameter}${this.#line(expr.inner)})`;
      }
      case 'binary':
        return `${this.#line(expr.left)} ${operatorOf(expr)} ${this.#line(expr.right)}`;
      case 'unary':
        return expr.operator + this.#line(expr.operand);
      case 'paren':
        return `(${this.#line(expr.inner)})`;
    }
  }

  #selector(selector: VectorSelector): string {
    const name = writtenName(selector, this.#text);
    const rest = name === '' ? selector.matchers : selector.matchers.slice(1);
    const matchers = rest.map(formatMatcher).sort();
    return matchers.length === 0 && name !== '' ? name : `${name}{${matchers.join(',')}}`;
  }
}

/** `sum by (job) `, up to the parenthesis. */
function aggregation({ name, grouping: { without, labels } }: Aggregate): string {
  if (!without && labels.length === 0) return name;
  return `${name} ${without ? 'without' : 'by'} (${labelNames(labels)}) `;
}

function labelNames(labels: readonly string[]): string {
  return labels.map((label) => (isLegacyLabelName(label) ? label : JSON.stringify(label))).join(', ');
}

/** An operator with all that belongs to it. */
function operatorOf({ operator, bool, matching }: Binary): string {
  return operator + (bool ? ' bool' : '') + matchingOf(matching);
}

function matchingOf({ on, labels, cardinality, include, fillLeft, fillRight }: Matching): string {
  const isGrouped = cardinality !== 'one-to-one';
  let text = labels.length > 0 || on || isGrouped ? ` ${on ? 'on' : 'ignoring'} (${labelNames(labels)})` : '';
  if (isGrouped) text += ` group_${cardinality === 'many-to-one' ? 'left' : 'right'} (${labelNames(include)})`;
  if (fillLeft !== undefined && Object.is(fillLeft, fillRight)) return `${text} fill (${formatValue(fillLeft)})`;
  if (fillLeft !== undefined) text += ` fill_left (${formatValue(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${formatValue(fillRight)})`;
  return text;
}

function subquerySuffix({ range, step, ...shift }: Subquery, text: string): string {
  return `[${duration(range, text)}:${step === undefined ? '' : duration(step, text)}]${pinned(shift)}${moved(shift, text)}`;
}

function pinned({ at }: TimeShift): string {
  if (at === undefined) return '';
  return typeof at === 'number' ? ` @ ${(at / 1000).toFixed(3)}` : ` @ ${at}()`;
}

function moved({ offset }: TimeShift, text: string): string {
  if (offset === undefined || (offset.kind === 'seconds' && offset.value === 0)) return '';
  return ` offset ${isInfix(offset) ? `(${duration(offset, text)})` : duration(offset, text)}`;
}

function isInfix(one: DurationExpr): boolean {
  return one.kind === 'operation' && !isFunction(one.operator);
}

function isFunction(operator: DurationOperator): boolean {
  return operator === 'min' || operator === 'max';
}

/** Operations inside of others get parentheses, whether they need them or not. */
function duration(one: DurationExpr, text: string): string {
  return one.kind === 'seconds' ? milliseconds(one.value * 1000) : durationPart(one, text);
}

function durationPart(one: DurationExpr, text: string): string {
  const nested = (inner: DurationExpr): string => (isInfix(inner) ? `(${durationPart(inner, text)})` : durationPart(inner, text));
  switch (one.kind) {
    case 'seconds':
      return numberOf(one.value, text.slice(one.from, one.to));
    case 'step':
      return 'step()';
    case 'range':
      return 'range()';
    case 'negate':
      return `-${nested(one.operand)}`;
    case 'operation': {
      const { operator, left, right } = one;
      return isFunction(operator) ? `${operator}_of(${durationPart(left, text)}, ${durationPart(right, text)})` : `${nested(left)} ${operator} ${nested(right)}`;
    }
  }
}

/** A number that was written as a duration stays one. */
function numberOf(value: number, written: string): string {
  const isDuration = /^[-+\s]*\d[\d_.]*[a-z]/i.test(written) && !/^[-+\s]*0x|e/i.test(written);
  return isDuration && value !== 0 ? milliseconds(value * 1000) : formatValue(value);
}

/** As durations are written; whole weeks as weeks, and what no duration can say as a number of seconds. */
function milliseconds(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms - Math.round(ms)) > 1e-9 * Math.abs(ms)) return formatValue(ms / 1000);
  const year = 365 * 24 * 3600_000;
  return ms !== 0 && ms % WEEK === 0 && ms % year !== 0 ? `${ms / WEEK}w` : formatDuration(ms);
}
