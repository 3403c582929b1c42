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

const address = z.string().refine(isHttpAddress, { message: 'is not an http or https address' });

/** An entry of `webhook_configs`, with the names Alertmanager has for the keys. */
export const webhookConfig = z
  .strictObject({
    url: address.optional().describe('Where the message is posted to.'),
    url_file: z.string().optional(),
    send_resolved: z.boolean().default(true).describe('Whether it is told of alerts that have ended.'),
    max_alerts: z.number().int().min(0).default(0).describe('More alerts than this are left out of a message; 0: none are.'),
    timeout: duration.prefault('10s').refine((timeout) => timeout > 0, { message: 'is 0, expected more' }).describe('How long an attempt may take.'),
    http_config: httpConfig.prefault({}).describe('Options of HTTP: authentication, TLS, proxies, headers.'),
    payload: z.string().optional().describe("The body, a template; without one, Alertmanager's JSON."),
    content_type: z.string().default('application/json').describe('Of the body.'),
  })
  .refine(({ url, url_file }) => (url === undefined) !== (url_file === undefined), {
    message: 'takes exactly one of url and url_file',
  });

export type WebhookConfig = z.infer<typeof webhookConfig>;

/** An entry of `alertmanager_configs`; `alerting.alertmanagers` become such. */
export const alertmanagerConfig = z.strictObject({
  url: address.describe('With the path: `http://alertmanager:9093/api/v2/alerts`.'),
  timeout: duration.prefault('10s').refine((timeout) => timeout > 0, { message: 'is 0, expected more' }),
  http_config: httpConfig.prefault({}),
});

export type AlertmanagerConfig = z.infer<typeof alertmanagerConfig>;

/** Whether a text is an absolute address that can be posted to. */
export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
