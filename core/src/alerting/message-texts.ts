import { messageOf } from '@metrics-dashboard/sdk';
import type { ConfigError, MessageTemplate, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import { configErrorAt, mergeErrors, partOf } from '../plugin/config-place.js';
import type { ConfigPlace } from '../plugin/plugin-config.js';

/** Makes a text of a configuration ready to be expanded. Throws an error that says what is wrong with it, and where in it. */
export type CompileMessage = (template: MessageTemplate) => (notification: Notification) => string;

/** A channel's templates, ready. What can't be expanded is told in the message: to be told badly is better than not at all. */
export type MessageTexts = (notification: Notification) => Readonly<Record<string, string>>;

/** Throws a `ConfigError` that tells every text that is no template, with its place. */
export function compileTexts(channel: NotifierChannel, at: ConfigPlace, compile: CompileMessage): MessageTexts {
  const errors: ConfigError[] = [];
  const compiled = Object.entries(channel.templates ?? {}).map(([path, template]) => {
    try {
      return [path, compile(template)] as const;
    } catch (error) {
      errors.push(configErrorAt(partOf(at, path.split('.')), messageOf(error)));
      return [path, () => ''] as const;
    }
  });
  if (errors.length > 0) throw mergeErrors(errors);
  return (notification) => Object.fromEntries(compiled.map(([path, expand]) => [path, expanded(path, expand, notification)]));
}

function expanded(path: string, expand: (notification: Notification) => string, notification: Notification): string {
  try {
    return expand(notification);
  } catch (error) {
    return `[${path} can't be expanded: ${messageOf(error)}]`;
  }
}
