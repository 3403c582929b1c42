import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DurationScalar, FloatColumnScalar, LabelSetScalar, PackedColumnScalar, TimestampColumnScalar, TimestampScalar } from '../scalars.js';
import type { FloatCells } from '../scalars.js';

/** The types of a query's result; the values are core's. */
export const ResultType = { SCALAR: 'scalar', VECTOR: 'vector', MATRIX: 'matrix', STRING: 'string' } as const;
registerEnumType(ResultType, {
  name: 'ResultType',
  description: 'The type of an expression.',
  valuesConfig: {
    SCALAR: { description: 'A number.' },
    VECTOR: { description: 'One sample per series, at one time.' },
    MATRIX: { description: 'Samples of a range of time per series.' },
    STRING: { description: 'A text.' },
  },
});

@ObjectType('Frame', {
  simpleResolvers: true,
  description: 'One result series. Both columns are equally long; steps without a sample are left out.',
})
export class FrameType {
  @Field(() => LabelSetScalar, { description: 'Empty for a scalar.' })
  declare readonly labels: readonly Label[];

  @Field(() => TimestampColumnScalar, { description: 'Oldest first.' })
  declare readonly times: Float64Array;

  @Field(() => FloatColumnScalar, { description: 'The value at each of the times.' })
  declare readonly values: FloatCells;

  @Field(() => PackedColumnScalar, { nullable: true, description: 'The values of a range query packed, one for each of `steps` from `start`; so `times` need not be asked for.' })
  declare readonly packed: FloatCells | undefined;
}

@ObjectType('QueryStats', { simpleResolvers: true, description: 'What it took to answer.' })
export class QueryStatsType {
  @Field(() => Int, { description: 'Series that the selectors of the expression found.' })
  declare readonly seriesSelected: number;

  @Field(() => Int, { description: 'Samples that were read.' })
  declare readonly samplesLoaded: number;

  @Field(() => Float, { description: 'From the question to the answer, in the engine.' })
  declare readonly milliseconds: number;
}

@ObjectType('QueryResult', { simpleResolvers: true, description: 'The answer to an instant or a range query.' })
export class QueryResultType {
  @Field(() => ResultType, { description: 'What the expression is.' })
  declare readonly type: (typeof ResultType)[keyof typeof ResultType];

  @Field(() => [FrameType], { description: 'The result series; one without labels for a scalar, none for a string.' })
  declare readonly frames: readonly FrameType[];

  @Field(() => String, { nullable: true, description: 'The value of a string expression.' })
  declare readonly text: string | undefined;

  @Field(() => DurationScalar, { nullable: true, description: 'The step that was used, of a range query.' })
  declare readonly step: Duration | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'The first step, of a range query.' })
  declare readonly start: Timestamp | undefined;

  @Field(() => Boolean, { description: 'Whether each two steps hold the least and the greatest value of their time, and not values at the steps.' })
  declare readonly thinned: boolean;

  @Field(() => Int, { nullable: true, description: 'How many steps there are, of a range query.' })
  declare readonly steps: number | undefined;

  @Field(() => [String], { description: 'Why the answer may not be what was meant, or is not whole.' })
  declare readonly warnings: readonly string[];

  @Field(() => [String], { description: 'Remarks on the expression.' })
  declare readonly infos: readonly string[];

  @Field(() => QueryStatsType, { description: 'What it took to answer.' })
  declare readonly stats: QueryStatsType;
}

@ObjectType('NameList', { simpleResolvers: true, description: 'Names of labels, or values of one.' })
export class NameListType {
  @Field(() => [String], { description: 'Sorted.' })
  declare readonly values: readonly string[];

  @Field(() => Boolean, { description: 'Whether there was more than the limit.' })
  declare readonly truncated: boolean;
}

@ObjectType('SeriesList', { simpleResolvers: true, description: 'Series, by their labels.' })
export class SeriesListType {
  @Field(() => [LabelSetScalar], { description: 'One label set per series.' })
  declare readonly values: readonly (readonly Label[])[];

  @Field(() => Boolean, { description: 'Whether there was more than the limit.' })
  declare readonly truncated: boolean;
}

@ObjectType('MetricMetadata', { simpleResolvers: true, description: 'What targets say about a metric.' })
export class MetricMetadataType {
  @Field(() => String, { description: 'The name of the metric.' })
  declare readonly metric: string;

  @Field(() => String, {
    description: '`counter`, `gauge`, `histogram`, `gaugehistogram`, `summary`, `info`, `stateset` or `unknown`.',
  })
  declare readonly type: string;

  @Field(() => String, { description: 'What it measures, for people; empty when nobody says.' })
  declare readonly help: string;

  @Field(() => String, { description: 'The unit of its values; empty when nobody says.' })
  declare readonly unit: string;
}
