import { parseMatchers } from '@metrics-dashboard/core';
import type { AlertView, ChannelExplanation, GroupExplanation, GroupView, NotificationRecord, SilenceRequest, SilenceView } from '@metrics-dashboard/core';
import { Labels, formatMatcher, matchesAll } from '@metrics-dashboard/sdk';
import type { Label, Timestamp } from '@metrics-dashboard/sdk';
import { Arg, Args, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { bounded } from '../arguments.js';
import type { Context } from '../context.js';
import { eventStream } from '../event-stream.js';
import { AlertGroupType, NOTIFICATIONS, NotificationFilter, NotificationType, RoutedAlertType, SilenceInput, SilenceStateEnum, SilenceType, WhyNotifiedType } from '../types/alerting.type.js';
import type { ChannelKnowledgeType, SilenceStateValue } from '../types/alerting.type.js';

const GROUPS = { otherwise: 1000, max: 10_000 } as const;
const SILENCES = { otherwise: 1000, max: 10_000 } as const;
const LIMIT = 'At most this many.';

/** Groups change in bursts; a second is soon enough for people. */
const AT_MOST_EVERY = 1000;

/** What is notified, what is not and why, and silences. */
@Resolver()
export class AlertingResolver {
  @Query(() => [AlertGroupType], { description: 'The aggregation groups, with their alerts.' })
  alertGroups(
    @Ctx() { app }: Context,
    @Arg('receiver', () => String, { nullable: true, description: 'Only those that this one is told of.' }) receiver?: string | null,
    @Arg('matchers', () => [String], { nullable: true, description: 'Only alerts that all of them match.' }) matchers?: string[] | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: GROUPS.otherwise, description: LIMIT }) limit?: number | null,
  ): readonly AlertGroupType[] {
    const filter = (matchers ?? []).flatMap(parseMatchers);
    const groups = app.alerting.groups().filter((group) => !receiver || group.receiver === receiver);
    const matching = groups.map((group) => ({ ...group, alerts: group.alerts.filter(({ labels }) => matchesAll(filter, labels)) }));
    return matching.filter(({ alerts }) => alerts.length > 0).slice(0, bounded('limit', limit, GROUPS.otherwise, GROUPS.max)).map(groupOf);
  }

  @Query(() => [WhyNotifiedType], { nullable: true, description: 'Why an alert was or was not notified, group by group; null for one that nobody knows.' })
  whyNotified(
    @Ctx() { app }: Context,
    @Arg('fingerprint', () => ID, { description: 'Of the alert.' }) fingerprint: string,
  ): readonly WhyNotifiedType[] | undefined {
    return app.alerting.explain(fingerprint)?.groups.map(whyOf);
  }

  @Query(() => [SilenceType], { description: 'Silences, those that end last first.' })
  silences(
    @Ctx() { app }: Context,
    @Arg('state', () => SilenceStateEnum, { nullable: true, description: 'Only those that are so.' }) state?: SilenceStateValue | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: SILENCES.otherwise, description: LIMIT }) limit?: number | null,
  ): readonly SilenceType[] {
    const some = app.alerting.silences().filter((silence) => !state || silence.state === state);
    return some.slice(0, bounded('limit', limit, SILENCES.otherwise, SILENCES.max)).map(silenceOf);
  }

  @Query(() => SilenceType, { nullable: true, description: 'One silence.' })
  silence(@Ctx() { app }: Context, @Arg('id', () => ID, { description: 'Of the silence.' }) id: string): SilenceType | undefined {
    const silence = app.alerting.silence(id);
    return silence && silenceOf(silence);
  }

  @Query(() => [RoutedAlertType], { description: 'The alerts that a silence of these matchers would mute now.' })
  previewSilence(
    @Ctx() { app }: Context,
    @Arg('matchers', () => [String], { description: 'Each as it is written: job="api".' }) matchers: string[],
  ): readonly RoutedAlertType[] {
    return app.alerting.preview(matchers.flatMap(parseMatchers)).slice(0, GROUPS.max).map(alertOf);
  }

  @Query(() => [NotificationType], { description: 'What was notified, the newest first.' })
  async notifications(@Ctx() { app }: Context, @Args(() => NotificationFilter) filter: NotificationFilter): Promise<readonly NotificationType[]> {
    const { delivered, limit } = filter;
    const records = await app.alerting.history({
      receiver: filter.receiver ?? undefined,
      channel: filter.channel ?? undefined,
      fingerprint: filter.fingerprint ?? undefined,
      outcome: delivered == null ? undefined : delivered ? 'delivered' : 'failed',
      matchers: (filter.matchers ?? []).flatMap(parseMatchers),
      from: filter.from ?? undefined,
      before: filter.before ?? undefined,
      limit: bounded('limit', limit, NOTIFICATIONS.otherwise, NOTIFICATIONS.max),
    });
    return records.map(notificationOf);
  }

  @Mutation(() => SilenceType, { description: 'Makes a silence, or changes one. With other matchers the one that is changed ends, and a new one is made.' })
  async setSilence(
    @Ctx() { app, principal }: Context,
    @Arg('silence', () => SilenceInput, { description: 'What is to be muted, and how long.' }) silence: SilenceInput,
    @Arg('id', () => ID, { nullable: true, description: 'Of the one to change.' }) id?: string | null,
  ): Promise<SilenceType> {
    return silenceOf(await app.alerting.setSilence(id ?? undefined, requestOf(silence, app.clock.now(), principal?.name ?? '')));
  }

  @Mutation(() => SilenceType, { description: 'Ends a silence now.' })
  async expireSilence(@Ctx() { app }: Context, @Arg('id', () => ID, { description: 'Of the silence.' }) id: string): Promise<SilenceType> {
    return silenceOf(await app.alerting.expireSilence(id));
  }

  @Subscription(() => [AlertGroupType], {
    name: 'alertGroups',
    description: 'All aggregation groups, then all of them again whenever something changed.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => context.app.alerting.watch(AT_MOST_EVERY, signal), context.signal),
  })
  alertGroupChanges(@Root() groups: readonly GroupView[]): readonly AlertGroupType[] {
    return groups.slice(0, GROUPS.max).map(groupOf);
  }

  @Subscription(() => NotificationType, {
    name: 'notifications',
    description: 'Each notification when it has ended, from now on.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => context.app.alerting.watchNotifications(signal), context.signal),
  })
  notificationEnds(@Root() record: NotificationRecord): NotificationType {
    return notificationOf(record);
  }
}

function requestOf(silence: SilenceInput, now: Timestamp, name: string): SilenceRequest {
  return {
    matchers: silence.matchers.flatMap(parseMatchers),
    startsAt: silence.startsAt ?? now,
    endsAt: silence.endsAt,
    createdBy: silence.createdBy ?? name,
    comment: silence.comment,
    endsWithAlerts: silence.endsWithAlerts ?? false,
    remindBefore: silence.remindBefore ?? undefined,
  };
}

/** An alert as it is answered with. */
export function alertOf(alert: AlertView): RoutedAlertType {
  return {
    ...alert,
    labels: [...alert.labels],
    annotations: pairsOf(alert.annotations),
    resolved: alert.isResolved,
    receivers: alert.receiverNames,
  };
}

function groupOf(group: GroupView): AlertGroupType {
  return { id: group.key, receiver: group.receiver, labels: [...group.labels], nextFlush: group.nextFlush, alerts: group.alerts.map(alertOf) };
}

function whyOf({ groupKey, receiver, route, nextFlush, heldBy, channels }: GroupExplanation): WhyNotifiedType {
  return { groupKey, receiver, route, nextFlush, heldBy: heldBy?.stage, by: heldBy?.by ?? [], channels: channels.map(knowledgeOf) };
}

function knowledgeOf({ channel, toldAt, toldAs, decision, isUnderWay }: ChannelExplanation): ChannelKnowledgeType {
  return { channel, toldAt, toldAs, decidedAt: decision?.at, notified: decision?.notify, reason: decision?.reason, underWay: isUnderWay };
}

function silenceOf(silence: SilenceView): SilenceType {
  return { ...silence, matchers: silence.matchers.map(formatMatcher) };
}

function notificationOf(record: NotificationRecord): NotificationType {
  const alerts = record.alerts.map(({ fingerprint, labels, status }) => ({ fingerprint, labels: [...Labels.of(labels)], status }));
  return { ...record, delivered: record.outcome === 'delivered', alerts };
}

function pairsOf(record: Readonly<Record<string, string>>): readonly Label[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}
