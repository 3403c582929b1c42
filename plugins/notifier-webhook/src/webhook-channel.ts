import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { HttpSender } from '@metrics-dashboard/http-client';
import { DeliveryError } from '@metrics-dashboard/sdk';
import type { Clock, MessageTemplate, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import { isHttpAddress } from './config.js';
import type { WebhookConfig } from './config.js';
import { messageOfNotification } from './message.js';

/**
 * Posts notifications to an address. The address itself may be a secret, so messages name its host alone; files of
 * secrets are read for each notification, so that a rotated one needs no reload.
 */
export class WebhookChannel implements NotifierChannel {
  readonly sendsResolved: boolean;
  readonly templates: Readonly<Record<string, MessageTemplate>>;
  readonly #config: WebhookConfig;
  readonly #sender: HttpSender;

  constructor(config: WebhookConfig, clock: Clock) {
    this.sendsResolved = config.send_resolved;
    this.templates = config.payload === undefined ? {} : { payload: { text: config.payload } };
    this.#config = config;
    this.#sender = new HttpSender(config.http_config, clock);
  }

  async send(notification: Notification, signal: AbortSignal): Promise<void> {
    const { timeout, max_alerts: maxAlerts, content_type: contentType } = this.#config;
    const url = await this.#url();
    // Equal for repeated attempts: what a receiver can drop doubles by.
    const headers = { 'content-type': contentType, 'idempotency-key': notification.idempotencyKey };
    const body = notification.texts['payload'] ?? messageOfNotification(notification, maxAlerts);
    const { status, retryAfter } = await this.#sender.post({ url, body, timeout, headers }, signal);
    if (status >= 200 && status < 300) return;
    const text = `${url.host} answered with status ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
    throw new DeliveryError(text, status >= 500 || status === 429, { retryAfter });
  }

  async #url(): Promise<URL> {
    const { url, url_file: file } = this.#config;
    const text = file === undefined ? (url ?? '') : (await contentOf(file)).trim();
    if (!isHttpAddress(text)) throw new DeliveryError(`what ${JSON.stringify(file)} holds is not an http or https address`, false);
    return new URL(text);
  }
}

/** A file may be about to be replaced, so the delivery is worth another attempt. */
async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DeliveryError(`${JSON.stringify(file)} can't be read`, true, { cause: error });
  }
}
