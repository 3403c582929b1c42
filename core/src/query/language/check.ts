import { matchesEmpty } from '@metrics-dashboard/sdk';
import { signatureOf } from '../functions/signatures.js';
import type { Signature } from '../functions/signatures.js';
import { isComparison, isSetOperator } from './ast.js';
import type { Aggregate, Binary, Call, Expr, ValueType, VectorSelector } from './ast.js';
import { notSupported, parseError } from './position.js';

/** Which aggregations there are, and whether they take a parameter. */
export interface KnownAggregations {
  /** undefined: there is no such aggregation. */
  parameterOf(name: string): 'none' | 'scalar' | 'string' | undefined;
  /** The aggregation behind `name_over_time`, where it is a plugin's. */
  overTime(name: string): { readonly parameter: boolean } | undefined;
}

/** Checks types, counts of arguments and matching rules; throws a `ParseError` or `QueryError` with line and column. */
export function check(text: string, expr: Expr, aggregations: KnownAggregations): ValueType {
  return new Checker(text, aggregations).typeOf(expr);
}

/** The type of an expression that was checked. */
export function typeOfChecked(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector-selector':
    case 'aggregate':
      return 'vector';
    case 'matrix-selector':
    case 'subquery':
      return 'matrix';
    case 'call':
      return signatureOf(expr.name)?.returns ?? 'vector';
    case 'binary':
      return typeOfChecked(expr.left) === 'scalar' && typeOfChecked(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'unary':
      return typeOfChecked(expr.operand);
    case 'paren':
      return typeOfChecked(expr.inner);
  }
}

/** Refuses a selector that every series would match, as far as its matchers say. */
export function checkSelective(text: string, selector: VectorSelector): void {
  if (selector.matchers.every(matchesEmpty)) throw parseError(text, selector.from, 'vector selector must contain at least one non-empty matcher');
}

const NAMES: Readonly<Record<ValueType, string>> = { scalar: 'scalar', vector: 'instant vector', matrix: 'range vector', string: 'string' };

class Checker {
  readonly #text: string;
  readonly #aggregations: KnownAggregations;

  constructor(text: string, aggregations: KnownAggregations) {
    this.#text = text;
    this.#aggregations = aggregations;
  }

  typeOf(expr: Expr): ValueType {
    switch (expr.kind) {
      case 'number':
      case 'string':
        return typeOfChecked(expr);
      case 'vector-selector':
        checkSelective(this.#text, expr);
        return 'vector';
      case 'matrix-selector':
        checkSelective(this.#text, expr.selector);
        return 'matrix';
      case 'paren':
        return this.typeOf(expr.inner);
      case 'subquery':
        this.#expect(expr.inner, 'vector', `subquery`, 'subquery is only allowed on instant vector, got ');
        return 'matrix';
      case 'unary':
        return this.#unary(expr.operand);
      case 'binary':
        return this.#binary(expr);
      case 'aggregate':
        return this.#aggregate(expr);
      case 'call':
        return this.#call(expr);
    }
  }

  #unary(operand: Expr): ValueType {
    const type = this.typeOf(operand);
    if (type !== 'scalar' && type !== 'vector') {
      throw parseError(this.#text, operand.from, `unary expression only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(NAMES[type])}`);
    }
    return type;
  }

  #binary(expr: Binary): ValueType {
    const { operator, matching } = expr;
    const left = this.typeOf(expr.left);
    const right = this.typeOf(expr.right);
    for (const [type, side] of [[left, expr.left], [right, expr.right]] as const) {
      if (type !== 'scalar' && type !== 'vector') throw parseError(this.#text, side.from, 'binary expression must contain only scalar and instant vector types');
    }
    const at = expr.operatorAt.from;
    const scalars = left === 'scalar' && right === 'scalar';
    if (expr.bool && !isComparison(operator)) throw parseError(this.#text, at, 'bool modifier can only be used on comparison operators');
    if (isComparison(operator) && scalars && !expr.bool) throw parseError(this.#text, at, 'comparisons between scalars must use BOOL modifier');
    if (isSetOperator(operator)) this.#setOperator(expr, left, right);
    const bothVectors = left === 'vector' && right === 'vector';
    const fills = matching.fillLeft !== undefined || matching.fillRight !== undefined;
    if (!bothVectors && (matching.written || fills)) throw parseError(this.#text, at, 'vector matching only allowed between instant vectors');
    const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
    if (twice !== undefined) throw parseError(this.#text, at, `label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`);
    return scalars ? 'scalar' : 'vector';
  }

  #setOperator({ operator, matching, operatorAt }: Binary, left: ValueType, right: ValueType): void {
    const at = operatorAt.from;
    if (left === 'scalar' || right === 'scalar') throw parseError(this.#text, at, `set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`);
    if (matching.cardinality !== 'one-to-one') throw parseError(this.#text, at, `no grouping allowed for ${JSON.stringify(operator)} operation`);
    if (matching.fillLeft !== undefined || matching.fillRight !== undefined) throw parseError(this.#text, at, 'fill modifiers are not allowed for set operators');
  }

  #aggregate(expr: Aggregate): ValueType {
    const parameter = this.#aggregations.parameterOf(expr.name);
    if (parameter === undefined) throw notSupported(this.#text, expr.from, `the aggregation ${JSON.stringify(expr.name)}`);
    if (parameter === 'none' && expr.parameter !== undefined) {
      throw parseError(this.#text, expr.from, `wrong number of arguments for aggregate expression provided, expected 1, got 2`);
    }
    if (parameter !== 'none') {
      if (expr.parameter === undefined) throw parseError(this.#text, expr.from, `wrong number of arguments for aggregate expression provided, expected 2, got 1`);
      this.#expect(expr.parameter, parameter, 'aggregation parameter');
    }
    this.#expect(expr.inner, 'vector', 'aggregation expression');
    return 'vector';
  }

  #call(expr: Call): ValueType {
    const plugin = this.#aggregations.overTime(expr.name);
    const signature = signatureOf(expr.name) ?? (plugin && overTimeSignature(plugin.parameter));
    if (signature === undefined) throw notSupported(this.#text, expr.from, `the function ${JSON.stringify(expr.name)}`);
    this.#count(expr, signature);
    if (expr.name === 'info') return this.#info(expr);
    expr.args.forEach((argument, i) => {
      const type = signature.args[Math.min(i, signature.args.length - 1)];
      if (type !== undefined) this.#expect(argument, type, `call to function ${JSON.stringify(expr.name)}`);
    });
    return signature.returns;
  }

  /** The second argument is no selector but what its matchers say, so it may match everything. */
  #info({ args: [vector, labels] }: Call): ValueType {
    if (vector !== undefined) this.#expect(vector, 'vector', 'call to function "info"');
    if (labels === undefined) return 'vector';
    const isPlain = labels.kind === 'vector-selector' && labels.offset === undefined && labels.at === undefined && labels.edges === undefined;
    if (!isPlain || this.#text[labels.from] !== '{') throw parseError(this.#text, labels.from, 'expected label selectors only');
    return 'vector';
  }

  #count({ name, args, from }: Call, { args: types, optional, repeats }: Signature): void {
    const least = types.length - optional;
    const most = repeats ? Infinity : types.length;
    if (args.length >= least && args.length <= most) return;
    const bound = least === most ? '' : args.length < least ? 'at least ' : 'at most ';
    const expected = args.length < least ? least : most;
    throw parseError(this.#text, from, `expected ${bound}${expected} argument(s) in call to ${JSON.stringify(name)}, got ${args.length}`);
  }

  #expect(expr: Expr, type: ValueType, where: string, message?: string): void {
    const got = this.typeOf(expr);
    if (got === type) return;
    throw parseError(this.#text, expr.from, message === undefined ? `expected type ${NAMES[type]} in ${where}, got ${NAMES[got]}` : message + NAMES[got]);
  }
}

function overTimeSignature(parameter: boolean): Signature {
  return { args: parameter ? ['scalar', 'matrix'] : ['matrix'], optional: 0, repeats: false, returns: 'vector' };
}
