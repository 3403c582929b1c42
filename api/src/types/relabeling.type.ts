import type { Label } from '@metrics-dashboard/sdk';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { LabelSetScalar } from '../scalars.js';

@ObjectType('RelabelRule', { simpleResolvers: true, description: 'A rule of `relabel_configs`, with its defaults.' })
export class RelabelRuleType {
  @Field(() => String, { description: '`replace`, `keep`, `drop`, …' })
  declare readonly action: string;

  @Field(() => [String], { description: 'The labels whose values are looked at.' })
  declare readonly sourceLabels: readonly string[];

  @Field(() => String, { description: 'What stands between those values.' })
  declare readonly separator: string;

  @Field(() => String, { description: 'The label that is written.' })
  declare readonly targetLabel: string;

  @Field(() => String, { description: 'What the joined values, or the names of labels, must match as a whole.' })
  declare readonly regex: string;

  @Field(() => Float, { description: 'Of `hashmod`.' })
  declare readonly modulus: number;

  @Field(() => String, { description: 'What is written; `$1` is the first group of the expression.' })
  declare readonly replacement: string;
}

@ObjectType('RelabelStep', { simpleResolvers: true, description: 'What one rule did.' })
export class RelabelStepType {
  @Field(() => RelabelRuleType, { description: 'The rule.' })
  declare readonly rule: RelabelRuleType;

  @Field(() => LabelSetScalar, { description: 'The labels before the rule.' })
  declare readonly before: readonly Label[];

  @Field(() => LabelSetScalar, { nullable: true, description: 'The labels after the rule; null when it dropped them.' })
  declare readonly after: readonly Label[] | undefined;
}

@ObjectType('TargetRelabeling', { simpleResolvers: true, description: 'How the rules of a job made a target of what was discovered.' })
export class RelabelingType {
  @Field(() => ID, { description: 'Of the target.' })
  declare readonly id: string;

  @Field(() => String, { description: 'The name of its job in the configuration.' })
  declare readonly scrapePool: string;

  @Field(() => LabelSetScalar, { description: 'The labels before the first rule.' })
  declare readonly discoveredLabels: readonly Label[];

  @Field(() => [RelabelStepType], { description: 'Rule by rule, as far as the one that dropped the target.' })
  declare readonly steps: readonly RelabelStepType[];

  @Field(() => Int, { nullable: true, description: 'The number of the rule that dropped the target, from 0.' })
  declare readonly droppedBy: number | undefined;

  @Field(() => LabelSetScalar, { nullable: true, description: 'The labels that its series carry; null when it is not scraped.' })
  declare readonly labels: readonly Label[] | undefined;

  @Field(() => String, { nullable: true, description: 'Why it can not be scraped though no rule dropped it.' })
  declare readonly error: string | undefined;
}
