import { readFile } from 'node:fs/promises';
import { HttpSender } from '@metrics-dashboard/http-client';
import { DeliveryError } from '@metrics-dashboard/sdk';
import type { Clock, MessageTemplate, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import type { SlackConfig } from './config.js';
import { slackMessage, slackTemplates } from './message.js';

/** What Slack answers when the very same may work later. */
const MAY_PASS: ReadonlySet<string> = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'ratelimited', 'request_timeout', 'team_added_to_org']);

/** Posts a message for each notification to an incoming webhook of Slack, or of what speaks like it. The address is the secret. */
export class SlackChannel implements NotifierChannel {
  readonly sendsResolved: boolean;
  readonly templates: Readonly<Record<string, MessageTemplate>>;
  readonly #config: SlackConfig;
  readonly #sender: HttpSender;

  constructor(config: SlackConfig, clock: Clock) {
    this.sendsResolved = config.send_resolved;
    this.templates = slackTemplates(config);
    this.#config = config;
    this.#sender = new HttpSender(config.http_config, clock);
  }

  async send(notification: Notification, signal: AbortSignal): Promise<void> {
    const url = await this.#url();
    const headers = { 'content-type': 'application/json', 'idempotency-key': notification.idempotencyKey };
    const body = slackMessage(this.#config, notification);
    const answer = await this.#sender.post({ url, body, timeout: this.#config.timeout, headers }, signal);
    const { status, retryAfter } = answer;
    const problem = problemIn(answer.body);
    if (status >= 200 && status < 300 && problem === undefined) return;
    const isRetryable = status >= 500 || status === 429 || (problem !== undefined && MAY_PASS.has(problem));
    throw new DeliveryError(`${url.host} answered with status ${status}${problem === undefined ? '' : `: ${problem}`}`, isRetryable, { retryAfter });
  }

  async #url(): Promise<URL> {
    const { api_url: url, api_url_file: file } = this.#config;
    if (file === undefined) return new URL(url ?? '');
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new DeliveryError(`${JSON.stringify(file)} can't be read`, true, { cause });
    });
    if (!URL.canParse(text.trim())) throw new DeliveryError(`what ${JSON.stringify(file)} holds is not an address`, false);
    return new URL(text.trim());
  }
}

/**
 * An incoming webhook answers `ok` or a word for what is wrong, an app JSON with `ok` and `error`. Only words are repeated:
 * an answer of somebody else may hold anything.
 */
function problemIn(body: string): string | undefined {
  const text = body.trim();
  if (/^[a-z_]{1,60}$/.test(text)) return text === 'ok' ? undefined : text;
  if (!text.startsWith('{')) return undefined;
  try {
    const { ok, error } = JSON.parse(text) as { readonly ok?: unknown; readonly error?: unknown };
    if (ok !== false) return undefined;
    return typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : 'not ok';
  } catch {
    return undefined;
  }
}
