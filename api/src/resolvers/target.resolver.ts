import type { TargetStatus } from '@metrics-dashboard/core';
import { Arg, Ctx, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { bounded } from '../arguments.js';
import type { Context } from '../context.js';
import { eventStream } from '../event-stream.js';
import { RelabelingType } from '../types/relabeling.type.js';
import { DroppedTargetType, TargetHealth, TargetType } from '../types/target.type.js';
import type { TargetHealthValue } from '../types/target.type.js';

const TARGETS = { otherwise: 5000, max: 50_000 } as const;
const LIMIT = 'The most that are answered.';
/** Scrapes of many targets come in small bursts; a second is soon enough for people. */
const AT_MOST_EVERY = 1000;

/** What is scraped, and how it went. */
@Resolver()
export class TargetResolver {
  @Query(() => [TargetType], { description: 'What is scraped, and how the last scrapes went.' })
  targets(
    @Ctx() { app }: Context,
    @Arg('health', () => TargetHealth, { nullable: true, description: 'Only those that are so.' }) health?: TargetHealthValue | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: TARGETS.otherwise, description: LIMIT }) limit?: number | null,
  ): readonly TargetType[] {
    const some = app.targets.active().filter((target) => !health || target.health === health);
    return some.slice(0, bounded('limit', limit, TARGETS.otherwise, TARGETS.max));
  }

  @Query(() => [DroppedTargetType], { description: 'What was discovered and is not scraped.' })
  droppedTargets(
    @Ctx() { app }: Context,
    @Arg('scrapePool', () => String, { nullable: true, description: 'Only of this job.' }) scrapePool?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: TARGETS.otherwise, description: LIMIT }) limit?: number | null,
  ): readonly DroppedTargetType[] {
    const some = app.targets.dropped().filter((target) => !scrapePool || target.scrapePool === scrapePool);
    return some.slice(0, bounded('limit', limit, TARGETS.otherwise, TARGETS.max));
  }

  @Query(() => RelabelingType, { nullable: true, description: 'What each rule did to a target, active or dropped; null when there is none of this id.' })
  targetRelabeling(
    @Ctx() { app }: Context,
    @Arg('id', () => ID, { description: 'Of a target, or of a dropped target.' }) id: string,
  ): RelabelingType | undefined {
    return app.targets.trace(id);
  }

  @Subscription(() => [TargetType], {
    name: 'targets',
    description: 'All targets, then all of them again whenever one changed.',
    subscribe: ({ context }: { context: Context }) =>
      eventStream(async (signal) => context.app.targets.watch(AT_MOST_EVERY, signal), context.signal),
  })
  targetChanges(@Root() targets: readonly TargetStatus[]): readonly TargetType[] {
    return targets.slice(0, TARGETS.otherwise);
  }
}
