import { alertingRuleOf, backTest, exportRules } from '@metrics-dashboard/core';
import type { ThresholdRule } from '@metrics-dashboard/core';
import { Arg, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { bounded, rangeOf } from '../arguments.js';
import type { Context } from '../context.js';
import { eventStream } from '../event-stream.js';
import { TimestampScalar } from '../scalars.js';
import { BackTestType, ExportedRulesType, RuleFormat, RulePreviewType, ThresholdRuleInput, ThresholdRuleType, backTestType, previewType, specOf } from '../types/threshold-rule.type.js';

const AT_MOST_EVERY = 1000;
const INSTANCES = { otherwise: 20, max: 500 } as const;
const REVISION = 'The revision that the change was made on; another one there is refuses the change, with code CONFLICT.';

/** Rules that are made here and kept in the state database. */
@Resolver()
export class ThresholdRuleResolver {
  @Query(() => [ThresholdRuleType], { description: 'All rules that were made here, by name.' })
  thresholdRules(@Ctx() { app }: Context): Promise<readonly ThresholdRuleType[]> {
    return app.thresholdRules.list();
  }

  @Query(() => ThresholdRuleType, { nullable: true, description: 'One that was made here; null when there is none of this id.' })
  thresholdRule(@Ctx() { app }: Context, @Arg('id', () => ID, { description: 'Of the rule.' }) id: string): Promise<ThresholdRuleType | undefined> {
    return app.thresholdRules.get(id);
  }

  @Query(() => ExportedRulesType, { description: 'Rules as a rule file.' })
  exportRules(
    @Ctx() { app }: Context,
    @Arg('format', () => RuleFormat, { defaultValue: 'extended', description: 'How they are written.' }) format: (typeof RuleFormat)[keyof typeof RuleFormat],
    @Arg('file', () => String, { defaultValue: 'api', description: 'Those of this file; `api`: those that were made here.' }) file: string,
  ): ExportedRulesType {
    return exportRules(app.rules.groups().map(({ group }) => group).filter((group) => group.file === file), format);
  }

  @Query(() => RulePreviewType, { description: 'What a rule would say now: its alerts with their texts, as they would be if the condition held for long enough. Nothing is kept, nobody is told.' })
  async previewRule(
    @Ctx() { app, signal }: Context,
    @Arg('rule', () => ThresholdRuleInput, { description: 'What it says.' }) rule: ThresholdRuleInput,
    @Arg('limit', () => Int, { nullable: true, defaultValue: INSTANCES.otherwise, description: 'The most alerts that are told.' }) limit?: number | null,
  ): Promise<RulePreviewType> {
    return previewType(await app.thresholdRules.preview(specOf(rule), bounded('limit', limit, INSTANCES.otherwise, INSTANCES.max), signal));
  }

  @Subscription(() => [ThresholdRuleType], {
    name: 'thresholdRules',
    description: 'All rules that were made here, by name, then all of them again whenever one was made, changed or deleted.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => context.app.thresholdRules.watch(AT_MOST_EVERY, signal), context.signal),
  })
  thresholdRuleChanges(@Root() rules: readonly ThresholdRule[]): readonly ThresholdRuleType[] {
    return rules;
  }

  @Mutation(() => ThresholdRuleType, { description: 'Makes a rule, which is evaluated from then on.' })
  createThresholdRule(@Ctx() { app, principal }: Context, @Arg('rule', () => ThresholdRuleInput, { description: 'What it says.' }) rule: ThresholdRuleInput): Promise<ThresholdRuleType> {
    return app.thresholdRules.save(undefined, specOf(rule), { expected: 0, by: principal?.name ?? '' });
  }

  @Mutation(() => ThresholdRuleType, { description: 'Changes a rule as a whole; its alerts go on where its name and labels stay.' })
  updateThresholdRule(
    @Ctx() { app, principal }: Context,
    @Arg('id', () => ID, { description: 'Of the rule.' }) id: string,
    @Arg('rule', () => ThresholdRuleInput, { description: 'What it says from now on.' }) rule: ThresholdRuleInput,
    @Arg('revision', () => Int, { description: REVISION }) revision: number,
  ): Promise<ThresholdRuleType> {
    return app.thresholdRules.save(id, specOf(rule), { expected: revision, by: principal?.name ?? '' });
  }

  @Mutation(() => ThresholdRuleType, { description: 'Stops or resumes a rule; its alerts end when it stops.' })
  enableThresholdRule(
    @Ctx() { app, principal }: Context,
    @Arg('id', () => ID, { description: 'Of the rule.' }) id: string,
    @Arg('enabled', () => Boolean, { description: 'Whether it is evaluated.' }) enabled: boolean,
    @Arg('revision', () => Int, { description: REVISION }) revision: number,
  ): Promise<ThresholdRuleType> {
    return app.thresholdRules.enable(id, enabled, { expected: revision, by: principal?.name ?? '' });
  }

  @Mutation(() => Boolean, { description: 'Deletes a rule; its alerts end.' })
  async deleteThresholdRule(
    @Ctx() { app, principal }: Context,
    @Arg('id', () => ID, { description: 'Of the rule.' }) id: string,
    @Arg('revision', () => Int, { description: REVISION }) revision: number,
  ): Promise<boolean> {
    await app.thresholdRules.delete(id, { expected: revision, by: principal?.name ?? '' });
    return true;
  }

  @Mutation(() => BackTestType, { description: 'What a rule would have done in the past. Nothing is kept, nobody is told.' })
  async backTestRule(
    @Ctx() { app, signal }: Context,
    @Arg('rule', () => ThresholdRuleInput, { description: 'What it says.' }) rule: ThresholdRuleInput,
    @Arg('start', () => TimestampScalar, { description: 'From here.' }) start: number,
    @Arg('end', () => TimestampScalar, { description: 'Up to here.' }) end: number,
  ): Promise<BackTestType> {
    const spec = specOf(rule);
    return backTestType(await backTest(app.engine, { rule: alertingRuleOf(spec), interval: spec.interval, ...rangeOf(start, end) }, signal));
  }
}
