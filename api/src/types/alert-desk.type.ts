import { Field, ID, ObjectType } from 'type-graphql';
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
