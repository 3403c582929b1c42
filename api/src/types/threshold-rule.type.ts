import type { BackTest, RulePreview, ThresholdRuleSpec } from '@metrics-dashboard/core';
import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DurationScalar, Float64Scalar, LabelSetScalar, TextMapScalar, TimestampScalar } from '../scalars.js';
import { AlertEventKind, labelList } from './rule.type.js';

export const ThresholdOperator = { GT: '>', GE: '>=', LT: '<', LE: '<=', EQ: '==', NE: '!=' } as const;
registerEnumType(ThresholdOperator, { name: 'ThresholdOperator', description: 'How a value is compared with a threshold: greater, greater or equal, less, less or equal, equal, not equal.' });

export const MissingDataPolicy = { RESOLVE: 'resolve', KEEP: 'keep', ALERT: 'alert' } as const;
registerEnumType(MissingDataPolicy, {
  name: 'MissingDataPolicy',
  description: 'What becomes of an alert instance whose series is gone.',
  valuesConfig: {
    RESOLVE: { description: 'As if the condition had ceased to hold.' },
    KEEP: { description: 'It stays as it is.' },
    ALERT: { description: 'As if the condition held.' },
  },
});

export const RuleFormat = { EXTENDED: 'extended', PROMETHEUS: 'prometheus' } as const;
registerEnumType(RuleFormat, {
  name: 'RuleFormat',
  description: 'How rules are written as a file.',
  valuesConfig: { EXTENDED: { description: 'With keys of our own for what Prometheus has no words for.' }, PROMETHEUS: { description: 'As Prometheus reads it; what it has no words for is left out, and told.' } },
});

type Operator = ThresholdRuleSpec['operator'];
type Missing = ThresholdRuleSpec['missing'];

@InputType('ThresholdLevelInput', { description: 'One severity of a threshold rule.' })
export class ThresholdLevelInput {
  @Field(() => String, { nullable: true, description: 'The label `severity` of its alerts; none where a rule has one level alone.' })
  declare readonly severity?: string | null;

  @Field(() => Float64Scalar, { description: 'What values are compared with.' })
  declare readonly threshold: number;

  @Field(() => Float64Scalar, { nullable: true, description: 'What values are compared with while the alert fires, so that values about the threshold do not flap.' })
  declare readonly resolveThreshold?: number | null;
}

@InputType('FlapDetectionInput', { description: 'When an alert changes too often: it is told to be firing until it has settled.' })
export class FlapDetectionInput {
  @Field(() => Int, { description: 'So many changes between firing and not, two at least.' })
  declare readonly changes: number;

  @Field(() => DurationScalar, { description: 'Within this time.' })
  declare readonly window: Duration;
}

@InputType('ThresholdRuleInput', { description: 'A rule: a query whose series are compared with thresholds.' })
export class ThresholdRuleInput {
  @Field(() => String, { description: 'Of the alert; no two rules have one name.' })
  declare readonly name: string;

  @Field(() => String, { description: 'PromQL; each of its series is compared.' })
  declare readonly expression: string;

  @Field(() => ThresholdOperator, { description: 'How values are compared.' })
  declare readonly operator: Operator;

  @Field(() => [ThresholdLevelInput], { description: 'From the mildest to the most severe. While a severer one fires, a milder one does not begin to.' })
  declare readonly levels: readonly ThresholdLevelInput[];

  @Field(() => DurationScalar, { defaultValue: 0, description: 'How long the condition must hold before an alert fires.' })
  declare readonly holdFor: Duration;

  @Field(() => DurationScalar, { defaultValue: 0, description: 'How long an alert goes on firing after the condition has ceased to hold.' })
  declare readonly keepFiringFor: Duration;

  @Field(() => DurationScalar, { defaultValue: 60_000, description: 'How often it is evaluated.' })
  declare readonly interval: Duration;

  @Field(() => MissingDataPolicy, { defaultValue: 'resolve', description: 'What becomes of an alert whose series is gone.' })
  declare readonly missing: Missing;

  @Field(() => FlapDetectionInput, { nullable: true, description: 'When an alert changes too often; null: never.' })
  declare readonly flapping?: FlapDetectionInput | null;

  @Field(() => TextMapScalar, { nullable: true, description: 'Put on its alerts; templates.' })
  declare readonly labels?: Readonly<Record<string, string>> | null;

  @Field(() => TextMapScalar, { nullable: true, description: 'Texts for people, `summary` and `description` among them; templates.' })
  declare readonly annotations?: Readonly<Record<string, string>> | null;

  @Field(() => [String], { defaultValue: [], description: 'Receivers that are told instead of those that the routing tree finds.' })
  declare readonly receivers: readonly string[];

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it is evaluated.' })
  declare readonly enabled: boolean;
}

@ObjectType('ThresholdLevel', { simpleResolvers: true, description: 'One severity of a threshold rule.' })
export class ThresholdLevelType {
  @Field(() => String, { nullable: true, description: 'The label `severity` of its alerts.' })
  declare readonly severity: string | undefined;

  @Field(() => Float64Scalar, { description: 'What values are compared with.' })
  declare readonly threshold: number;

  @Field(() => Float64Scalar, { nullable: true, description: 'What values are compared with while the alert fires.' })
  declare readonly resolveThreshold: number | undefined;
}

@ObjectType('FlapDetection', { simpleResolvers: true, description: 'When an alert changes too often.' })
export class FlapDetectionType {
  @Field(() => Int, { description: 'So many changes between firing and not.' })
  declare readonly changes: number;

  @Field(() => DurationScalar, { description: 'Within this time.' })
  declare readonly window: Duration;
}

@ObjectType('ThresholdRule', { simpleResolvers: true, description: 'A rule that was made here.' })
export class ThresholdRuleType {
  @Field(() => ID, { description: 'Stable over changes.' })
  declare readonly id: string;

  @Field(() => Int, { description: 'Counts its changes, from 1.' })
  declare readonly revision: number;

  @Field(() => TimestampScalar, { description: 'When it was changed.' })
  declare readonly updatedAt: Timestamp;

  @Field(() => String, { description: 'Who changed it.' })
  declare readonly updatedBy: string;

  @Field(() => String, { description: 'Of the alert.' })
  declare readonly name: string;

  @Field(() => String, { description: 'PromQL.' })
  declare readonly expression: string;

  @Field(() => ThresholdOperator, { description: 'How values are compared.' })
  declare readonly operator: Operator;

  @Field(() => [ThresholdLevelType], { description: 'From the mildest to the most severe.' })
  declare readonly levels: readonly ThresholdLevelType[];

  @Field(() => DurationScalar, { description: 'How long the condition must hold before an alert fires.' })
  declare readonly holdFor: Duration;

  @Field(() => DurationScalar, { description: 'How long an alert goes on firing after the condition has ceased to hold.' })
  declare readonly keepFiringFor: Duration;

  @Field(() => DurationScalar, { description: 'How often it is evaluated.' })
  declare readonly interval: Duration;

  @Field(() => MissingDataPolicy, { description: 'What becomes of an alert whose series is gone.' })
  declare readonly missing: Missing;

  @Field(() => FlapDetectionType, { nullable: true, description: 'When an alert changes too often.' })
  declare readonly flapping: FlapDetectionType | undefined;

  @Field(() => TextMapScalar, { description: 'Put on its alerts; templates.' })
  declare readonly labels: Readonly<Record<string, string>>;

  @Field(() => TextMapScalar, { description: 'Texts for people; templates.' })
  declare readonly annotations: Readonly<Record<string, string>>;

  @Field(() => [String], { description: 'Receivers that are told instead of those that the routing tree finds.' })
  declare readonly receivers: readonly string[];

  @Field(() => Boolean, { description: 'Whether it is evaluated.' })
  declare readonly enabled: boolean;
}

@ObjectType('ExportedRules', { simpleResolvers: true, description: 'Rules as a rule file.' })
export class ExportedRulesType {
  @Field(() => String, { description: 'The file.' })
  declare readonly yaml: string;

  @Field(() => [String], { description: 'What was left out, rule by rule.' })
  declare readonly omitted: readonly string[];
}

@ObjectType('BackTestChange', { simpleResolvers: true, description: 'A change of state in a back-test.' })
export class BackTestChangeType {
  @Field(() => TimestampScalar, { description: 'When.' })
  declare readonly at: Timestamp;

  @Field(() => AlertEventKind, { description: 'What would have become of the alert.' })
  declare readonly kind: (typeof AlertEventKind)[keyof typeof AlertEventKind];
}

@ObjectType('BackTestSeries', { simpleResolvers: true, description: 'One series in a back-test.' })
export class BackTestSeriesType {
  @Field(() => LabelSetScalar, { description: 'Of the series, with the severity of the level.' })
  declare readonly labels: readonly Label[];

  @Field(() => Int, { description: 'How often it would have begun to fire.' })
  declare readonly fired: number;

  @Field(() => Int, { description: 'How often people would have been told that it fires, or has resolved.' })
  declare readonly notifications: number;

  @Field(() => [BackTestChangeType], { description: 'In order; a thousand at most.' })
  declare readonly changes: readonly BackTestChangeType[];
}

@ObjectType('BackTest', { simpleResolvers: true, description: 'What a rule would have done.' })
export class BackTestType {
  @Field(() => Int, { description: 'How often it would have begun to fire, over all series.' })
  declare readonly fired: number;

  @Field(() => Int, { description: 'How often people would have been told, if nothing groups, mutes or inhibits.' })
  declare readonly notifications: number;

  @Field(() => Int, { description: 'How often it was evaluated.' })
  declare readonly evaluations: number;

  @Field(() => [BackTestSeriesType], { description: 'Series that were pending at least; two hundred at most.' })
  declare readonly series: readonly BackTestSeriesType[];

  @Field(() => Int, { description: 'Series that were never pending.' })
  declare readonly quietSeries: number;

  @Field(() => Boolean, { description: 'Whether more series were pending than are told.' })
  declare readonly truncated: boolean;

  @Field(() => [String], { description: 'What the query says: where rolled-up samples stood in for raw ones, among other things.' })
  declare readonly warnings: readonly string[];
}

@ObjectType('PreviewInstance', { simpleResolvers: true, description: 'An alert that there would be, if the condition held for long enough.' })
export class PreviewInstanceType {
  @Field(() => LabelSetScalar, { description: 'Those of the series, of the rule, and the name of the alert.' })
  declare readonly labels: readonly Label[];

  @Field(() => LabelSetScalar, { description: "The rule's annotations, expanded; a template that fails says so in its place." })
  declare readonly annotations: readonly Label[];

  @Field(() => Float64Scalar, { description: 'The value now.' })
  declare readonly value: number;

  @Field(() => String, { nullable: true, description: 'Of the most severe level that the value meets; of the mildest where it meets none.' })
  declare readonly severity: string | undefined;

  @Field(() => Boolean, { description: 'Whether the value meets that level now.' })
  declare readonly isMet: boolean;
}

@ObjectType('RulePreview', { simpleResolvers: true, description: 'What a rule would say now.' })
export class RulePreviewType {
  @Field(() => TimestampScalar, { description: 'When it was looked at.' })
  declare readonly at: Timestamp;

  @Field(() => Int, { description: 'How many series the query gives.' })
  declare readonly series: number;

  @Field(() => Int, { description: 'How many of them meet a threshold.' })
  declare readonly met: number;

  @Field(() => [PreviewInstanceType], { description: 'One for each series, those that meet a threshold first; as many as were asked for.' })
  declare readonly instances: readonly PreviewInstanceType[];

  @Field(() => [String], { description: 'What the query says.' })
  declare readonly warnings: readonly string[];
}

/** What core takes: absent things are undefined there. */
export function specOf(input: ThresholdRuleInput): ThresholdRuleSpec {
  const levels = input.levels.map(({ severity, threshold, resolveThreshold }) => ({ severity: severity ?? undefined, threshold, resolveThreshold: resolveThreshold ?? undefined }));
  const { name, expression, operator, holdFor, keepFiringFor, interval, missing, flapping, labels, annotations, receivers, enabled } = input;
  return { name, expression, operator, levels, holdFor, keepFiringFor, interval, missing, flapping: flapping ? { changes: flapping.changes, window: flapping.window } : undefined, labels: labels ?? {}, annotations: annotations ?? {}, receivers, enabled };
}

export function backTestType({ series, ...rest }: BackTest): BackTestType {
  return { ...rest, series: series.map(({ changes, ...one }) => ({ ...one, changes: changes.map(({ at, state }) => ({ at, kind: state })) })) };
}

export function previewType({ instances, ...rest }: RulePreview): RulePreviewType {
  return { ...rest, instances: instances.map(({ labels, annotations, ...one }) => ({ ...one, labels: labelList(labels), annotations: labelList(annotations) })) };
}
