import { z } from 'zod';
import { httpConfig } from '@metrics-dashboard/http-client';
import { parseDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';

const duration = z.string().transform((text, context): Duration => {
  try {
    return parseDuration(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

const address = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), { message: 'is not an http or https address' });

const field = z.strictObject({ title: z.string().min(1), value: z.string().min(1), short: z.boolean().optional() });

const confirm = z.strictObject({ title: z.string().default(''), text: z.string().min(1), ok_text: z.string().default(''), dismiss_text: z.string().default('') });

const action = z.strictObject({
  type: z.string().min(1),
  text: z.string().min(1),
  url: z.string().default(''),
  style: z.string().default(''),
  name: z.string().default(''),
  value: z.string().default(''),
  confirm: confirm.optional(),
});

/** An entry of `slack_configs`, with the names and defaults Alertmanager has for the keys. Every text but addresses of the API is a template. */
export const slackConfig = z
  .strictObject({
    api_url: address.optional().describe('The address of the incoming webhook.'),
    api_url_file: z.string().optional(),
    send_resolved: z.boolean().default(false).describe('Whether it is told of alerts that have ended.'),
    channel: z.string().default('').describe('The channel or user, where the webhook allows another than its own; a template.'),
    username: z.string().default('{{ template "slack.default.username" . }}').describe('Whom the message is from; a template.'),
    color: z.string().default('{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}').describe('`good`, `warning`, `danger` or `#rrggbb`; a template.'),
    title: z.string().default('{{ template "slack.default.title" . }}').describe('The headline; a template.'),
    title_link: z.string().default('{{ template "slack.default.titlelink" . }}').describe('Where the headline leads; a template.'),
    pretext: z.string().default('{{ template "slack.default.pretext" . }}').describe('Stands above the message; a template.'),
    text: z.string().default('{{ template "slack.default.text" . }}').describe('The message; a template.'),
    fallback: z.string().default('{{ template "slack.default.fallback" . }}').describe("For where the message can't be shown; a template."),
    footer: z.string().default('{{ template "slack.default.footer" . }}').describe('Stands below the message; a template.'),
    icon_emoji: z.string().default('{{ template "slack.default.iconemoji" . }}').describe("The sender's picture, as `:fire:`; a template."),
    icon_url: z.string().default('{{ template "slack.default.iconurl" . }}'),
    image_url: z.string().default(''),
    thumb_url: z.string().default(''),
    callback_id: z.string().default(''),
    link_names: z.boolean().default(false),
    short_fields: z.boolean().default(false),
    mrkdwn_in: z.array(z.string()).default(['fallback', 'pretext', 'text']),
    fields: z.array(field).default([]).describe('Titles and values in a table below the message; templates.'),
    actions: z.array(action).default([]).describe('Buttons below the message.'),
    timeout: duration.prefault('10s').refine((timeout) => timeout > 0, { message: 'is 0, expected more' }).describe('How long an attempt may take.'),
    http_config: httpConfig.prefault({}).describe('Options of HTTP: TLS, proxies, headers.'),
  })
  .refine(({ api_url, api_url_file }) => (api_url === undefined) !== (api_url_file === undefined), {
    message: 'takes exactly one of api_url and api_url_file; global.slack_api_url stands for it where it is set',
  });

export type SlackConfig = z.infer<typeof slackConfig>;
