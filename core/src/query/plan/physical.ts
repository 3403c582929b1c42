import { InvariantError } from '@metrics-dashboard/sdk';
import { isSetOperator } from '../language/ast.js';
import { Aggregate } from '../operators/aggregate.js';
import { Call } from '../operators/call.js';
import { Constant } from '../operators/constant.js';
import { CountValues } from '../operators/count-values.js';
import type { Execution } from '../operators/execution.js';
import { MatrixSelector } from '../operators/matrix-selector.js';
import { observed } from '../operators/observed.js';
import type { Observer } from '../operators/observed.js';
import { Once } from '../operators/once.js';
import type { Operator } from '../operators/operator.js';
import { scalarBinary } from '../operators/scalar-binary.js';
import { setBinary } from '../operators/set-binary.js';
import { SharedSource } from '../operators/shared.js';
import { SmoothedSelector } from '../operators/smoothed-selector.js';
import { SubqueryWindows } from '../operators/subquery.js';
import { TopK } from '../operators/top-k.js';
import type { Choice } from '../operators/top-k.js';
import { VectorBinary } from '../operators/vector-binary.js';
import { VectorSelector } from '../operators/vector-selector.js';
import type { WindowSource } from '../operators/windows.js';
import { negation } from '../functions/instant.js';
import type { Aggregations } from './aggregations.js';
import { forPart } from './merge-selectors.js';
import { planCall } from './physical-call.js';
import { selectOverLevels } from './physical-levels.js';
import type { Planner } from './planner.js';
import type { AggregateNode, BinaryNode, Grid, LogicalNode, SharedNode } from './logical.js';
import { typeOf } from './logical.js';
import { inspectCount, inspectQuantile, inspectRatio } from './inspect.js';

/** Turns logical nodes into operators over a grid. */
export class Physical implements Planner {
  readonly execution: Execution;
  readonly aggregations: Aggregations;
  readonly observer: Observer | undefined;
  readonly #sources = new Map<string, { readonly source: SharedSource; readonly node: LogicalNode }>();

  constructor(execution: Execution, aggregations: Aggregations, observer?: Observer) {
    this.observer = observer;
    this.execution = execution;
    this.aggregations = aggregations;
  }

  operator(node: LogicalNode, grid: Grid): Operator {
    return observed(this, node, grid, () => this.#operator(node, grid));
  }

  #operator(node: LogicalNode, grid: Grid): Operator {
    switch (node.kind) {
      case 'constant':
        return new Constant(grid, () => node.value);
      case 'select':
        return selectOverLevels(this, node, grid, (part) =>
          node.smoothed ? new SmoothedSelector(this.execution, forPart(node, part, grid), part) : new VectorSelector(this.execution, forPart(node, part, grid), part),
        );
      case 'shared':
        return this.#shared(node, grid);
      case 'negate':
        return typeOf(node) === 'scalar'
          ? new Call(this.execution, '-', [this.operator(node.inner, grid)], { ...negation, series: ([scalar = []]) => scalar })
          : new Call(this.execution, '-', [this.operator(node.inner, grid)], negation);
      case 'once':
        return new Once(this.operator(node.inner, { start: grid.start, step: 0, count: 1 }), grid);
      case 'binary':
        return this.#binary(node, grid);
      case 'aggregate':
        return this.#aggregate(node, grid);
      case 'call':
        return planCall(this, node, grid);
      case 'text':
      case 'window':
      case 'subquery':
        throw new InvariantError(`a ${node.kind} stands only where a function takes it`);
    }
  }

  #shared({ key, inner }: SharedNode, grid: Grid): Operator {
    const place = `${key} ${grid.start} ${grid.count}`;
    const known = this.#sources.get(place);
    if (known !== undefined) {
      this.execution.alias(known.node, inner);
      return known.source.reader();
    }
    const source = new SharedSource(this.operator(inner, grid));
    this.#sources.set(place, { source, node: inner });
    return source.reader();
  }

  windows(node: LogicalNode, grid: Grid): WindowSource {
    if (node.kind === 'window') return new MatrixSelector(this.execution, node, grid);
    if (node.kind === 'subquery') return new SubqueryWindows(this.execution, node, this.operator(node.inner, node.innerGrid));
    throw new InvariantError(`a ${node.kind} has windows`);
  }

  #binary(node: BinaryNode, grid: Grid): Operator {
    const { operator, bool, matching, from } = node;
    const left = this.operator(node.left, grid);
    const right = this.operator(node.right, grid);
    if (isSetOperator(operator)) return new Call(this.execution, operator, [left, right], setBinary(operator, matching));
    const isScalar = [typeOf(node.left) === 'scalar', typeOf(node.right) === 'scalar'];
    if (!isScalar[0] && !isScalar[1]) return new VectorBinary(this.execution, { operator, bool, matching, left, right, from });
    const scalars = isScalar[0] && isScalar[1] ? 'both' : isScalar[0] ? 'left' : 'right';
    return new Call(this.execution, operator, [left, right], scalarBinary({ operator, bool, scalars }));
  }

  #aggregate(node: AggregateNode, grid: Grid): Operator {
    const { name, grouping, parameter } = node;
    const inner = this.operator(node.inner, grid);
    if (parameter?.kind === 'text') {
      this.#checkLabel(parameter.value, parameter.from);
      return new CountValues(this.execution, { label: parameter.value, grouping, inner, grid });
    }
    const scalar = parameter && this.operator(parameter, grid);
    const at = parameter?.from ?? node.from;
    if (scalar !== undefined && isChoice(name)) {
      const inspect = name === 'limit_ratio' ? inspectRatio(this.execution, at) : inspectCount(this.execution, at);
      return new TopK(this.execution, { choice: name, grouping, inner, parameter: scalar, inspect });
    }
    const aggregation = this.aggregations.get(name);
    if (aggregation === undefined) throw new InvariantError(`the aggregation ${name} was checked`);
    const inspect = name === 'quantile' ? { inspect: inspectQuantile(this.execution, at) } : {};
    return new Aggregate(this.execution, { aggregation, grouping, inner, parameter: scalar, ...inspect });
  }

  #checkLabel(name: string, at: number): void {
    if (name === '' || name.includes('\uFFFD')) throw this.execution.failure(`invalid label name ${JSON.stringify(name)}`, at);
  }
}

function isChoice(name: string): name is Choice {
  return name === 'topk' || name === 'bottomk' || name === 'limitk' || name === 'limit_ratio';
}
