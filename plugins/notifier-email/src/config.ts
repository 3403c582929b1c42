import { z } from 'zod';
import { tlsConfig } from '@metrics-dashboard/http-client';
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

/** `host:port`. */
const smarthost = z
  .string()
  .regex(/^(?:\[[^\]]+\]|[^:[\]\s]+):\d{1,5}$/, 'is not a host and a port, expected a form like mail.example.org:587')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
  });

/** An entry of `email_configs`, with the names and defaults Alertmanager has for the keys. */
export const emailConfig = z
  .strictObject({
    /** Addresses with commas between them; a template. */
    to: z.string().trim().min(1),
    from: z.string({ error: 'is missing: an address here, or global.smtp_from' }).trim().min(1),
    smarthost,
    /** What it calls itself. */
    hello: z.string().default('localhost'),
    auth_username: z.string().optional(),
    auth_password: z.string().optional(),
    auth_password_file: z.string().optional(),
    /** Whether nothing is sent without TLS. */
    require_tls: z.boolean().default(true),
    /** TLS from the first byte, as on port 465; by default there, and STARTTLS everywhere else. */
    force_implicit_tls: z.boolean().optional(),
    tls_config: tlsConfig.prefault({}),
    send_resolved: z.boolean().default(false),
    /** Further headers, and other texts for `Subject`; templates. */
    headers: z.record(z.string().regex(/^[!-9;-~]+$/, 'is not the name of a header'), z.string()).default({}),
    html: z.string().default('{{ template "email.default.html" . }}'),
    text: z.string().default('{{ template "email.default.text" . }}'),
    timeout: duration.prefault('30s').refine((timeout) => timeout > 0, { message: 'is 0, expected more' }),
  })
  .refine(({ auth_password, auth_password_file }) => auth_password === undefined || auth_password_file === undefined, {
    message: 'takes one of auth_password and auth_password_file',
  });

export type EmailConfig = z.infer<typeof emailConfig>;
