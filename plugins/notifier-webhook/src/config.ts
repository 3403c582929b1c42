import { z } from 'zod';
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

const basicAuth = z.strictObject({
  username: z.string().default(''),
  password: z.string().optional(),
  password_file: z.string().optional(),
});

const authorization = z
  .strictObject({
    type: z.string().trim().min(1).default('Bearer'),
    credentials: z.string().optional(),
    credentials_file: z.string().optional(),
  })
  .refine(({ credentials, credentials_file }) => (credentials === undefined) !== (credentials_file === undefined), {
    message: 'takes exactly one of credentials and credentials_file',
  });

const tlsConfig = z.strictObject({
  ca_file: z.string().optional(),
  cert_file: z.string().optional(),
  key_file: z.string().optional(),
  server_name: z.string().optional(),
  insecure_skip_verify: z.boolean().default(false),
});

const httpConfig = z
  .strictObject({
    basic_auth: basicAuth.optional(),
    authorization: authorization.optional(),
    tls_config: tlsConfig.prefault({}),
  })
  .refine(({ basic_auth, authorization: other }) => basic_auth === undefined || other === undefined, {
    message: 'takes one of basic_auth and authorization',
  });

export type HttpConfig = z.infer<typeof httpConfig>;

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
  })
  .refine(({ url, url_file }) => (url === undefined) !== (url_file === undefined), {
    message: 'takes exactly one of url and url_file',
  });

export type WebhookConfig = z.infer<typeof webhookConfig>;

/** Whether a text is an absolute address that can be posted to. */
export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
