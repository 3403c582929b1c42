import { MetricsDashboardError, QueryError } from '@metrics-dashboard/sdk';
import type { AggregationFunction, Clock, Matcher, StorageBackend } from '@metrics-dashboard/sdk';
import type { LRParser } from '@lezer/lr';
import { childrenOf } from './language/ast.js';
import type { Expr } from './language/ast.js';
import { check, typeOfChecked } from './language/check.js';
import { format } from './language/format.js';
import { parserFor } from './language/grammar.js';
import { parse } from './language/parse.js';
import { KnownTexts } from './language/known-texts.js';
import { syntaxTree } from './language/syntax-tree.js';
import { nextTurn } from '../runtime/next-turn.js';
import { LabelQueries } from './label-queries.js';
import { explanationOf } from './explain.js';
import { Observer } from './operators/observed.js';
import { makeBatch } from './operators/operator.js';
import { Execution } from './operators/execution.js';
import { Aggregations } from './plan/aggregations.js';
import { buildPlan } from './plan/build.js';
import type { Grid, LogicalNode } from './plan/logical.js';
import { typeOf } from './plan/logical.js';
import { optimize, passesThatMatter } from './plan/optimize.js';
import { Physical } from './plan/physical.js';
import { warnOfMissingRaw } from './plan/physical-levels.js';
import type { BoundedList, ExplainRequest, Explanation, LabelRequest, QueryLimits, QueryRequest, QueryResult, QueryTime } from './query.js';
import { rawSeries } from './raw-series.js';
import type { RawQuery, RawSeries } from './raw-series.js';
import { MatrixBuilder, SameLabels, vectorResult } from './result.js';
import type { ResultColumns } from './result.js';

/** How old a sample may be and still count, unless a request says otherwise. */
const LOOKBACK = 5 * 60_000;
/** The step of subqueries that name none. */
const SUBQUERY_STEP = 60_000;
/** The most steps of a range query. */
const MOST_STEPS = 11_000;
const NEVER = new AbortController().signal;

export interface QueryEngineOptions {
  readonly storage: StorageBackend;
  readonly aggregations: readonly AggregationFunction[];
  readonly limits: QueryLimits;
  readonly clock: Clock;
  /** Lets other work of the thread run; `setImmediate` by default. */
  readonly yieldToLoop?: () => Promise<void>;
}

/** A query on its way: the plan as it was written, and as it will run. */
interface Planned {
  readonly written: LogicalNode;
  readonly plan: LogicalNode;
  readonly grid: Grid;
}

/** Answers queries: text in, columns out, under limits. */
export class QueryEngine {
  readonly #storage: StorageBackend;
  readonly #aggregations: Aggregations;
  readonly #parser: LRParser;
  /** Panels and rules ask the same again and again. */
  readonly #known = new KnownTexts<Expr>();
  readonly #clock: Clock;
  readonly #yieldToLoop: () => Promise<void>;
  readonly #labels: LabelQueries;
  #limits: QueryLimits;

  constructor({ storage, aggregations, limits, clock, yieldToLoop = nextTurn }: QueryEngineOptions) {
    this.#storage = storage;
    this.#aggregations = new Aggregations(aggregations);
    this.#parser = parserFor(this.#aggregations.foreignNames);
    this.#clock = clock;
    this.#yieldToLoop = yieldToLoop;
    this.#limits = limits;
    this.#labels = new LabelQueries(storage, this.#parser);
  }

  /** New limits, for the queries from now on. */
  configure(limits: QueryLimits): void {
    this.#limits = limits;
  }

  /** Throws a `ParseError`, `QueryError` or `LimitError`; one that the signal ended has the reason `canceled`. */
  async query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    const begun = this.#clock.elapsed();
    const execution = this.#execution(request, begun, signal);
    try {
      const { plan, grid } = this.#plan(request);
      execution.check(signal);
      const columns = await this.#run(plan, grid, request.time.kind, execution, signal);
      const stats = {
        seriesSelected: execution.seriesSelected,
        samplesLoaded: execution.samplesLoaded,
        milliseconds: this.#clock.elapsed() - begun,
      };
      const { result, cut } = limited(columns, request.seriesLimit);
      const warnings = cut ? [...execution.warnings, 'results truncated due to limit'] : execution.warnings;
      return { ...result, warnings, infos: execution.infos, stats };
    } catch (error) {
      throw asQueryError(error, signal);
    } finally {
      execution.release();
    }
  }

  /** Sorted, without doubles. */
  labelNames(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#labels.names(request, signal);
  }

  /** Sorted, without doubles. */
  labelValues(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#labels.values(name, request, signal);
  }

  /** The label sets of series that may have samples in the range, sorted. */
  series(request: LabelRequest, signal: AbortSignal): ReturnType<LabelQueries['series']> {
    return this.#labels.series(request, this.#limits.querySeries, signal);
  }

  /** What a selector asks of labels. Throws a `ParseError` or `QueryError` for a text that is no selector. */
  matchersOf(selector: string): readonly Matcher[] {
    return this.#labels.matchersOf(selector);
  }

  /** How a query is answered: from the index alone, or by running it and throwing the result away. */
  async explain({ run, ...request }: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
    const begun = this.#clock.elapsed();
    const execution = this.#execution(request, begun, signal);
    const observer = new Observer(this.#clock);
    try {
      const { written, plan, grid } = this.#plan(request);
      const { kind } = request.time;
      if (run) await this.#run(plan, grid, kind, execution, signal, observer);
      else await this.#lookUp(plan, grid, execution, signal, observer);
      const { warnings, infos } = execution;
      const milliseconds = this.#clock.elapsed() - begun;
      return explanationOf(observer.roots, { text: request.expression, ran: run, passes: passesThatMatter(written, grid), milliseconds, warnings, infos });
    } catch (error) {
      throw asQueryError(error, signal);
    } finally {
      execution.release();
    }
  }

  /** The expression, laid out for people. Throws as `query` does for a text that is none. */
  format(expression: string): string {
    return format(this.#parsed(expression), expression);
  }

  /** The syntax tree as JSON text. Throws as `query` does for a text that is no expression. */
  syntaxTree(expression: string): string {
    return syntaxTree(this.#parsed(expression), expression);
  }

  #parsed(text: string): Expr {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    try {
      const expr = parse(text, this.#parser);
      check(text, expr, this.#aggregations);
      this.#known.keep(text, expr);
      return expr;
    } catch (error) {
      throw asQueryError(error, NEVER);
    }
  }

  /** What the selectors of an expression ask of labels. Throws as `query` does for a text that is no expression. */
  selectorsOf(expression: string): readonly (readonly Matcher[])[] {
    const selectors: (readonly Matcher[])[] = [];
    const visit = (expr: Expr): void => {
      if (expr.kind === 'vector-selector') selectors.push(expr.matchers);
      for (const child of childrenOf(expr)) visit(child);
    };
    visit(this.#parsed(expression));
    return selectors;
  }

  /** Whether an expression is a selector of one metric by its name, as it is at each step. Throws as `query` does. */
  selectsOneMetric(expression: string): boolean {
    const expr = this.#parsed(expression);
    if (expr.kind !== 'vector-selector' || expr.offset !== undefined || expr.at !== undefined) return false;
    return expr.matchers.some(({ name, operator }) => name === '__name__' && operator === '=');
  }

  /** Series as they are stored. What goes wrong, goes wrong while they are taken. */
  async *raw(queries: readonly RawQuery[], signal: AbortSignal): AsyncGenerator<RawSeries> {
    const execution = this.#execution({ expression: '', time: { kind: 'instant', at: 0 } }, this.#clock.elapsed(), signal);
    try {
      yield* rawSeries(queries, execution, signal);
    } catch (error) {
      throw asQueryError(error, signal);
    } finally {
      execution.release();
    }
  }

  #plan({ expression: text, time, lookbackDelta = LOOKBACK }: QueryRequest): Planned {
    const expr = this.#parsed(text);
    const grid = gridOf(time, expr);
    const written = buildPlan(expr, { text, grid, lookback: lookbackDelta, defaultStep: SUBQUERY_STEP });
    return { grid, written, plan: optimize(written, grid) };
  }

  /** Makes the operators, and asks them for their series. */
  async #lookUp(plan: LogicalNode, grid: Grid, execution: Execution, signal: AbortSignal, observer: Observer): Promise<void> {
    if (plan.kind === 'text') return;
    const physical = new Physical(execution, this.#aggregations, observer);
    await (typeOf(plan) === 'matrix' ? physical.windows(plan, grid) : physical.operator(plan, grid)).series(signal);
  }

  #execution(request: QueryRequest, begun: number, signal: AbortSignal): Execution {
    const timeout = Math.min(request.timeout ?? Infinity, this.#limits.queryTimeout);
    return new Execution({
      text: request.expression,
      storage: this.#storage,
      limits: this.#limits,
      clock: this.#clock,
      timeout,
      signal,
      deadline: begun + timeout,
      yieldToLoop: this.#yieldToLoop,
    });
  }

  async #run(plan: LogicalNode, grid: Grid, kind: QueryTime['kind'], execution: Execution, signal: AbortSignal, observer?: Observer): Promise<ResultColumns> {
    if (plan.kind === 'text') return textResult(plan.value);
    const physical = new Physical(execution, this.#aggregations, observer);
    if (typeOf(plan) === 'matrix') return windowResult(physical, plan, grid, signal);
    const operator = physical.operator(plan, grid);
    const series = await operator.series(signal);
    execution.check(signal);
    const batch = makeBatch(execution.batchSteps(grid.count), series.length);
    if (kind === 'instant') {
      await operator.next(batch, signal);
      execution.check(signal);
      return vectorResult(operator, series, batch, typeOf(plan) === 'scalar' ? 'scalar' : 'vector');
    }
    warnOfSorting(plan, execution);
    const matrix = new MatrixBuilder(series);
    while (await operator.next(batch, signal)) {
      execution.produced(matrix.add(batch));
      // A turn of the loop costs more than a small answer's only batch.
      if (execution.spend(batch.steps * batch.width)) await execution.pause(signal);
      else execution.check(signal);
    }
    return matrix.finish();
  }
}

async function windowResult(physical: Physical, plan: LogicalNode, grid: Grid, signal: AbortSignal): Promise<ResultColumns> {
  if (plan.kind === 'window') warnOfMissingRaw(physical.execution, plan, grid);
  const source = physical.windows(plan, grid);
  const matrix = new MatrixBuilder(await source.series(signal));
  await source.visit(Float64Array.of(grid.start), true, (series, windows) => matrix.addWindow(series, windows), signal);
  return matrix.finish();
}

function textResult(text: string): ResultColumns {
  return { type: 'string', series: [], offsets: new Uint32Array(1), times: new Float64Array(0), values: new Float64Array(0), text };
}

function gridOf(time: QueryTime, expr: Expr): Grid {
  if (time.kind === 'instant') return { start: time.at, step: 0, count: 1 };
  const { start, end, step } = time;
  if (!(step > 0)) throw new QueryError(`step is ${step} ms, expected more than 0`);
  if (!(end >= start)) throw new QueryError('the end of the range is before its start');
  const count = Math.floor((end - start) / step) + 1;
  if (count > MOST_STEPS) {
    throw new QueryError(`exceeded maximum resolution of ${MOST_STEPS.toLocaleString('en-US')} points per timeseries. Try decreasing the query resolution (?step=XX)`);
  }
  const type = typeOfChecked(expr);
  if (type === 'matrix' || type === 'string') {
    const name = type === 'matrix' ? 'range vector' : 'string';
    throw new QueryError(`invalid expression type ${JSON.stringify(name)} for range query, must be scalar or instant vector`);
  }
  return { start, step, count };
}

function warnOfSorting(plan: LogicalNode, execution: Execution): void {
  if (plan.kind === 'once') return warnOfSorting(plan.inner, execution);
  if (plan.kind !== 'call' || !plan.name.startsWith('sort')) return;
  execution.warn('sort is ineffective for range queries since results are always ordered by labels', plan.from);
}

/** The first series up to a limit, and whether there were more. */
function limited(columns: ResultColumns, limit = 0): { result: ResultColumns; cut: boolean } {
  if (limit === 0 || columns.series.length <= limit) return { result: columns, cut: false };
  const offsets = columns.offsets.slice(0, limit + 1);
  const end = offsets[limit] ?? 0;
  const result = { ...columns, series: columns.series.slice(0, limit), offsets, times: columns.times.slice(0, end), values: columns.values.slice(0, end) };
  return { result, cut: true };
}

function asQueryError(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof SameLabels) return new QueryError('vector cannot contain metrics with the same labelset', { reason: 'execution' });
  // A chain of thousands of operators is a tree as deep.
  if (error instanceof RangeError && error.message.includes('call stack')) return new QueryError('expression nests too deeply', { cause: error });
  const isOurs = error instanceof MetricsDashboardError;
  if (!isOurs && signal.aborted) return new QueryError('query was canceled', { reason: 'canceled', cause: error });
  return error;
}
