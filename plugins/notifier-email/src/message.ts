import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { MessageTemplate, Notification } from '@metrics-dashboard/sdk';
import type { EmailConfig } from './config.js';

/** A message as it goes over the wire, and whom it goes to. */
export interface Email {
  readonly envelope: { readonly from: string | false; readonly to: string[] };
  readonly content: Buffer;
}

const SUBJECT = '{{ template "email.default.subject" . }}';

/** Every template of the configuration, by its path. */
export function emailTemplates({ to, from, headers, html, text }: EmailConfig): Record<string, MessageTemplate> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [`headers.${name}`, { text: value }]));
  const isSubject = (name: string): boolean => name.toLowerCase() === 'subject';
  return {
    to: { text: to },
    from: { text: from },
    ...(Object.keys(headers).some(isSubject) ? {} : { subject: { text: SUBJECT } }),
    ...own,
    ...(html !== '' && { html: { text: html, html: true } }),
    ...(text !== '' && { text: { text } }),
  };
}

/**
 * The message of the texts that the templates made. Repeated attempts have one Message-ID, and messages about one group
 * refer to one another, so that mail programs show them as one conversation.
 */
export async function emailOf({ headers }: EmailConfig, { texts, idempotencyKey, groupKey }: Notification): Promise<Email> {
  const oneLine = (path: string): string => (texts[path] ?? '').replace(/\s+/g, ' ').trim();
  const own = Object.keys(headers).map((name) => [name, oneLine(`headers.${name}`)] as const);
  const given = new Map(own.map(([name, value]) => [name.toLowerCase(), value]));
  const thread = `<${createHash('sha256').update(groupKey).digest('hex').slice(0, 32)}@metrics-dashboard>`;
  const composed = new MailComposer({
    from: given.get('from') ?? oneLine('from'),
    to: given.get('to') ?? oneLine('to'),
    subject: given.get('subject') ?? oneLine('subject'),
    messageId: `<${idempotencyKey}@metrics-dashboard>`,
    inReplyTo: thread,
    references: thread,
    headers: { 'X-Idempotency-Key': idempotencyKey, 'Auto-Submitted': 'auto-generated', ...Object.fromEntries(own.filter(([name]) => !/^(?:from|to|subject)$/i.test(name))) },
    ...(texts['text'] !== undefined && { text: texts['text'] }),
    ...(texts['html'] !== undefined && { html: texts['html'] }),
    // What templates make is never read as a name of a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  // The addresses that the configuration says, whatever headers say for people to read.
  const { from, to } = addressesOf(oneLine('from'), oneLine('to'));
  return { envelope: { from, to }, content: await composed.build() };
}

function addressesOf(from: string, to: string): Email['envelope'] {
  const envelope = new MailComposer({ from, to, text: '' }).compile().getEnvelope();
  return { from: envelope.from, to: envelope.to };
}
