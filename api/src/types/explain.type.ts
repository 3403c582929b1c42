import type { Duration } from '@metrics-dashboard/sdk';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DurationScalar } from '../scalars.js';

@ObjectType('OperatorFacts', { simpleResolvers: true, description: 'What happened in an operator when the query ran; what is below it is counted in.' })
export class OperatorFactsType {
  @Field(() => Float, { description: 'Values that it gave.' })
  declare readonly points: number;

  @Field(() => Float, { description: 'Samples that were read for it.' })
  declare readonly samples: number;

  @Field(() => Float, { description: 'How long it took.' })
  declare readonly milliseconds: number;
}

@ObjectType('ExplainedOperator', { simpleResolvers: true, description: 'One operator of a query\'s plan.' })
export class ExplainedOperatorType {
  @Field(() => String, { description: 'What it does.' })
  declare readonly operator: string;

  @Field(() => String, { description: 'The part of the query that it answers.' })
  declare readonly text: string;

  @Field(() => Int, { description: 'How deep it stands in the tree; what makes the result is at 0, and the inputs of an operator follow it, one deeper.' })
  declare readonly depth: number;

  @Field(() => [DurationScalar], { description: 'The levels that it reads itself, by their resolution, oldest samples first; 0 is raw samples.' })
  declare readonly levels: readonly Duration[];

  @Field(() => Int, { nullable: true, description: 'How many blocks of the storage hold some of what it reads itself; null where that is not known.' })
  declare readonly blocks: number | undefined;

  @Field(() => Int, { description: 'Series that it gives.' })
  declare readonly series: number;

  @Field(() => Float, { description: 'At most so many values are expected of it: one for each series and step.' })
  declare readonly estimatedPoints: number;

  @Field(() => Float, { description: 'So many samples are expected to be read for it, as far as the index tells.' })
  declare readonly estimatedSamples: number;

  @Field(() => OperatorFactsType, { nullable: true, description: 'What happened; null when the query did not run.' })
  declare readonly actual: OperatorFactsType | undefined;
}

@ObjectType('Explanation', { simpleResolvers: true, description: 'How a query is answered, and what it costs.' })
export class ExplanationType {
  @Field(() => [ExplainedOperatorType], { description: 'The operators in reading order.' })
  declare readonly operators: readonly ExplainedOperatorType[];

  @Field(() => Int, { description: 'How many operators are left out, for there are too many.' })
  declare readonly omitted: number;

  @Field(() => [String], { description: 'The rewritings that changed the plan, in order.' })
  declare readonly passes: readonly string[];

  @Field(() => Boolean, { description: 'Whether the query ran.' })
  declare readonly ran: boolean;

  @Field(() => Float, { description: 'How long it took to explain, the run counted in.' })
  declare readonly milliseconds: number;

  @Field(() => [String], { description: 'Why the answer may not be what was meant, or is not whole.' })
  declare readonly warnings: readonly string[];

  @Field(() => [String], { description: 'Remarks on the expression.' })
  declare readonly infos: readonly string[];
}
