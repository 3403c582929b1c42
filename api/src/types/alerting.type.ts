import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DurationScalar, LabelSetScalar, TimestampScalar } from '../scalars.js';

/** What holds an alert back; the values are core's. */
export const HoldingStage = { INHIBITION: 'inhibition', TIME_INTERVAL: 'time-interval', SILENCE: 'silence' } as const;
export type HoldingStageValue = (typeof HoldingStage)[keyof typeof HoldingStage];
registerEnumType(HoldingStage, {
  name: 'HoldingStage',
  description: 'What holds an alert back, in the order in which they are asked.',
  valuesConfig: {
    INHIBITION: { description: 'Another alert that fires.' },
    TIME_INTERVAL: { description: 'The time intervals of the route.' },
    SILENCE: { description: 'A silence.' },
  },
});

export const SilenceStateEnum = { PENDING: 'pending', ACTIVE: 'active', EXPIRED: 'expired' } as const;
export type SilenceStateValue = (typeof SilenceStateEnum)[keyof typeof SilenceStateEnum];
registerEnumType(SilenceStateEnum, {
  name: 'SilenceState',
  description: 'How a silence is.',
  valuesConfig: { PENDING: { description: 'It has not begun.' }, ACTIVE: { description: 'It mutes.' }, EXPIRED: { description: 'It has ended.' } },
});

@ObjectType('RoutedAlert', { simpleResolvers: true, description: 'An alert as the routing of notifications knows it: of a rule, or from outside.' })
export class RoutedAlertType {
  @Field(() => ID, { description: 'Equal for equal labels.' })
  declare readonly fingerprint: string;

  @Field(() => LabelSetScalar, { description: 'The labels that it is routed by.' })
  declare readonly labels: readonly Label[];

  @Field(() => LabelSetScalar, { description: 'Texts for people, name to text.' })
  declare readonly annotations: readonly Label[];

  @Field(() => Boolean, { description: 'Whether it has ended.' })
  declare readonly resolved: boolean;

  @Field(() => TimestampScalar, { description: 'When it began to fire.' })
  declare readonly startsAt: Timestamp;

  @Field(() => TimestampScalar, { description: 'When it ended; of one that fires, when it ends unless it is heard of again.' })
  declare readonly endsAt: Timestamp;

  @Field(() => TimestampScalar, { description: 'When it was last heard of.' })
  declare readonly updatedAt: Timestamp;

  @Field(() => String, { description: 'Where its expression can be looked at.' })
  declare readonly generatorUrl: string;

  @Field(() => [String], { description: 'Who is told of it.' })
  declare readonly receivers: readonly string[];

  @Field(() => HoldingStage, { nullable: true, description: 'What holds it back now.' })
  declare readonly heldBy: HoldingStageValue | undefined;

  @Field(() => [ID], { description: 'The silences that mute it.' })
  declare readonly silencedBy: readonly string[];

  @Field(() => [ID], { description: 'The fingerprints of the alerts that inhibit it.' })
  declare readonly inhibitedBy: readonly string[];

  @Field(() => [String], { description: 'The time intervals that mute all of its routes.' })
  declare readonly mutedBy: readonly string[];
}

@ObjectType('AlertGroup', { simpleResolvers: true, description: 'An aggregation group: alerts of one route with equal group labels, notified together.' })
export class AlertGroupType {
  @Field(() => ID, { description: 'Of the receiver, the route and the group labels.' })
  declare readonly id: string;

  @Field(() => String, { description: 'Who is told.' })
  declare readonly receiver: string;

  @Field(() => LabelSetScalar, { description: 'The labels that all of its alerts share by the grouping.' })
  declare readonly labels: readonly Label[];

  @Field(() => TimestampScalar, { description: 'When it is looked at next.' })
  declare readonly nextFlush: Timestamp;

  @Field(() => [RoutedAlertType], { description: 'In the order of messages.' })
  declare readonly alerts: readonly RoutedAlertType[];
}

@ObjectType('ChannelKnowledge', { simpleResolvers: true, description: 'What a channel was told of an alert, and what was decided last.' })
export class ChannelKnowledgeType {
  @Field(() => ID, { description: 'Of the channel.' })
  declare readonly channel: string;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it was told of the group last.' })
  declare readonly toldAt: Timestamp | undefined;

  @Field(() => String, { nullable: true, description: '`firing` or `resolved`: what it was told of this alert then.' })
  declare readonly toldAs: string | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it was decided last whether to tell it of the group.' })
  declare readonly decidedAt: Timestamp | undefined;

  @Field(() => Boolean, { nullable: true, description: 'What was decided.' })
  declare readonly notified: boolean | undefined;

  @Field(() => String, { nullable: true, description: '`first`, `new-alerts`, `some-resolved`, `all-resolved`, `repeat`; or why not: `nothing-to-tell`, `nothing-new`, `only-resolved-unknown`.' })
  declare readonly reason: string | undefined;

  @Field(() => Boolean, { description: 'Whether a notification is on its way now.' })
  declare readonly underWay: boolean;
}

@ObjectType('WhyNotified', { simpleResolvers: true, description: 'Why an alert was or was not notified, in one of its groups.' })
export class WhyNotifiedType {
  @Field(() => String, { description: 'As channels know the group.' })
  declare readonly groupKey: string;

  @Field(() => String, { description: 'Who is told.' })
  declare readonly receiver: string;

  @Field(() => String, { description: 'The matchers on the way down the routing tree.' })
  declare readonly route: string;

  @Field(() => TimestampScalar, { description: 'When the group is looked at next.' })
  declare readonly nextFlush: Timestamp;

  @Field(() => HoldingStage, { nullable: true, description: 'What would hold the alert back now.' })
  declare readonly heldBy: HoldingStageValue | undefined;

  @Field(() => [String], { description: 'By whom: ids of silences, fingerprints of alerts, names of time intervals.' })
  declare readonly by: readonly string[];

  @Field(() => [ChannelKnowledgeType], { description: 'Of each channel of the receiver.' })
  declare readonly channels: readonly ChannelKnowledgeType[];
}

@ObjectType('Silence', { simpleResolvers: true, description: 'Matchers and a time range that mute alerts.' })
export class SilenceType {
  @Field(() => ID, { description: 'Of the silence.' })
  declare readonly id: string;

  @Field(() => SilenceStateEnum, { description: 'How it is now.' })
  declare readonly state: SilenceStateValue;

  @Field(() => [String], { description: 'Each as it is written: `job="api"`, `env!~"test|dev"`. All of them must match.' })
  declare readonly matchers: readonly string[];

  @Field(() => TimestampScalar, { description: 'When it begins.' })
  declare readonly startsAt: Timestamp;

  @Field(() => TimestampScalar, { description: 'When it ends.' })
  declare readonly endsAt: Timestamp;

  @Field(() => TimestampScalar, { description: 'When it was changed last.' })
  declare readonly updatedAt: Timestamp;

  @Field(() => String, { description: 'Who made it.' })
  declare readonly createdBy: string;

  @Field(() => String, { description: 'Why.' })
  declare readonly comment: string;

  @Field(() => Boolean, { description: 'Whether it ends by itself when everything that it muted has resolved.' })
  declare readonly endsWithAlerts: boolean;

  @Field(() => DurationScalar, { nullable: true, description: 'How long before its end an alert `SilenceEndsSoon` reminds of it.' })
  declare readonly remindBefore: Duration | undefined;
}

@InputType('SilenceInput', { description: 'What is to be muted, and how long.' })
export class SilenceInput {
  @Field(() => [String], { description: 'Each as it is written: `job="api"`, `env!~"test|dev"`. At least one must not match the empty value.' })
  declare readonly matchers: readonly string[];

  @Field(() => TimestampScalar, { nullable: true, description: 'Now by default.' })
  declare readonly startsAt?: Timestamp | null;

  @Field(() => TimestampScalar, { description: 'When it ends.' })
  declare readonly endsAt: Timestamp;

  @Field(() => String, { description: 'Why.' })
  declare readonly comment: string;

  @Field(() => String, { nullable: true, description: 'By default, who asks.' })
  declare readonly createdBy?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it ends by itself when everything that it muted has resolved; not by default.' })
  declare readonly endsWithAlerts?: boolean | null;

  @Field(() => DurationScalar, { nullable: true, description: 'How long before its end to remind of it; by default nobody is reminded.' })
  declare readonly remindBefore?: Duration | null;
}

@ObjectType('NotifiedAlert', { simpleResolvers: true, description: 'An alert in a notification.' })
export class NotifiedAlertType {
  @Field(() => ID, { description: 'Equal for equal labels.' })
  declare readonly fingerprint: string;

  @Field(() => LabelSetScalar, { description: 'Its labels.' })
  declare readonly labels: readonly Label[];

  @Field(() => String, { description: '`firing` or `resolved`.' })
  declare readonly status: string;
}

@ObjectType('Notification', { simpleResolvers: true, description: 'A notification that has ended: delivered, or given up.' })
export class NotificationType {
  @Field(() => ID, { description: 'Of the notification.' })
  declare readonly id: string;

  @Field(() => TimestampScalar, { description: 'When it was decided on.' })
  declare readonly at: Timestamp;

  @Field(() => TimestampScalar, { description: 'When it was delivered or given up.' })
  declare readonly endedAt: Timestamp;

  @Field(() => String, { description: 'Who was told.' })
  declare readonly receiver: string;

  @Field(() => ID, { description: 'Through which channel.' })
  declare readonly channel: string;

  @Field(() => String, { description: 'Of which group.' })
  declare readonly groupKey: string;

  @Field(() => String, { description: '`firing` or `resolved`.' })
  declare readonly status: string;

  @Field(() => String, { description: '`first`, `new-alerts`, `some-resolved`, `all-resolved`, `repeat`.' })
  declare readonly reason: string;

  @Field(() => Boolean, { description: 'Whether the other side took it.' })
  declare readonly delivered: boolean;

  @Field(() => Int, { description: 'How often it was tried.' })
  declare readonly attempts: number;

  @Field(() => String, { nullable: true, description: 'Why it was given up.' })
  declare readonly error: string | undefined;

  @Field(() => String, { description: 'Equal for all attempts of it: what the other side can drop doubles by.' })
  declare readonly idempotencyKey: string;

  @Field(() => [NotifiedAlertType], { description: 'The first of its alerts.' })
  declare readonly alerts: readonly NotifiedAlertType[];
}

export const NOTIFICATIONS = { otherwise: 100, max: 1000 } as const;

/** Which notifications of the history are asked for. */
@ArgsType()
export class NotificationFilter {
  @Field(() => [String], { nullable: true, description: 'Only with an alert that all of them match.' })
  declare readonly matchers?: readonly string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Only what was delivered, or what was given up.' })
  declare readonly delivered?: boolean | null;

  @Field(() => Int, { nullable: true, defaultValue: NOTIFICATIONS.otherwise, description: 'At most this many.' })
  declare readonly limit?: number | null;

  @Field(() => TimestampScalar, { nullable: true, description: 'Only what was decided before: the next page.' })
  declare readonly before?: Timestamp | null;

  @Field(() => TimestampScalar, { nullable: true, description: 'Only what was decided at this time or later.' })
  declare readonly from?: Timestamp | null;

  @Field(() => ID, { nullable: true, description: 'Only with this alert.' })
  declare readonly fingerprint?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only through this one.' })
  declare readonly channel?: string | null;

  @Field(() => String, { nullable: true, description: 'Only of this one.' })
  declare readonly receiver?: string | null;
}
