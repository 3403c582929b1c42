import { alertingRuleOf, backTest, exportRules } from '@metrics-dashboard/core';
import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { rangeOf } from '../arguments.js';
import type { Context } from '../context.js';
import { TimestampScalar } from '../scalars.js';
import { BackTestType, ExportedRulesType, RuleFormat, ThresholdRuleInput, ThresholdRuleType, backTestType, specOf } from '../types/threshold-rule.type.js';

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
