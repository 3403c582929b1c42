import { stepFor } from '@metrics-dashboard/core';
import type { QueryTime } from '@metrics-dashboard/core';
import { QueryError } from '@metrics-dashboard/sdk';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { Arg, Args, ArgsType, Ctx, Field, Int, Query, Resolver } from 'type-graphql';
import { MAX_POINTS, bounded, gridOf } from '../arguments.js';
import type { Context } from '../context.js';
import { inFrames } from '../frames.js';
import { scrapeIntervalOf, thinningOf } from '../thinning.js';
import { DurationScalar, TimestampScalar } from '../scalars.js';
import { ExplanationType } from '../types/explain.type.js';
import { VariableValueInput } from '../types/dashboard.type.js';
import { QueryResultType } from '../types/query.type.js';
import { VARIABLES, withVariables } from '../variables.js';

const SERIES = { otherwise: 1000, max: 50_000 } as const;
const POINTS = { otherwise: 600, max: MAX_POINTS } as const;
/** Series times points of an answer: it is turned to text on the thread that serves everybody else. */
const MOST_CELLS = 400_000;
const HOUR = 3600_000;
const SERIES_LIMIT = 'The most series that are answered; more are cut, with a warning.';

/** How finely a range is answered. The arguments of a field come in the order from the last to the first. */
@ArgsType()
class RangeOptions {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether to ask on a finer grid, of at most 44,000 steps, and answer the least and the greatest value of each two steps: no spike is lost between them. Where the data is no finer, or a step is given, nothing changes.',
  })
  declare readonly thin?: boolean | null;

  @Field(() => Int, { nullable: true, defaultValue: SERIES.otherwise, description: SERIES_LIMIT })
  declare readonly limit?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: POINTS.otherwise, description: 'The most points per series, when no step is given.' })
  declare readonly maxPoints?: number | null;

  @Field(() => DurationScalar, { nullable: true, description: 'The distance between steps.' })
  declare readonly step?: Duration | null;
}

/** Questions in PromQL. */
@Resolver()
export class QueryResolver {
  @Query(() => QueryResultType, { description: 'One value per series at one time; now, when no time is given.' })
  async instant(
    @Ctx() { app, signal }: Context,
    @Arg('query', () => String, { description: 'In PromQL.' }) query: string,
    @Arg('time', () => TimestampScalar, { nullable: true, description: 'When; now by default.' }) time?: Timestamp | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: SERIES.otherwise, description: SERIES_LIMIT }) limit?: number | null,
    @Arg('variables', () => [VariableValueInput], { nullable: true, description: VARIABLES }) variables?: readonly VariableValueInput[] | null,
    @Arg('window', () => DurationScalar, { nullable: true, description: 'What `$__range` is: the range that the value stands beside; an hour by default.' })
    window?: Duration | null,
  ): Promise<QueryResultType> {
    const seriesLimit = bounded('limit', limit, SERIES.otherwise, SERIES.max);
    const shape = { step: stepFor(window ?? HOUR, POINTS.otherwise), range: window ?? HOUR };
    const expression = withVariables(app, query, variables, shape);
    const at = time ?? app.clock.now();
    return inFrames(await app.engine.query({ expression, time: { kind: 'instant', at }, seriesLimit }, signal));
  }

  @Query(() => QueryResultType, {
    description:
      'Values on a grid. Without a step, the smallest of the ladder that gives at most maxPoints. At most so many series are answered that they have 400,000 points; the Prometheus HTTP API has no such bound.',
  })
  async range(
    @Ctx() { app, signal }: Context,
    @Arg('query', () => String, { description: 'In PromQL.' }) query: string,
    @Arg('start', () => TimestampScalar, { description: 'The first step.' }) start: Timestamp,
    @Arg('end', () => TimestampScalar, { description: 'No step is after this.' }) end: Timestamp,
    @Args(() => RangeOptions) { step, maxPoints, limit, thin }: RangeOptions,
    @Arg('variables', () => [VariableValueInput], { nullable: true, description: VARIABLES }) variables?: readonly VariableValueInput[] | null,
  ): Promise<QueryResultType> {
    const seriesLimit = bounded('limit', limit, SERIES.otherwise, SERIES.max);
    const points = bounded('maxPoints', maxPoints, POINTS.otherwise, POINTS.max);
    const grid = gridOf({ start, end }, step ?? stepFor(end - start, points));
    const expression = withVariables(app, query, variables, { step: grid.step, range: end - start });
    const wide = Math.max(1, Math.floor(MOST_CELLS / (Math.floor((end - start) / grid.step) + 1)));
    const finer = thin === true && typeof step !== 'number' ? thinningOf(grid, scrapeIntervalOf(app.config())) : undefined;
    const asked = { expression, time: { kind: 'range', ...grid, ...finer?.time }, seriesLimit: Math.min(seriesLimit, wide), ...finer?.thin } as const;
    return inFrames(await app.engine.query(asked, signal), finer?.answer ?? grid, finer !== undefined);
  }

  @Query(() => ExplanationType, {
    description: 'How a query is answered, and what it costs: of a range where start and end are given, else of one time.',
  })
  async explain(
    @Ctx() { app, signal }: Context,
    @Arg('query', () => String, { description: 'In PromQL.' }) expression: string,
    @Arg('time', () => TimestampScalar, { nullable: true, description: 'When, of an instant query; now by default.' }) time?: Timestamp | null,
    @Arg('start', () => TimestampScalar, { nullable: true, description: 'The first step of a range query.' }) start?: Timestamp | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: 'No step is after this.' }) end?: Timestamp | null,
    @Arg('step', () => DurationScalar, { nullable: true, description: 'The distance between steps; of the ladder by default.' }) step?: Duration | null,
    @Arg('run', () => Boolean, { defaultValue: false, description: 'Whether to run the query and tell what it took; else the index alone is asked, for an estimate.' })
    run?: boolean,
  ): Promise<ExplanationType> {
    const asked = rangeOf(start, end, step) ?? ({ kind: 'instant', at: time ?? app.clock.now() } as const);
    return app.engine.explain({ expression, time: asked, run: run ?? false }, signal);
  }
}

/** The grid of a range query; undefined when neither end is given. */
function rangeOf(start?: Timestamp | null, end?: Timestamp | null, step?: Duration | null): QueryTime | undefined {
  if (typeof start !== 'number' && typeof end !== 'number') return undefined;
  if (typeof start !== 'number' || typeof end !== 'number') throw new QueryError('a range has a start and an end, one of them is missing');
  return { kind: 'range', ...gridOf({ start, end }, step ?? stepFor(end - start, POINTS.otherwise)) };
}
