import type { Dashboard, Difference } from '@metrics-dashboard/core';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DashboardDocumentScalar, TimestampScalar } from '../scalars.js';

@ObjectType('DashboardDifference', { simpleResolvers: true, description: 'One place where two dashboard documents differ.' })
export class DashboardDifferenceType {
  @Field(() => String, { description: '`panels[cpu].title`; parts of a list are named by their id or name.' })
  declare readonly path: string;

  @Field(() => String, { nullable: true, description: 'As JSON; null: it was not there.' })
  declare readonly before: string | undefined;

  @Field(() => String, { nullable: true, description: 'As JSON; null: it is not there.' })
  declare readonly after: string | undefined;
}

@ObjectType('DashboardFile', { simpleResolvers: true, description: 'That a dashboard comes from a file of the configuration.' })
export class DashboardFileType {
  @Field(() => String, { description: 'Its name.' })
  declare readonly file: string;

  @Field(() => [DashboardDifferenceType], { description: 'How the dashboard differs from the file: it was edited since, or the file was.' })
  declare readonly drift: readonly DashboardDifferenceType[];
}

@ObjectType('Dashboard', { simpleResolvers: true, description: 'A dashboard document, with what is known of it.' })
export class DashboardType {
  @Field(() => ID, { description: '`home` for the one that comes with the server.' })
  declare readonly id: string;

  @Field(() => DashboardDocumentScalar, { description: 'What is drawn, exported and saved.' })
  declare readonly document: Dashboard;

  @Field(() => Int, { description: 'Counts saves; 0: it comes with the server and was never saved. A save names the one it was made on.' })
  declare readonly revision: number;

  @Field(() => TimestampScalar, { description: 'When it was saved last.' })
  declare readonly updatedAt: Timestamp;

  @Field(() => String, { description: 'Who saved it last; empty: nobody.' })
  declare readonly updatedBy: string;

  @Field(() => DashboardFileType, { nullable: true, description: 'Null: it does not come from a file.' })
  declare readonly provisioned: DashboardFileType | undefined;
}

@ObjectType('DashboardSummary', { simpleResolvers: true, description: 'One in a list of dashboards.' })
export class DashboardSummaryType {
  @Field(() => ID, { description: 'In its address.' })
  declare readonly id: string;

  @Field(() => String, { description: 'For people.' })
  declare readonly title: string;

  @Field(() => String, { description: 'More, for people; may be empty.' })
  declare readonly description: string;

  @Field(() => String, { description: 'Outermost first, with / between; empty: none.' })
  declare readonly folder: string;

  @Field(() => [String], { description: 'To find it by.' })
  declare readonly tags: readonly string[];

  @Field(() => Int, { description: 'Counts saves; 0: it comes with the server.' })
  declare readonly revision: number;

  @Field(() => TimestampScalar, { description: 'When it was saved last.' })
  declare readonly updatedAt: Timestamp;

  @Field(() => String, { description: 'Who saved it last; empty: nobody.' })
  declare readonly updatedBy: string;

  @Field(() => String, { nullable: true, description: 'The file it comes from, if any.' })
  declare readonly file: string | undefined;
}

@ObjectType('DashboardRevision', { simpleResolvers: true, description: 'What was done to a dashboard once.' })
export class DashboardRevisionType {
  @Field(() => Int, { description: 'Its number.' })
  declare readonly revision: number;

  @Field(() => TimestampScalar, { description: 'When.' })
  declare readonly at: Timestamp;

  @Field(() => String, { description: 'By whom; empty: not known.' })
  declare readonly by: string;

  @Field(() => String, { description: 'What they said of it; may be empty.' })
  declare readonly message: string;

  @Field(() => Boolean, { description: 'Whether it was deleted then.' })
  declare readonly deleted: boolean;
}

@InputType('VariableValue', { description: 'What is chosen for one variable of a dashboard.' })
export class VariableValueInput {
  @Field(() => String, { description: 'The name, without $.' })
  declare readonly name: string;

  @Field(() => [String], { defaultValue: [], description: 'Put into expressions so that each means itself, wherever it stands.' })
  declare readonly values: readonly string[];

  @Field(() => Boolean, { defaultValue: false, description: 'All there are: those of `values`, or, where it is empty, any value that is not empty.' })
  declare readonly all: boolean;
}

@ObjectType('VariableChoice', { simpleResolvers: true, description: 'What is chosen for one variable; to be sent along with queries as it is.' })
export class VariableChoiceType {
  @Field(() => String, { description: 'The name, without $.' })
  declare readonly name: string;

  @Field(() => [String], { description: 'The values.' })
  declare readonly values: readonly string[];

  @Field(() => Boolean, { description: 'Whether all are chosen.' })
  declare readonly all: boolean;
}

@ObjectType('VariableOption', { simpleResolvers: true, description: 'What can be chosen.' })
export class VariableOptionType {
  @Field(() => String, { description: 'What is put into expressions.' })
  declare readonly value: string;

  @Field(() => String, { description: 'What people see.' })
  declare readonly text: string;
}

@ObjectType('ResolvedVariable', { simpleResolvers: true, description: 'A variable of a dashboard with its options.' })
export class ResolvedVariableType {
  @Field(() => String, { description: 'The name, without $.' })
  declare readonly name: string;

  @Field(() => [VariableOptionType], { description: 'At most `limits.variable_options`.' })
  declare readonly options: readonly VariableOptionType[];

  @Field(() => Boolean, { description: 'Whether there are more, which a search finds.' })
  declare readonly more: boolean;

  @Field(() => VariableChoiceType, { description: 'Of what was asked for, the part that there is; else what the document says; else the first option.' })
  declare readonly chosen: VariableChoiceType;

  @Field(() => String, { nullable: true, description: 'Why there are no options.' })
  declare readonly error: string | undefined;
}

/** As GraphQL gives it: both sides as JSON. */
export function differenceOf({ path, before, after }: Difference): DashboardDifferenceType {
  const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
  return { path, before: json(before), after: json(after) };
}
