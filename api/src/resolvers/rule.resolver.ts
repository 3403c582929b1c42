import type { HeardEvent, RuleGroupChanges } from '@metrics-dashboard/core';
import { Arg, Ctx, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { bounded, rangeOf } from '../arguments.js';
import type { Context } from '../context.js';
import { eventStream } from '../event-stream.js';
import { TimestampScalar } from '../scalars.js';
import { AlertEventType, AlertInstanceType, AlertState, RuleGroupChangesType, RuleGroupType, eventType, groupType, instanceType } from '../types/rule.type.js';

const GROUPS = { otherwise: 1000, max: 10_000 } as const;
const ALERTS = { otherwise: 1000, max: 50_000 } as const;
const EVENTS = { otherwise: 200, max: 5000 } as const;
const AT_MOST_EVERY = 1000;
const LIMIT = 'The most that are answered.';

/** Rules, and the alert instances that they observe. */
@Resolver()
export class RuleResolver {
  @Query(() => [RuleGroupType], { description: 'All groups of rules, by file and name, and how they do.' })
  rules(
    @Ctx() { app }: Context,
    @Arg('file', () => String, { nullable: true, description: 'Only of this file; `api` for rules that were made here.' }) file?: string | null,
    @Arg('group', () => String, { nullable: true, description: 'Only groups of this name.' }) group?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: GROUPS.otherwise, description: LIMIT }) limit?: number | null,
  ): readonly RuleGroupType[] {
    const some = app.rules.groups().filter((one) => (!file || one.group.file === file) && (!group || one.group.name === group));
    return some.slice(0, bounded('limit', limit, GROUPS.otherwise, GROUPS.max)).map(groupType);
  }

  @Query(() => [AlertInstanceType], { description: 'Alert instances of the rules here: pending, firing, and those that resolved a short while ago.' })
  alertInstances(
    @Ctx() { app }: Context,
    @Arg('state', () => AlertState, { nullable: true, description: 'Only those that are so.' }) state?: (typeof AlertState)[keyof typeof AlertState] | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: ALERTS.otherwise, description: LIMIT }) limit?: number | null,
  ): readonly AlertInstanceType[] {
    const all = app.rules.groups().flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts));
    return all.filter((one) => !state || one.state === state).slice(0, bounded('limit', limit, ALERTS.otherwise, ALERTS.max)).map(instanceType);
  }

  @Query(() => [AlertEventType], { description: 'What became of alert instances, the newest first.' })
  async alertHistory(
    @Ctx() { app }: Context,
    @Arg('start', () => TimestampScalar, { nullable: true, description: 'From here on.' }) start?: number | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: 'Up to here.' }) end?: number | null,
    @Arg('alertname', () => String, { nullable: true, description: 'Only of this alert.' }) alertname?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: EVENTS.otherwise, description: LIMIT }) limit?: number | null,
  ): Promise<readonly AlertEventType[]> {
    const { start: from, end: to } = rangeOf(start, end);
    const events = await app.rules.history({ from, to, alertname: alertname ?? undefined, limit: bounded('limit', limit, EVENTS.otherwise, EVENTS.max) });
    return events.map((event) => eventType(event));
  }

  @Subscription(() => RuleGroupChangesType, {
    name: 'ruleGroups',
    description: 'All groups of rules, then those that were evaluated or changed since, at most once a second.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => context.app.rules.watchGroups(AT_MOST_EVERY, signal), context.signal),
  })
  ruleGroupChanges(@Root() { groups, gone }: RuleGroupChanges): RuleGroupChangesType {
    return { groups: groups.slice(0, GROUPS.max).map(groupType), gone };
  }

  @Subscription(() => AlertEventType, {
    name: 'alertEvents',
    description: 'What becomes of alert instances from now on. Who does not take events in time misses old ones, and is told how many.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => context.app.rules.watch(signal), context.signal),
  })
  alertEvents(@Root() { event, missed }: HeardEvent): AlertEventType {
    return eventType(event, missed);
  }
}
