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
    to: z.string().trim().min(1).describe('Addresses with commas between them; a template.'),
    from: z.string({ error: 'is missing: an address here, or global.smtp_from' }).trim().min(1).describe('The address that it is from; a template.'),
    smarthost: smarthost.describe('The server that takes it, as `mail.example.org:587`.'),
    hello: z.string().default('localhost').describe('What it calls itself to the server.'),
    auth_username: z.string().optional().describe('Where the server asks who it is.'),
    auth_password: z.string().optional().describe('Where the server asks who it is.'),
    auth_password_file: z.string().optional(),
    require_tls: z.boolean().default(true).describe('Whether nothing is sent without TLS.'),
    force_implicit_tls: z.boolean().optional().describe('TLS from the first byte, as on port 465; by default there, and STARTTLS everywhere else.'),
    tls_config: tlsConfig.prefault({}).describe('How the server is recognised.'),
    send_resolved: z.boolean().default(false).describe('Whether it is told of alerts that have ended.'),
    headers: z
      .record(z.string().regex(/^[!-9;-~]+$/, 'is not the name of a header'), z.string())
      .default({})
      .describe('Further headers, and other texts for `Subject`; templates.'),
    html: z.string().default('{{ template "email.default.html" . }}').describe('The message as HTML; a template.'),
    text: z.string().default('{{ template "email.default.text" . }}').describe('The message as plain text; a template.'),
    timeout: duration
      .prefault('30s')
      .refine((timeout) => timeout > 0, { message: 'is 0, expected more' })
      .describe('How long an attempt may take.'),
  })
  .refine(({ auth_password, auth_password_file }) => auth_password === undefined || auth_password_file === undefined, {
    message: 'takes one of auth_password and auth_password_file',
  });

export type EmailConfig = z.infer<typeof emailConfig>;
