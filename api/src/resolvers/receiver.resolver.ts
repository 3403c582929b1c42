import type { ChannelTexts } from '@metrics-dashboard/core';
import { Labels, messageOf } from '@metrics-dashboard/sdk';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { TextMapScalar } from '../scalars.js';
import {
  ChannelKindType,
  ChannelMessageType,
  ChannelTestType,
  ChannelType,
  MessageTextType,
  OwnReceiverType,
  ReceiverInput,
  RouteAnswerType,
  RouteType,
  TestResultType,
} from '../types/receiver.type.js';

const ALERTS = 'The fingerprints of alerts that it is to be about; by default it is about a test.';
const RECEIVER = 'As it would be saved.';

/** Who is told: receivers, their channels, and the routing tree that leads to them. */
@Resolver()
export class ReceiverResolver {
  @Query(() => [String], { description: 'The names of the receivers.' })
  receivers(@Ctx() { app }: Context): readonly string[] {
    return app.alerting.desk.names();
  }

  @Query(() => [ChannelType], { description: 'The channels of all receivers.' })
  channels(@Ctx() { app }: Context): readonly ChannelType[] {
    return app.channels.list().map((channel) => ({ ...channel, madeHere: app.alerting.desk.isOwn(channel.receiver), health: app.channels.health(channel.id) }));
  }

  @Query(() => [ChannelKindType], { description: 'What channels can be made of.' })
  channelKinds(@Ctx() { app }: Context): readonly ChannelKindType[] {
    return app.alerting.desk.kinds().map(({ kind, plugin, configSchema }) => ({ kind, plugin, configSchema }));
  }

  @Query(() => [OwnReceiverType], { description: 'The receivers that were made by the API.' })
  ownReceivers(@Ctx() { app }: Context): readonly OwnReceiverType[] {
    return app.alerting.desk.list();
  }

  @Query(() => [RouteType], { description: 'The routing tree, in reading order; empty where none is configured.' })
  routes(@Ctx() { app }: Context): readonly RouteType[] {
    return app.alerting.routes();
  }

  @Query(() => [RouteAnswerType], { description: 'Where an alert would go.' })
  routeOf(
    @Ctx() { app }: Context,
    @Arg('labels', () => TextMapScalar, { description: 'Of the alert.' }) labels: Readonly<Record<string, string>>,
    @Arg('receivers', () => [String], { defaultValue: [], description: 'Those that its rule names.' }) receivers: readonly string[],
  ): readonly RouteAnswerType[] {
    return app.alerting.routeOf(Labels.of(labels), receivers).map((answer) => ({ ...answer, groupLabels: [...answer.groupLabels] }));
  }

  @Query(() => [MessageTextType], { description: "What a channel's templates make of a notification. Nothing is sent." })
  previewMessage(
    @Ctx() { app }: Context,
    @Arg('channel', () => ID, { description: 'Of the channel.' }) channel: string,
    @Arg('alerts', () => [ID], { defaultValue: [], description: ALERTS }) alerts: readonly string[],
  ): readonly MessageTextType[] {
    return textsOf(app.alerting.desk.previewOf(channel, (receiver) => app.alerting.sampleFor(receiver, alerts)));
  }

  @Query(() => [ChannelMessageType], { description: "What the templates of a receiver that is not saved make of a notification, channel by channel. Nothing is sent." })
  async previewReceiver(
    @Ctx() { app }: Context,
    @Arg('receiver', () => ReceiverInput, { description: RECEIVER }) receiver: ReceiverInput,
    @Arg('alerts', () => [ID], { defaultValue: [], description: ALERTS }) alerts: readonly string[],
  ): Promise<readonly ChannelMessageType[]> {
    const messages = await app.alerting.desk.preview(receiver, app.alerting.sampleFor(receiver.name, alerts));
    return messages.map((message) => ({ channel: message.channel, kind: message.kind, texts: textsOf(message) }));
  }

  @Query(() => String, { description: 'What a template makes of a notification. Nothing is sent.' })
  previewTemplate(
    @Ctx() { app }: Context,
    @Arg('text', () => String, { description: 'In the syntax of templates of messages; it may use those of the configuration.' }) text: string,
    @Arg('html', () => Boolean, { defaultValue: false, description: 'Whether what alerts bring is escaped for HTML.' }) html: boolean,
    @Arg('alerts', () => [ID], { defaultValue: [], description: ALERTS }) alerts: readonly string[],
  ): string {
    return app.alerting.desk.expand({ text, html }, app.alerting.sampleFor('preview', alerts));
  }

  @Mutation(() => OwnReceiverType, { description: 'Makes a receiver for rules to name, or changes one that was made so. Its secrets are kept encrypted.' })
  saveReceiver(@Ctx() { app }: Context, @Arg('receiver', () => ReceiverInput, { description: 'What it is from now on.' }) receiver: ReceiverInput): Promise<OwnReceiverType> {
    return app.alerting.desk.save(receiver);
  }

  @Mutation(() => Boolean, { description: 'Deletes a receiver that was made by the API; not while a rule names it.' })
  async deleteReceiver(@Ctx() { app }: Context, @Arg('name', () => ID, { description: 'Of the receiver.' }) name: string): Promise<boolean> {
    await app.alerting.desk.remove(name);
    return true;
  }

  @Mutation(() => [ChannelTestType], { description: 'Sends a test notification through each channel of a receiver, which need not be saved.' })
  testReceiver(
    @Ctx() { app, signal }: Context,
    @Arg('receiver', () => ReceiverInput, { description: RECEIVER }) receiver: ReceiverInput,
  ): Promise<readonly ChannelTestType[]> {
    return app.alerting.desk.test(receiver, signal);
  }

  @Mutation(() => TestResultType, { description: 'Sends a test notification through one channel.' })
  async testChannel(
    @Ctx() { app, signal }: Context,
    @Arg('id', () => ID, { description: 'Of the channel.' }) id: string,
  ): Promise<TestResultType> {
    try {
      await app.channels.test(id, signal);
      return { delivered: true, error: undefined };
    } catch (error) {
      return { delivered: false, error: messageOf(error) };
    }
  }
}

function textsOf({ texts }: ChannelTexts): readonly MessageTextType[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}
