import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import type { RequestOptions } from 'node:https';
import { DeliveryError, formatDuration } from '@metrics-dashboard/sdk';
import type { Clock, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import { isHttpAddress } from './config.js';
import type { HttpConfig, WebhookConfig } from './config.js';
import { messageOfNotification } from './message.js';
import { post } from './post.js';

/**
 * Posts notifications to an address. The address itself may be a secret, so messages name its host alone; files of
 * secrets are read for each notification, so that a rotated one needs no reload.
 */
export class WebhookChannel implements NotifierChannel {
  readonly sendsResolved: boolean;
  readonly #config: WebhookConfig;
  readonly #clock: Clock;

  constructor(config: WebhookConfig, clock: Clock) {
    this.sendsResolved = config.send_resolved;
    this.#config = config;
    this.#clock = clock;
  }

  async send(notification: Notification, signal: AbortSignal): Promise<void> {
    const url = await this.#url();
    const options = await requestOptions(this.#config.http_config);
    const headers = {
      ...options.headers,
      'user-agent': 'MetricsDashboard',
      // Equal for repeated attempts: what a receiver can drop doubles by.
      'idempotency-key': notification.idempotencyKey,
    };
    const body = messageOfNotification(notification, this.#config.max_alerts);
    const status = await this.#post(url, body, { ...options, headers }, signal);
    if (status >= 200 && status < 300) return;
    const text = `${url.host} answered with status ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
    throw new DeliveryError(text, status >= 500 || status === 429);
  }

  async #post(url: URL, body: string, options: RequestOptions, signal: AbortSignal): Promise<number> {
    const { timeout } = this.#config;
    const ended = new AbortController();
    let isLate = false;
    const timer = this.#clock.sleep(timeout, ended.signal).then(() => {
      isLate = !ended.signal.aborted;
      ended.abort();
    });
    try {
      return await post(url, body, options, AbortSignal.any([signal, ended.signal]));
    } catch (error) {
      if (signal.aborted) throw new DeliveryError('the delivery was given up', true, { cause: error });
      if (isLate) throw new DeliveryError(`${url.host} gave no answer within ${formatDuration(timeout)}`, true);
      throw new DeliveryError(`no delivery to ${url.host}`, true, { cause: error });
    } finally {
      ended.abort();
      await timer;
    }
  }

  async #url(): Promise<URL> {
    const { url, url_file: file } = this.#config;
    const text = file === undefined ? (url ?? '') : (await contentOf(file)).trim();
    if (!isHttpAddress(text)) throw new DeliveryError(`what ${JSON.stringify(file)} holds is not an http or https address`, false);
    return new URL(text);
  }
}

async function requestOptions(config: HttpConfig): Promise<RequestOptions> {
  const { ca_file: ca, cert_file: cert, key_file: key, server_name: name, insecure_skip_verify: anybody } = config.tls_config;
  const authorization = await authorizationHeader(config);
  return {
    ...(ca !== undefined && { ca: await contentOf(ca) }),
    ...(cert !== undefined && { cert: await contentOf(cert) }),
    ...(key !== undefined && { key: await contentOf(key) }),
    ...(name !== undefined && { servername: name }),
    rejectUnauthorized: !anybody,
    headers: authorization === undefined ? {} : { authorization },
  };
}

async function authorizationHeader({ basic_auth: basic, authorization }: HttpConfig): Promise<string | undefined> {
  if (basic !== undefined) {
    const password = await secret(basic.password, basic.password_file);
    return `Basic ${Buffer.from(`${basic.username}:${password}`).toString('base64')}`;
  }
  if (authorization === undefined) return undefined;
  return `${authorization.type} ${await secret(authorization.credentials, authorization.credentials_file)}`;
}

async function secret(text: string | undefined, file: string | undefined): Promise<string> {
  return file === undefined ? (text ?? '') : (await contentOf(file)).trim();
}

/** A file may be about to be replaced, so the delivery is worth another attempt. */
async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DeliveryError(`${JSON.stringify(file)} can't be read`, true, { cause: error });
  }
}
