import { Field, ID, Int, ObjectType } from 'type-graphql';
import { RoutedAlertType } from './alerting.type.js';

@ObjectType('AlertChanges', { simpleResolvers: true, description: 'What is different about alerts since the event before.' })
export class AlertChangesType {
  @Field(() => Boolean, { description: 'Whether these are all alerts; what was known before counts no more.' })
  declare readonly whole: boolean;

  @Field(() => [RoutedAlertType], { description: 'New ones, and those of which something is different.' })
  declare readonly alerts: readonly RoutedAlertType[];

  @Field(() => [ID], { description: 'Fingerprints of those that are not known any more.' })
  declare readonly gone: readonly string[];
}

@ObjectType('AlertCounts', { simpleResolvers: true, description: 'How many alerts are how.' })
export class AlertCountsType {
  @Field(() => Int, { description: 'Those that fire, and nothing holds back.' })
  declare readonly firing: number;

  @Field(() => Int, { description: 'Those that fire, and something holds back.' })
  declare readonly muted: number;
}
