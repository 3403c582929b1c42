import type { MessageTemplate, Notification } from '@metrics-dashboard/sdk';
import type { SlackConfig } from './config.js';

// The body of an incoming webhook: https://api.slack.com/messaging/webhooks, with an attachment as
// https://api.slack.com/reference/messaging/attachments has it.

/** The keys that are templates. */
const TEXTS = [
  'channel', 'username', 'color', 'title', 'title_link', 'pretext', 'text', 'fallback', 'footer', 'icon_emoji', 'icon_url', 'image_url', 'thumb_url', 'callback_id',
] as const;

/** Longer titles and texts are cut: Slack refuses them. Characters. */
const LONGEST = { title: 1024, text: 40_000 } as const;

/** Every template of the configuration, by its path. */
export function slackTemplates(config: SlackConfig): Record<string, MessageTemplate> {
  const templates: Record<string, MessageTemplate> = {};
  for (const key of TEXTS) templates[key] = { text: config[key] };
  config.fields.forEach(({ title, value }, i) => {
    templates[`fields.${i}.title`] = { text: title };
    templates[`fields.${i}.value`] = { text: value };
  });
  config.actions.forEach(({ text, url, value, confirm }, i) => {
    Object.assign(templates, { [`actions.${i}.text`]: { text }, [`actions.${i}.url`]: { text: url }, [`actions.${i}.value`]: { text: value } });
    if (confirm !== undefined) templates[`actions.${i}.confirm.text`] = { text: confirm.text };
  });
  return templates;
}

/** The JSON of a message, of the texts that the templates made. */
export function slackMessage(config: SlackConfig, { texts }: Pick<Notification, 'texts'>): string {
  const text = (path: string): string => texts[path] ?? '';
  return JSON.stringify({
    ...present({ channel: text('channel'), username: text('username'), icon_emoji: text('icon_emoji'), icon_url: text('icon_url') }),
    ...(config.link_names && { link_names: true }),
    attachments: [
      {
        ...present({
          title: shortened(text('title'), LONGEST.title),
          title_link: text('title_link'),
          pretext: text('pretext'),
          text: shortened(text('text'), LONGEST.text),
          fallback: text('fallback'),
          footer: text('footer'),
          color: text('color'),
          image_url: text('image_url'),
          thumb_url: text('thumb_url'),
          callback_id: text('callback_id'),
        }),
        mrkdwn_in: config.mrkdwn_in,
        ...(config.fields.length > 0 && { fields: config.fields.map(({ short }, i) => ({ title: text(`fields.${i}.title`), value: text(`fields.${i}.value`), short: short ?? config.short_fields })) }),
        ...(config.actions.length > 0 && { actions: config.actions.map((action, i) => actionOf(action, (part) => text(`actions.${i}.${part}`))) }),
      },
    ],
  });
}

function actionOf({ type, style, name, confirm }: SlackConfig['actions'][number], text: (part: string) => string): object {
  return {
    type,
    text: text('text'),
    ...present({ url: text('url'), style, name, value: text('value') }),
    ...(confirm !== undefined && { confirm: { ...present(confirm), text: text('confirm.text') } }),
  };
}

/** What is not empty. */
function present(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
