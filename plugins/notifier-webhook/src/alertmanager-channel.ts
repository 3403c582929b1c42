import { STATUS_CODES } from 'node:http';
import { HttpSender } from '@metrics-dashboard/http-client';
import { DeliveryError } from '@metrics-dashboard/sdk';
import type { Alert, Clock, Notification, NotifierChannel, Timestamp } from '@metrics-dashboard/sdk';
import type { AlertmanagerConfig } from './config.js';

/**
 * Posts the alerts of notifications, as they are, to an Alertmanager: to the path `/api/v2/alerts` of its API. It groups
 * and notifies by itself. Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml.
 */
export class AlertmanagerChannel implements NotifierChannel {
  readonly #config: AlertmanagerConfig;
  readonly #sender: HttpSender;

  constructor(config: AlertmanagerConfig, clock: Clock) {
    this.#config = config;
    this.#sender = new HttpSender(config.http_config, clock);
  }

  async send({ alerts }: Notification, signal: AbortSignal): Promise<void> {
    const url = new URL(this.#config.url);
    const body = JSON.stringify(alerts.map(alertMessage));
    const { status, retryAfter } = await this.#sender.post({ url, body, timeout: this.#config.timeout, headers: { 'content-type': 'application/json' } }, signal);
    if (status >= 200 && status < 300) return;
    throw new DeliveryError(`${url.host} answered with status ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(), status >= 500 || status === 429, { retryAfter });
  }
}

/** Of an alert that fires, the end is when it counts as resolved unless it is heard of again. */
function alertMessage({ labels, annotations, startsAt, endsAt, generatorUrl }: Alert): unknown {
  return { labels, annotations, startsAt: timeText(startsAt), ...(endsAt !== undefined && { endsAt: timeText(endsAt) }), ...(generatorUrl !== '' && { generatorURL: generatorUrl }) };
}

function timeText(at: Timestamp): string {
  return new Date(at).toISOString();
}
