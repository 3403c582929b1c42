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
    url: address.optional(),
    url_file: z.string().optional(),
    send_resolved: z.boolean().default(true),
    /** 0: all of them. */
    max_alerts: z.number().int().min(0).default(0),
    timeout: duration.prefault('10s').refine((timeout) => timeout > 0, { message: 'is 0, expected more' }),
    http_config: httpConfig.prefault({}),
    /** A template of the body; undefined: Alertmanager's JSON. */
    payload: z.string().optional(),
    content_type: z.string().default('application/json'),
  })
  .refine(({ url, url_file }) => (url === undefined) !== (url_file === undefined), {
    message: 'takes exactly one of url and url_file',
  });

export type WebhookConfig = z.infer<typeof webhookConfig>;

/** An entry of `alertmanager_configs`; `alerting.alertmanagers` become such. */
export const alertmanagerConfig = z.strictObject({
  /** With the path: `http://alertmanager:9093/api/v2/alerts`. */
  url: address,
  timeout: duration.prefault('10s').refine((timeout) => timeout > 0, { message: 'is 0, expected more' }),
  http_config: httpConfig.prefault({}),
});

export type AlertmanagerConfig = z.infer<typeof alertmanagerConfig>;

/** Whether a text is an absolute address that can be posted to. */
export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
