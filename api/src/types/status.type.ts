import type { Timestamp } from '@metrics-dashboard/sdk';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { TimestampScalar } from '../scalars.js';

/** What became of a plugin; the values are core's. */
export const PluginState = { ACTIVE: 'active', FAILED: 'failed' } as const;
registerEnumType(PluginState, {
  name: 'PluginState',
  description: 'What became of a plugin.',
  valuesConfig: {
    ACTIVE: { description: 'It is loaded, and what it offers can be used.' },
    FAILED: { description: 'It could not be loaded; the rest goes on without it.' },
  },
});

@ObjectType('PluginContribution', { simpleResolvers: true, description: 'One thing that a plugin offers.' })
export class PluginContributionType {
  @Field(() => String, { description: 'The extension point: `storage`, `scraper`, `notifier`, …' })
  declare readonly point: string;

  @Field(() => String, { description: 'The name by which the configuration or a query uses it.' })
  declare readonly name: string;
}

@ObjectType('Plugin', { simpleResolvers: true, description: 'A plugin, on one of its sides.' })
export class PluginType {
  @Field(() => ID, { description: 'As its manifest gives it.' })
  declare readonly id: string;

  @Field(() => String, { description: 'As the configuration or the distribution names it.' })
  declare readonly specifier: string;

  @Field(() => String, { description: 'The version of its package.' })
  declare readonly version: string;

  @Field(() => String, { description: '`engine` or `main`.' })
  declare readonly side: string;

  @Field(() => PluginState, { description: 'Whether it works.' })
  declare readonly state: (typeof PluginState)[keyof typeof PluginState];

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  declare readonly error: string | undefined;

  @Field(() => [PluginContributionType], { description: 'What it offers on this side.' })
  declare readonly contributions: readonly PluginContributionType[];
}

@ObjectType('Refused', { simpleResolvers: true, description: 'Samples that were not stored, for one reason.' })
export class RefusedType {
  @Field(() => String, { description: '`cardinality_limit`, `too_old`, …' })
  declare readonly reason: string;

  @Field(() => Float, { description: 'How many since the start.' })
  declare readonly samples: number;
}

@ObjectType('NamedNumber', { simpleResolvers: true, description: 'A number with a name.' })
export class NamedNumberType {
  @Field(() => String, { description: 'What is counted.' })
  declare readonly name: string;

  @Field(() => Float, { description: 'How much there is of it.' })
  declare readonly value: number;
}

@ObjectType('Status', { simpleResolvers: true, description: 'How the server is.' })
export class StatusType {
  @Field(() => String, { description: 'Of Metrics Dashboard.' })
  declare readonly version: string;

  @Field(() => TimestampScalar, { description: 'When the process began.' })
  declare readonly startedAt: Timestamp;

  @Field(() => Float, { description: 'Series in the head.' })
  declare readonly headSeries: number;

  @Field(() => Float, { description: 'Samples in the head.' })
  declare readonly headSamples: number;

  @Field(() => Int, { description: 'Blocks on disk.' })
  declare readonly blocks: number;

  @Field(() => Float, { description: 'What the storage takes on disk.' })
  declare readonly diskBytes: number;

  @Field(() => Int, { description: 'How often the engine died and was replaced since the start.' })
  declare readonly engineRestarts: number;

  @Field(() => [RefusedType], { description: 'Samples that were not stored, by reason.' })
  declare readonly refusedSamples: readonly RefusedType[];

  @Field(() => [String], { description: 'Remarks on the configuration file.' })
  declare readonly configWarnings: readonly string[];

  @Field(() => [NamedNumberType], { description: 'Further numbers of the storage in use.' })
  declare readonly details: readonly NamedNumberType[];
}

@ObjectType('Principal', { simpleResolvers: true, description: 'Somebody, as the server knows them.' })
export class PrincipalType {
  @Field(() => String, { description: 'Empty for somebody who has not said who they are and may do nothing.' })
  declare readonly name: string;

  @Field(() => [String], { description: '`viewer`, `editor`, `admin`; a later one may do what an earlier one may.' })
  declare readonly roles: readonly string[];
}
