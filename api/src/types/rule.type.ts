import type { AlertEvent, InstanceView, Rule, RuleGroupView, RuleView } from '@metrics-dashboard/core';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DurationScalar, Float64Scalar, LabelSetScalar, TimestampScalar } from '../scalars.js';

export const RuleKind = { RECORDING: 'recording', ALERTING: 'alerting' } as const;
registerEnumType(RuleKind, {
  name: 'RuleKind',
  description: 'What a rule makes.',
  valuesConfig: { RECORDING: { description: 'Series.' }, ALERTING: { description: 'Alert instances.' } },
});

export const RuleHealth = { UNKNOWN: 'unknown', OK: 'ok', ERR: 'err' } as const;
registerEnumType(RuleHealth, {
  name: 'RuleHealth',
  description: 'How the last evaluation of a rule went.',
  valuesConfig: { UNKNOWN: { description: 'It has not been evaluated yet.' }, OK: { description: 'It went well.' }, ERR: { description: 'It failed; lastError says why.' } },
});

export const AlertState = { INACTIVE: 'inactive', PENDING: 'pending', FIRING: 'firing', RESOLVED: 'resolved' } as const;
registerEnumType(AlertState, {
  name: 'AlertState',
  description: 'The state of an alert instance, or the worst of those of a rule.',
  valuesConfig: {
    INACTIVE: { description: 'The condition does not hold.' },
    PENDING: { description: 'The condition holds, and has not for long enough yet.' },
    FIRING: { description: 'The condition has held for long enough.' },
    RESOLVED: { description: 'It fired, and the condition has ceased to hold.' },
  },
});

export const AlertEventKind = { INACTIVE: 'inactive', PENDING: 'pending', FIRING: 'firing', RESOLVED: 'resolved', FLAPPING: 'flapping', SETTLED: 'settled' } as const;
registerEnumType(AlertEventKind, {
  name: 'AlertEventKind',
  description: 'What became of an alert instance.',
  valuesConfig: {
    INACTIVE: { description: 'It was pending, and the condition ceased to hold.' },
    PENDING: { description: 'The condition began to hold.' },
    FIRING: { description: 'It began to fire.' },
    RESOLVED: { description: 'It ceased to fire.' },
    FLAPPING: { description: 'It changes too often: it is told to be firing until it settles.' },
    SETTLED: { description: 'It does not change too often any more.' },
  },
});

type ValueOf<T> = T[keyof T];

@ObjectType('AlertInstance', { simpleResolvers: true, description: 'One label set under one alerting rule.' })
export class AlertInstanceType {
  @Field(() => ID, { description: 'Equal for equal labels.' })
  declare readonly fingerprint: string;

  @Field(() => ID, { description: 'Of its rule.' })
  declare readonly ruleId: string;

  @Field(() => LabelSetScalar, { description: 'Those of the series, of the rule, and the name of the alert.' })
  declare readonly labels: LabelList;

  @Field(() => LabelSetScalar, { description: "The rule's annotations, expanded." })
  declare readonly annotations: LabelList;

  @Field(() => AlertState, { description: 'What it is now.' })
  declare readonly state: ValueOf<typeof AlertState>;

  @Field(() => Float64Scalar, { description: 'The value last seen; NaN where the series is missing.' })
  declare readonly value: number;

  @Field(() => TimestampScalar, { description: 'Since when the condition holds.' })
  declare readonly activeAt: Timestamp;

  @Field(() => TimestampScalar, { nullable: true, description: 'Since when it fires.' })
  declare readonly firedAt: Timestamp | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it resolved.' })
  declare readonly resolvedAt: Timestamp | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'Since when it fires although the condition has ceased to hold.' })
  declare readonly keepFiringSince: Timestamp | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'Since when its series is missing.' })
  declare readonly missingSince: Timestamp | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'Since when it changes too often.' })
  declare readonly flappingSince: Timestamp | undefined;
}

type LabelList = readonly { readonly name: string; readonly value: string }[];

@ObjectType('Rule', { simpleResolvers: true, description: 'One rule, and how it does.' })
export class RuleType {
  @Field(() => ID, { description: 'Stable for as long as its group, its name and its labels are.' })
  declare readonly id: string;

  @Field(() => RuleKind, { description: 'What it makes.' })
  declare readonly kind: Rule['kind'];

  @Field(() => String, { description: 'Of the alert, or of the metric it records.' })
  declare readonly name: string;

  @Field(() => String, { description: 'PromQL.' })
  declare readonly expression: string;

  @Field(() => LabelSetScalar, { description: 'Put on what it makes.' })
  declare readonly labels: LabelList;

  @Field(() => LabelSetScalar, { description: 'Of an alerting rule: templates of texts for people.' })
  declare readonly annotations: LabelList;

  @Field(() => DurationScalar, { description: 'Of an alerting rule: how long the condition must hold.' })
  declare readonly holdFor: Duration;

  @Field(() => DurationScalar, { description: 'Of an alerting rule: how long an instance goes on firing after the condition has ceased to hold.' })
  declare readonly keepFiringFor: Duration;

  @Field(() => AlertState, { description: 'The worst of its instances.' })
  declare readonly state: ValueOf<typeof AlertState>;

  @Field(() => RuleHealth, { description: 'How its last evaluation went.' })
  declare readonly health: ValueOf<typeof RuleHealth>;

  @Field(() => String, { nullable: true, description: 'Why the last evaluation failed.' })
  declare readonly lastError: string | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it was last evaluated.' })
  declare readonly lastEvaluation: Timestamp | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it was last evaluated well.' })
  declare readonly lastGoodEvaluation: Timestamp | undefined;

  @Field(() => DurationScalar, { description: 'How long the last evaluation took: what the rule costs.' })
  declare readonly evaluationDuration: Duration;

  @Field(() => Int, { description: 'The series it gave, or its pending and firing instances.' })
  declare readonly series: number;

  @Field(() => [AlertInstanceType], { description: 'Pending, firing, and those that resolved a short while ago; a thousand at most.' })
  declare readonly alerts: readonly AlertInstanceType[];
}

@ObjectType('RuleGroup', { simpleResolvers: true, description: 'Rules that are evaluated one after another on one tick.' })
export class RuleGroupType {
  @Field(() => ID, { description: 'Stable for as long as its file and its name are.' })
  declare readonly id: string;

  @Field(() => String, { description: 'The rule file; `api` for rules that were made here.' })
  declare readonly file: string;

  @Field(() => String, { description: 'Its name in the file.' })
  declare readonly name: string;

  @Field(() => DurationScalar, { description: 'How often it is evaluated.' })
  declare readonly interval: Duration;

  @Field(() => DurationScalar, { description: 'How far in the past expressions are evaluated.' })
  declare readonly queryOffset: Duration;

  @Field(() => Int, { description: 'The most series or alerts a rule may make; 0 for no limit.' })
  declare readonly limit: number;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it was last evaluated.' })
  declare readonly lastEvaluation: Timestamp | undefined;

  @Field(() => DurationScalar, { description: 'How long the last evaluation took.' })
  declare readonly evaluationDuration: Duration;

  @Field(() => Int, { description: 'How many ticks fell out because the one before took too long, since the start.' })
  declare readonly missedTicks: number;

  @Field(() => [RuleType], { description: 'In the order in which they are evaluated.' })
  declare readonly rules: readonly RuleType[];
}

@ObjectType('RuleGroupChanges', { simpleResolvers: true, description: 'What became of groups of rules.' })
export class RuleGroupChangesType {
  @Field(() => [RuleGroupType], { description: 'Groups that were evaluated or changed; in the first event, all.' })
  declare readonly groups: readonly RuleGroupType[];

  @Field(() => [ID], { description: 'The ids of groups that are no more.' })
  declare readonly gone: readonly string[];
}

@ObjectType('AlertEvent', { simpleResolvers: true, description: 'A change of an alert instance.' })
export class AlertEventType {
  @Field(() => TimestampScalar, { description: 'When.' })
  declare readonly at: Timestamp;

  @Field(() => AlertEventKind, { description: 'What became of it.' })
  declare readonly kind: AlertEvent['state'];

  @Field(() => ID, { description: 'Of the rule.' })
  declare readonly ruleId: string;

  @Field(() => ID, { description: 'Of the instance.' })
  declare readonly fingerprint: string;

  @Field(() => String, { description: 'The name of the alert.' })
  declare readonly alertname: string;

  @Field(() => LabelSetScalar, { description: 'Of the instance.' })
  declare readonly labels: LabelList;

  @Field(() => LabelSetScalar, { description: 'Of the instance.' })
  declare readonly annotations: LabelList;

  @Field(() => Float64Scalar, { description: 'The value then.' })
  declare readonly value: number;

  @Field(() => Int, { description: 'How many events were missed before this one, because they were not taken in time.' })
  declare readonly missed: number;
}

/** A rule shows so many of its instances. */
const MOST_ALERTS = 1000;

export function groupType({ id, group, lastEvaluation, duration, missed, rules }: RuleGroupView): RuleGroupType {
  const { file, name, interval, queryOffset, limit } = group;
  return { id, file, name, interval, queryOffset, limit, lastEvaluation, evaluationDuration: duration, missedTicks: missed, rules: rules.map(ruleType) };
}

function ruleType({ id, rule, health, state, alerts }: RuleView): RuleType {
  const { lastError, lastEvaluation, lastGoodEvaluation, duration, series } = health;
  const ofAlerts = rule.kind === 'alerting' ? rule : { annotations: {}, holdFor: 0, keepFiringFor: 0 };
  return {
    id,
    kind: rule.kind,
    name: rule.kind === 'alerting' ? rule.alert : rule.record,
    expression: rule.expression,
    labels: labelList(rule.labels),
    annotations: labelList(ofAlerts.annotations),
    holdFor: ofAlerts.holdFor,
    keepFiringFor: ofAlerts.keepFiringFor,
    state,
    health: health.health,
    ...{ lastError, lastEvaluation, lastGoodEvaluation, evaluationDuration: duration, series },
    alerts: alerts.slice(0, MOST_ALERTS).map(instanceType),
  };
}

export function instanceType(instance: InstanceView): AlertInstanceType {
  return { ...instance, labels: labelList(instance.labels), annotations: labelList(instance.annotations) };
}

export function eventType({ state, labels, annotations, ...event }: AlertEvent, missed = 0): AlertEventType {
  return { ...event, kind: state, labels: labelList(labels), annotations: labelList(annotations), missed };
}

/** Names and texts as a list. */
export function labelList(labels: Readonly<Record<string, string>>): LabelList {
  return Object.entries(labels).map(([name, value]) => ({ name, value }));
}
