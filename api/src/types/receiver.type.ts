import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ChannelConfigScalar, DurationScalar, JsonSchemaScalar, LabelSetScalar, TimestampScalar } from '../scalars.js';

@ObjectType('ChannelHealth', { simpleResolvers: true, description: 'How deliveries through a channel went.' })
export class ChannelHealthType {
  @Field(() => Boolean, { description: 'Whether nothing was delivered since the last error.' })
  declare readonly isFailing: boolean;

  @Field(() => TimestampScalar, { nullable: true, description: 'When a notification was delivered last.' })
  declare readonly lastDeliveredAt: Timestamp | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'When an attempt failed last.' })
  declare readonly lastErrorAt: Timestamp | undefined;

  @Field(() => String, { nullable: true, description: 'What was wrong with it.' })
  declare readonly lastError: string | undefined;

  @Field(() => Int, { description: 'Notifications that are on their way now, or wait for their turn.' })
  declare readonly underWay: number;

  @Field(() => Float, { description: 'Notifications that were delivered since the start.' })
  declare readonly delivered: number;

  @Field(() => Float, { description: 'Notifications that were given up since the start.' })
  declare readonly failed: number;
}

@ObjectType('Channel', { simpleResolvers: true, description: 'One configured notifier of a receiver.' })
export class ChannelType {
  @Field(() => ID, { description: '`receiver/kind/index`, stable while the configuration is.' })
  declare readonly id: string;

  @Field(() => String, { description: 'The receiver it belongs to.' })
  declare readonly receiver: string;

  @Field(() => String, { description: 'The kind of notifier.' })
  declare readonly kind: string;

  @Field(() => Boolean, { description: 'Whether its receiver was made by the API, and can be changed there.' })
  declare readonly madeHere: boolean;

  @Field(() => ChannelHealthType, { description: 'How it does.' })
  declare readonly health: ChannelHealthType;
}

@ObjectType('TestResult', { simpleResolvers: true, description: 'What became of a test notification.' })
export class TestResultType {
  @Field(() => Boolean, { description: 'Whether the other side took it.' })
  declare readonly delivered: boolean;

  @Field(() => String, { nullable: true, description: 'Why it was not delivered.' })
  declare readonly error: string | undefined;
}

@ObjectType('ChannelTest', { simpleResolvers: true, description: 'What became of a test notification through one channel.' })
export class ChannelTestType {
  @Field(() => ID, { description: 'The id that the channel would have.' })
  declare readonly channel: string;

  @Field(() => String, { description: 'The kind of notifier.' })
  declare readonly kind: string;

  @Field(() => Boolean, { description: 'Whether the other side took it.' })
  declare readonly delivered: boolean;

  @Field(() => String, { nullable: true, description: 'Why it was not delivered.' })
  declare readonly error: string | undefined;

  @Field(() => DurationScalar, { description: 'How long it took.' })
  declare readonly took: Duration;
}

@ObjectType('MessageText', { simpleResolvers: true, description: 'A text of a message.' })
export class MessageTextType {
  @Field(() => String, { description: "The path of its template in the channel's configuration." })
  declare readonly path: string;

  @Field(() => String, { description: 'What the template makes.' })
  declare readonly text: string;
}

@ObjectType('ChannelMessage', { simpleResolvers: true, description: 'What the templates of one channel make of a notification.' })
export class ChannelMessageType {
  @Field(() => ID, { description: 'The id that the channel would have.' })
  declare readonly channel: string;

  @Field(() => String, { description: 'The kind of notifier.' })
  declare readonly kind: string;

  @Field(() => [MessageTextType], { description: 'The texts.' })
  declare readonly texts: readonly MessageTextType[];
}

@ObjectType('ChannelKind', { simpleResolvers: true, description: 'A kind of notifier that a receiver can be made of.' })
export class ChannelKindType {
  @Field(() => String, { description: 'Its name.' })
  declare readonly kind: string;

  @Field(() => String, { description: 'The plugin that offers it.' })
  declare readonly plugin: string;

  @Field(() => JsonSchemaScalar, { nullable: true, description: 'Of its configuration, to draw a form by. Null where its plugin has none.' })
  declare readonly configSchema: unknown;
}

@ObjectType('OwnChannel', { simpleResolvers: true, description: 'A channel of a receiver that was made by the API.' })
export class OwnChannelType {
  @Field(() => String, { description: 'The kind of notifier.' })
  declare readonly kind: string;

  @Field(() => ChannelConfigScalar, { description: 'Without its secrets.' })
  declare readonly config: unknown;
}

@ObjectType('OwnReceiver', { simpleResolvers: true, description: 'A receiver that was made by the API.' })
export class OwnReceiverType {
  @Field(() => ID, { description: 'What rules name it by.' })
  declare readonly name: string;

  @Field(() => [OwnChannelType], { description: 'Through which it is told.' })
  declare readonly channels: readonly OwnChannelType[];
}

@InputType('ChannelInput', { description: 'A channel of a receiver.' })
export class ChannelInput {
  @Field(() => String, { description: 'The kind of notifier.' })
  declare readonly kind: string;

  @Field(() => ChannelConfigScalar, { description: 'As `configSchema` of its kind describes it.' })
  declare readonly config: unknown;
}

@InputType('ReceiverInput', { description: 'A receiver: a named list of channels.' })
export class ReceiverInput {
  @Field(() => String, { description: 'What rules name it by; of one that there is: it is changed.' })
  declare readonly name: string;

  @Field(() => [ChannelInput], { description: 'Through which it is told.' })
  declare readonly channels: readonly ChannelInput[];
}

/** When the groups of a route are told. */
@ObjectType({ simpleResolvers: true })
abstract class RouteTimings {
  @Field(() => DurationScalar, { description: 'How long a group waits for more alerts before it is told of first.' })
  declare readonly groupWait: Duration;

  @Field(() => DurationScalar, { description: 'How often a group is looked at.' })
  declare readonly groupInterval: Duration;

  @Field(() => DurationScalar, { description: 'After how long the same is told again.' })
  declare readonly repeatInterval: Duration;
}

@ObjectType('Route', { simpleResolvers: true, description: 'A node of the routing tree, with everything that it inherits.' })
export class RouteType extends RouteTimings {
  @Field(() => ID, { description: 'Its place in the tree: `0`, `0.2`, `0.2.1`.' })
  declare readonly id: string;

  @Field(() => ID, { nullable: true, description: 'The node above; of the root, null.' })
  declare readonly parent: string | undefined;

  @Field(() => Int, { description: 'How far below the root.' })
  declare readonly depth: number;

  @Field(() => String, { description: 'Who is told.' })
  declare readonly receiver: string;

  @Field(() => [String], { description: 'Which alerts it takes, of those that come to its parent: those that all of them match.' })
  declare readonly matchers: readonly string[];

  @Field(() => [String], { description: 'The labels by which alerts are grouped.' })
  declare readonly groupBy: readonly string[];

  @Field(() => Boolean, { description: 'Whether every alert is a group by itself.' })
  declare readonly groupsByAll: boolean;

  @Field(() => Boolean, { description: 'Whether the nodes after it are tried too.' })
  declare readonly continues: boolean;

  @Field(() => [String], { description: 'Time intervals in which nobody is told.' })
  declare readonly muteTimeIntervals: readonly string[];

  @Field(() => [String], { description: 'Time intervals outside of which nobody is told.' })
  declare readonly activeTimeIntervals: readonly string[];
}

@ObjectType('RouteAnswer', { simpleResolvers: true, description: 'Where an alert would go.' })
export class RouteAnswerType extends RouteTimings {
  @Field(() => ID, { nullable: true, description: 'The node of the tree; null where the rule of the alert names the receiver itself.' })
  declare readonly route: string | undefined;

  @Field(() => String, { description: 'Who would be told.' })
  declare readonly receiver: string;

  @Field(() => LabelSetScalar, { description: 'The labels of its group.' })
  declare readonly groupLabels: readonly Label[];

  @Field(() => [String], { description: 'The time intervals that mute it there now.' })
  declare readonly mutedBy: readonly string[];
}
