import type { MetricUse } from '@metrics-dashboard/core';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FloatColumnScalar, TimestampColumnScalar } from '../scalars.js';
import type { FloatCells } from '../scalars.js';

/** Where a metric is asked for; the values are core's. */
export const MetricUseKind = { DASHBOARD: 'dashboard', RULE: 'rule' } as const satisfies Record<string, MetricUse['kind']>;
registerEnumType(MetricUseKind, {
  name: 'MetricUseKind',
  description: 'What asks for a metric.',
  valuesConfig: {
    DASHBOARD: { description: 'A panel, or a variable, of a dashboard.' },
    RULE: { description: 'A recording or an alerting rule.' },
  },
});

@ObjectType('MetricUse', { simpleResolvers: true, description: 'A place that asks for a metric.' })
export class MetricUseType {
  @Field(() => MetricUseKind, { description: 'What it is.' })
  declare readonly kind: MetricUse['kind'];

  @Field(() => ID, { description: 'Of the dashboard, or of the rule.' })
  declare readonly id: string;

  @Field(() => String, { description: 'For people.' })
  declare readonly title: string;

  @Field(() => String, { description: 'The expression that asks.' })
  declare readonly expression: string;
}

@ObjectType('MetricCardinality', { simpleResolvers: true, description: 'How many series a metric has.' })
export class MetricCardinalityType {
  @Field(() => String, { description: 'The name of the metric.' })
  declare readonly metric: string;

  @Field(() => Float, { description: 'Its series in the head.' })
  declare readonly series: number;

  @Field(() => [MetricUseType], { description: 'What asks for it, at most a hundred.' })
  declare readonly uses: readonly MetricUseType[];
}

@ObjectType('LabelCardinality', { simpleResolvers: true, description: 'How many values a label has.' })
export class LabelCardinalityType {
  @Field(() => String, { description: 'The name of the label.' })
  declare readonly label: string;

  @Field(() => Float, { description: 'How many values it has.' })
  declare readonly values: number;
}

@ObjectType('PairCardinality', { simpleResolvers: true, description: 'How many series carry a value of a label.' })
export class PairCardinalityType {
  @Field(() => String, { description: 'The name of the label.' })
  declare readonly label: string;

  @Field(() => String, { description: 'The value.' })
  declare readonly value: string;

  @Field(() => Float, { description: 'The series that carry it.' })
  declare readonly series: number;
}

@ObjectType('NearLimit', { simpleResolvers: true, description: 'A limit on series that is nearly met, or met.' })
export class NearLimitType {
  @Field(() => String, { description: 'Its name under `limits:`.' })
  declare readonly limit: string;

  @Field(() => String, { description: 'The metric; empty where the limit is of all series.' })
  declare readonly metric: string;

  @Field(() => Float, { description: 'How many series there are.' })
  declare readonly met: number;

  @Field(() => Float, { description: 'How many there may be.' })
  declare readonly allowed: number;
}

@ObjectType('RefusedSeries', { simpleResolvers: true, description: 'Series of a metric that a limit refused.' })
export class RefusedSeriesType {
  @Field(() => String, { description: 'The name of the metric.' })
  declare readonly metric: string;

  @Field(() => String, { description: 'The name of the limit under `limits:`.' })
  declare readonly limit: string;

  @Field(() => Float, { description: 'How many did not come into being since the start; one that is offered again counts once for each sender.' })
  declare readonly series: number;
}

@ObjectType('SeriesLimits', { simpleResolvers: true, description: 'The limits on series in force; 0 is none.' })
export class SeriesLimitsType {
  @Field(() => Float, { description: 'Of one metric.' })
  declare readonly seriesPerMetric: number;

  @Field(() => String, { description: '`reject`: senders are told, `drop`: what is over a limit is counted and not stored.' })
  declare readonly seriesPerMetricPolicy: string;

  @Field(() => Float, { description: 'Of one target, or one pushed group.' })
  declare readonly seriesPerTarget: number;

  @Field(() => Float, { description: 'In all.' })
  declare readonly series: number;
}

@ObjectType('Cardinality', { simpleResolvers: true, description: 'How many series there are in the head, and where they come from.' })
export class CardinalityType {
  @Field(() => Float, { description: 'Series in the head.' })
  declare readonly series: number;

  @Field(() => Float, { description: 'Different pairs of a label and a value.' })
  declare readonly labelPairs: number;

  @Field(() => SeriesLimitsType, { description: 'The limits in force.' })
  declare readonly limits: SeriesLimitsType;

  @Field(() => [MetricCardinalityType], { description: 'The metrics with most series.' })
  declare readonly metrics: readonly MetricCardinalityType[];

  @Field(() => [LabelCardinalityType], { description: 'The labels with most values.' })
  declare readonly labels: readonly LabelCardinalityType[];

  @Field(() => [PairCardinalityType], { description: 'The values that most series carry.' })
  declare readonly pairs: readonly PairCardinalityType[];

  @Field(() => [NearLimitType], { description: 'Limits that are nearly met, or met.' })
  declare readonly near: readonly NearLimitType[];

  @Field(() => [RefusedSeriesType], { description: 'What limits refused since the start.' })
  declare readonly refused: readonly RefusedSeriesType[];
}

@ObjectType('SeriesGrowth', { simpleResolvers: true, description: 'How many series there were over time.' })
export class SeriesGrowthType {
  @Field(() => TimestampColumnScalar, { description: 'Oldest first.' })
  declare readonly times: Float64Array;

  @Field(() => FloatColumnScalar, { description: 'The series at each of the times.' })
  declare readonly values: FloatCells;
}

@ObjectType('MetricForecast', { simpleResolvers: true, description: 'What a metric would lose by a change.' })
export class MetricForecastType {
  @Field(() => String, { description: 'The name of the metric, as it is now.' })
  declare readonly metric: string;

  @Field(() => Float, { description: 'Its series now.' })
  declare readonly before: number;

  @Field(() => Float, { description: 'Those that a rule would drop.' })
  declare readonly dropped: number;

  @Field(() => Float, { description: 'Those that would become the same series as another one.' })
  declare readonly merged: number;

  @Field(() => Float, { description: 'Those that a limit would refuse.' })
  declare readonly refused: number;

  @Field(() => [MetricUseType], { description: 'What asks for it, at most a hundred.' })
  declare readonly uses: readonly MetricUseType[];
}

@ObjectType('CardinalityForecast', { simpleResolvers: true, description: 'What rules and limits would save, worked out on the series of the head.' })
export class CardinalityForecastType {
  @Field(() => Float, { description: 'Series now.' })
  declare readonly before: number;

  @Field(() => Float, { description: 'Series that would be there.' })
  declare readonly after: number;

  @Field(() => Float, { description: 'Those that a rule would drop.' })
  declare readonly dropped: number;

  @Field(() => Float, { description: 'Those that would become the same series as another one; of their samples at one time all but one would be refused.' })
  declare readonly merged: number;

  @Field(() => Float, { description: 'Those that a limit would refuse.' })
  declare readonly refused: number;

  @Field(() => [MetricForecastType], { description: 'The metrics that would lose most.' })
  declare readonly metrics: readonly MetricForecastType[];

  @Field(() => Float, { description: 'What it took to work it out.' })
  declare readonly milliseconds: number;
}

@InputType('RelabelRuleInput', { description: 'A rule of `metric_relabel_configs`; what is left out has the default of the configuration.' })
export class RelabelRuleInput {
  @Field(() => String, { nullable: true, description: '`replace` by default.' })
  declare readonly action?: string | null;

  @Field(() => [String], { nullable: true, description: 'The labels whose values are looked at.' })
  declare readonly sourceLabels?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'What stands between those values.' })
  declare readonly separator?: string | null;

  @Field(() => String, { nullable: true, description: 'The label that is written.' })
  declare readonly targetLabel?: string | null;

  @Field(() => String, { nullable: true, description: 'What must match as a whole.' })
  declare readonly regex?: string | null;

  @Field(() => Int, { nullable: true, description: 'Of `hashmod`.' })
  declare readonly modulus?: number | null;

  @Field(() => String, { nullable: true, description: 'What is written.' })
  declare readonly replacement?: string | null;
}

@InputType('CardinalityChange', { description: 'Something that might be put into the configuration.' })
export class CardinalityChangeInput {
  @Field(() => [RelabelRuleInput], { nullable: true, description: 'Rules that series go through.' })
  declare readonly relabel?: readonly RelabelRuleInput[] | null;

  @Field(() => String, { nullable: true, description: 'The series that the rules are for, `{job="api"}`; all by default.' })
  declare readonly selector?: string | null;

  @Field(() => Int, { nullable: true, description: 'The most series of one metric.' })
  declare readonly seriesPerMetric?: number | null;

  @Field(() => Int, { nullable: true, description: 'The most series of one target: of one `job` and `instance`.' })
  declare readonly seriesPerTarget?: number | null;

  @Field(() => Int, { nullable: true, description: 'The most series in all.' })
  declare readonly series?: number | null;
}
