import { stepFor } from '@metrics-dashboard/core';
import type { App, LiveEvent, LiveRequest } from '@metrics-dashboard/core';
import type { Duration } from '@metrics-dashboard/sdk';
import { Arg, Int, Resolver, Root, Subscription } from 'type-graphql';
import { MAX_POINTS, bounded } from '../arguments.js';
import type { Context } from '../context.js';
import { eventStream } from '../event-stream.js';
import type { FloatCells } from '../scalars.js';
import { DurationScalar } from '../scalars.js';
import { VariableValueInput } from '../types/dashboard.type.js';
import { LiveEventUnion } from '../types/live.type.js';
import { VARIABLES, withVariables } from '../variables.js';

const POINTS = { otherwise: 600, max: MAX_POINTS } as const;

const RESUME =
  'The token of the last event that this client has folded. If all events since are held, the stream goes on with them; else, whatever the text is, it begins with a snapshot.';

interface LiveArguments {
  readonly query: string;
  readonly window: Duration;
  readonly interval?: Duration | null;
  readonly maxPoints?: number | null;
  readonly variables?: readonly VariableValueInput[] | null;
  readonly resume?: string | null;
}

/** Queries whose answers move. */
@Resolver()
export class LiveResolver {
  @Subscription(() => LiveEventUnion, {
    description: 'A range query that ends now and moves: a snapshot, then a delta at each step.',
    subscribe: ({ args, context }: { args: LiveArguments; context: Context }) =>
      eventStream((signal) => context.app.live.watch(requestOf(context.app, args), signal), context.signal),
  })
  live(
    @Root() event: LiveEvent,
    @Arg('query', () => String, { description: 'In PromQL.' }) _query: string,
    @Arg('window', () => DurationScalar, { description: "The window's length." }) _window: Duration,
    @Arg('interval', () => DurationScalar, { nullable: true, description: 'How often to look; at each step by default.' })
    _interval?: Duration | null,
    @Arg('maxPoints', () => Int, {
      nullable: true,
      defaultValue: POINTS.otherwise,
      description: 'The step is the smallest of the ladder that gives at most so many points.',
    })
    _maxPoints?: number | null,
    @Arg('variables', () => [VariableValueInput], { nullable: true, description: VARIABLES }) _variables?: readonly VariableValueInput[] | null,
    @Arg('resume', () => String, { nullable: true, description: RESUME }) _resume?: string | null,
  ): LiveEvent | LiveEventInCells {
    if (event.kind === 'error') return event;
    return { ...event, columns: event.columns.map((column) => ({ series: column.series, values: column, packed: column })) };
  }
}

/** An event whose columns are as the scalar takes them. */
type LiveEventInCells = Omit<Exclude<LiveEvent, { kind: 'error' }>, 'columns'> & {
  readonly columns: readonly { readonly series: number; readonly values: FloatCells; readonly packed: FloatCells }[];
};

function requestOf(app: App, { query, window, interval, maxPoints, variables, resume }: LiveArguments): LiveRequest {
  const points = bounded('maxPoints', maxPoints, POINTS.otherwise, POINTS.max);
  return {
    expression: withVariables(app, query, variables, { step: stepFor(window, points), range: window }),
    window,
    interval: interval ?? undefined,
    maxPoints: points,
    resume: resume ?? undefined,
  };
}
