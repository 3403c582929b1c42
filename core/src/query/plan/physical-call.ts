import { InvariantError, Labels, ParseError, matcher } from '@metrics-dashboard/sdk';
import type { Matcher, StepBatch } from '@metrics-dashboard/sdk';
import { absence, absentLabels } from '../functions/absent.js';
import { anchoredCount, edgedDifference } from '../functions/edges.js';
import { identity, mapping, sorting, startTimestamps, timestamps, toScalar } from '../functions/instant.js';
import { aggregationKernel, rangeKernel } from '../functions/range.js';
import type { RangeKernel } from '../functions/range-function.js';
import { isChange, isReset } from '../functions/rate.js';
import { predictLinear } from '../functions/regression.js';
import { labelJoin, labelReplace, sortingByLabels } from '../functions/relabel.js';
import { presentOverTime } from '../functions/over-time.js';
import type { Edges } from '../language/ast.js';
import { Call } from '../operators/call.js';
import type { CallBody } from '../operators/call.js';
import { Constant, SCALAR_SERIES } from '../operators/constant.js';
import { InfoJoin } from '../operators/info-join.js';
import type { Operator } from '../operators/operator.js';
import { RangeCall } from '../operators/range-call.js';
import { inspectQuantile } from './inspect.js';
import { forPart } from './merge-selectors.js';
import { overLevels } from './physical-levels.js';
import { planHistogramFraction, planHistogramQuantile, planHistogramQuantiles } from './physical-histogram.js';
import type { CallNode, Grid, LogicalNode } from './logical.js';
import { typeOf } from './logical.js';
import type { Planner } from './planner.js';

const KEEPING_NAMES: ReadonlySet<string> = new Set(['last_over_time', 'first_over_time']);
const COUNTER_SUFFIX = /_(?:total|sum|count|bucket)$/;

/** The operator of a function call. */
export function planCall(planner: Planner, node: CallNode, grid: Grid): Operator {
  const { execution } = planner;
  if (node.name === 'time') return new Constant(grid, (at) => at / 1000);
  const range = node.args.find((argument) => typeOf(argument) === 'matrix');
  if (range !== undefined) return planRangeCall(planner, node, range, grid);
  if (node.name === 'info') return planInfo(planner, node, grid);
  const numbers = node.args.filter((argument) => argument.kind !== 'text');
  const args = numbers.map((argument) => planner.operator(argument, grid));
  // A date function without an argument takes the evaluation time.
  if (args.length === 0) args.push(new Constant(grid, (at) => at / 1000));
  return new Call(execution, node.name, args, bodyOf(planner, node));
}

function planInfo(planner: Planner, { args: [vector, info], from }: CallNode, grid: Grid): Operator {
  if (vector === undefined || info?.kind !== 'select') throw new InvariantError('info has a vector and a selector');
  const here = planner.observer?.here();
  const make = (matchers: readonly Matcher[]): Operator => planner.operator({ ...info, matchers }, grid);
  const select = (matchers: readonly Matcher[]): Operator => (here === undefined ? make(matchers) : here(() => make(matchers)));
  return new InfoJoin(planner.execution, { vector: planner.operator(vector, grid), matchers: info.matchers, select, from });
}

function planRangeCall(planner: Planner, node: CallNode, range: LogicalNode, grid: Grid): Operator {
  const { execution } = planner;
  const { name, args } = node;
  const scalars = args.filter((argument) => argument !== range);
  const absent = name === 'absent_over_time';
  const raw = (part: Grid): Operator =>
    new RangeCall(
      execution,
      {
        name,
        source: planner.windows(range.kind === 'window' ? forPart(range, part, grid) : range, part),
        scalars: scalars.map((argument) => planner.operator(argument, part)),
        kernel: (at) => (absent ? presentOverTime : range.kind === 'window' && range.edges !== undefined ? edgedKernel(name, range.edges) : kernelOf(planner, name, at)),
        keepsName: KEEPING_NAMES.has(name),
        ...(name === 'quantile_over_time' && { inspect: firstOf(inspectQuantile(execution, args[0]?.from ?? node.from)) }),
        ...((name === 'rate' || name === 'increase') && { found: counterCheck(planner, range.from) }),
      },
      part,
    );
  const over = { name: absent ? 'present_over_time' : name, keepsName: KEEPING_NAMES.has(name), raw };
  const operator = range.kind === 'window' ? overLevels(planner, range, grid, over) : raw(grid);
  if (!absent) return operator;
  return new Call(execution, name, [operator], absence(range.kind === 'window' ? absentLabels(range.matchers) : Labels.EMPTY));
}

function firstOf(inspect: (scalar: StepBatch) => void): (scalars: readonly StepBatch[]) => void {
  return ([first]) => first && inspect(first);
}

function kernelOf({ aggregations }: Planner, name: string, at: Float64Array): RangeKernel {
  if (name === 'predict_linear') return predictLinear(at);
  const kernel = rangeKernel(name);
  if (kernel !== undefined) return kernel;
  const aggregation = aggregations.behind(name);
  if (aggregation === undefined) throw new InvariantError(`the function ${name} was checked`);
  return aggregationKernel(aggregation);
}

function edgedKernel(name: string, edges: Edges): RangeKernel {
  switch (name) {
    case 'changes':
      return anchoredCount(isChange);
    case 'resets':
      return anchoredCount(isReset);
    default:
      return edgedDifference({ edges, isCounter: name !== 'delta', perSecond: name === 'rate' });
  }
}

function counterCheck({ execution }: Planner, at: number): (metric: string) => void {
  return (metric) => {
    if (metric === '' || COUNTER_SUFFIX.test(metric)) return;
    execution.inform(`metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(metric)}`, at);
  };
}

function bodyOf(planner: Planner, node: CallNode): CallBody {
  const { execution } = planner;
  const { name, args } = node;
  const [first] = args;
  switch (name) {
    case 'scalar':
      return toScalar;
    case 'vector':
      return identity;
    case 'timestamp':
      return timestamps(isSelected(first));
    case 'start_timestamp':
      return startTimestamps;
    case 'absent':
      return absence(absentOf(first));
    case 'sort':
    case 'sort_desc':
      return sorting(name === 'sort_desc');
    case 'sort_by_label':
    case 'sort_by_label_desc':
      return sortingByLabels(textsOf(node), name === 'sort_by_label_desc');
    case 'label_replace':
      return planLabelReplace(planner, node);
    case 'label_join': {
      const [target = '', separator = '', ...sources] = textsOf(node);
      return labelJoin(target, separator, sources);
    }
    case 'histogram_quantile':
      return planHistogramQuantile(execution, node);
    case 'histogram_quantiles':
      return planHistogramQuantiles(execution, node);
    case 'histogram_fraction':
      return planHistogramFraction(execution, node);
    case 'min_of':
      return scalarFunction(Math.min);
    case 'max_of':
      return scalarFunction(Math.max);
  }
  const body = mapping(name);
  if (body === undefined) throw new InvariantError(`the function ${name} was checked`);
  return body;
}

/** A function of two scalars. */
function scalarFunction(compute: (a: number, b: number) => number): CallBody {
  return {
    series: () => SCALAR_SERIES,
    compute: ([left, right], out) => {
      for (let k = 0; k < out.steps; k++) out.values[k] = compute(left?.values[k] ?? NaN, right?.values[k] ?? NaN);
      out.present.fill(1, 0, out.steps);
    },
  };
}

/** A selector's timestamps come as its values. */
function isSelected(node: LogicalNode | undefined): boolean {
  return node?.kind === 'select';
}

function absentOf(node: LogicalNode | undefined): Labels {
  return node?.kind === 'select' ? absentLabels(node.matchers) : node?.kind === 'once' ? absentOf(node.inner) : Labels.EMPTY;
}

function textsOf({ args }: CallNode): readonly string[] {
  return args.flatMap((argument) => (argument.kind === 'text' ? [argument.value] : []));
}

function planLabelReplace({ execution }: Planner, node: CallNode): CallBody {
  const [target = '', replacement = '', source = '', pattern = ''] = textsOf(node);
  if (target === '') throw execution.failure(`invalid destination label name in label_replace(): ${target}`, node.from);
  try {
    // The matcher's rules say which expressions are safe to run.
    matcher(source, '=~', pattern);
    const named = pattern.replaceAll('(?P<', '(?<');
    return labelReplace(target, replacement, source, new RegExp(`^(?:${named})$`, 'us'));
  } catch (cause) {
    if (!(cause instanceof ParseError) && !(cause instanceof SyntaxError)) throw cause;
    throw execution.failure(`invalid regular expression in label_replace(): ${pattern}`, node.args[4]?.from ?? node.from);
  }
}
