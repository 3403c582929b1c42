import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import { Field, Int, ObjectType, createUnionType } from 'type-graphql';
import { DurationScalar, FloatColumnScalar, LabelSetScalar, PackedColumnScalar, TimestampScalar } from '../scalars.js';
import type { FloatCells } from '../scalars.js';

const TOKEN = 'Opaque. The argument `resume` of a later subscription to the same query goes on after this event.';

@ObjectType('LiveSeries', { simpleResolvers: true, description: 'A series of a live query.' })
export class LiveSeriesType {
  @Field(() => Int, { description: 'Stands for the labels in the columns of this subscription.' })
  declare readonly id: number;

  @Field(() => LabelSetScalar, { description: 'The labels of the series.' })
  declare readonly labels: readonly Label[];
}

@ObjectType('LiveColumn', { simpleResolvers: true, description: 'Values of one series, one per step.' })
export class LiveColumnType {
  @Field(() => Int, { description: 'The id of the series.' })
  declare readonly series: number;

  @Field(() => FloatColumnScalar, { description: 'null where the series has no sample.' })
  declare readonly values: FloatCells;

  @Field(() => PackedColumnScalar, { description: 'The same, packed.' })
  declare readonly packed: FloatCells;
}

@ObjectType('LiveSnapshot', { simpleResolvers: true, description: 'The whole window; replaces all that came before.' })
export class LiveSnapshotType {
  /** Not a field: it tells the members of the union apart. */
  declare readonly kind: 'snapshot';

  @Field(() => Int, { description: 'Counts up by one with each event of the query.' })
  declare readonly sequence: number;

  @Field(() => String, { description: TOKEN })
  declare readonly token: string;

  @Field(() => TimestampScalar, { description: 'The first step of the window.' })
  declare readonly start: Timestamp;

  @Field(() => TimestampScalar, { description: 'The last step of the window.' })
  declare readonly end: Timestamp;

  @Field(() => DurationScalar, { description: 'The distance between steps.' })
  declare readonly step: Duration;

  @Field(() => [LiveSeriesType], { description: 'All series with a sample in the window.' })
  declare readonly series: readonly LiveSeriesType[];

  @Field(() => [LiveColumnType], { description: 'One value per step from start to end.' })
  declare readonly columns: readonly LiveColumnType[];

  @Field(() => Int, { description: 'How many events were left out because this client was slow.' })
  declare readonly skipped: number;

  @Field(() => [String], { description: 'Why the answer may not be what was meant, or is not whole.' })
  declare readonly warnings: readonly string[];
}

@ObjectType('LiveDelta', { simpleResolvers: true, description: 'What changed since the event before.' })
export class LiveDeltaType {
  /** Not a field: it tells the members of the union apart. */
  declare readonly kind: 'delta';

  @Field(() => Int, { description: 'Counts up by one with each event of the query.' })
  declare readonly sequence: number;

  @Field(() => String, { description: TOKEN })
  declare readonly token: string;

  @Field(() => TimestampScalar, { description: 'Steps before this one leave the window.' })
  declare readonly start: Timestamp;

  @Field(() => TimestampScalar, { description: 'The first step that is replaced; all from here to end are.' })
  declare readonly from: Timestamp;

  @Field(() => TimestampScalar, { description: 'The last step of the window.' })
  declare readonly end: Timestamp;

  @Field(() => DurationScalar, { description: 'The distance between steps.' })
  declare readonly step: Duration;

  @Field(() => [LiveSeriesType], { description: 'Series that were not in the window before.' })
  declare readonly added: readonly LiveSeriesType[];

  @Field(() => [Int], { description: 'Ids of series without any sample left in the window.' })
  declare readonly removed: readonly number[];

  @Field(() => [LiveColumnType], {
    description: 'One value per step from `from` to `end`. A series that is not here has no sample at those steps.',
  })
  declare readonly columns: readonly LiveColumnType[];

  @Field(() => [String], { description: 'Why the answer may not be what was meant, or is not whole.' })
  declare readonly warnings: readonly string[];
}

@ObjectType('LiveError', {
  simpleResolvers: true,
  description: "The query can't be answered at the moment. What was shown stays true, and the stream goes on.",
})
export class LiveErrorType {
  /** Not a field: it tells the members of the union apart. */
  declare readonly kind: 'error';

  @Field(() => Int, { description: 'Counts up by one with each event of the query.' })
  declare readonly sequence: number;

  @Field(() => String, { description: TOKEN })
  declare readonly token: string;

  @Field(() => String, { description: 'As in `extensions.code` of an error.' })
  declare readonly code: string;

  @Field(() => String, { description: 'For people.' })
  declare readonly message: string;
}

/** What a live subscription yields; `kind` says which. */
export const LiveEventUnion = createUnionType({
  name: 'LiveEvent',
  description: 'A snapshot first and whenever the stream begins anew, then deltas. A stream that is resumed goes on with deltas.',
  types: () => [LiveSnapshotType, LiveDeltaType, LiveErrorType] as const,
  resolveType: (event) => NAMES[event.kind],
});

const NAMES = { snapshot: 'LiveSnapshot', delta: 'LiveDelta', error: 'LiveError' } as const;
