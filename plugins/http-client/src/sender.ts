import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { DeliveryError, ScrapeError, formatDuration } from '@metrics-dashboard/sdk';
import type { Clock, Duration } from '@metrics-dashboard/sdk';
import type { HttpConfig } from './config.js';
import { connectorFor, proxyAuthorization } from './connector.js';
import { authorizationHeader, extraHeaders } from './credentials.js';
import { sentenceOf } from './failure.js';
import { TokenSource } from './oauth2.js';
import { proxyFor } from './proxy.js';
import type { ProxyFor } from './proxy.js';

/** Of an answer, so much is read. */
const ANSWER_LIMIT = 65_536;

export interface PostRequest {
  readonly url: URL;
  readonly body: string;
  readonly timeout: Duration;
  /** In lower case; `content-type` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface PostAnswer {
  readonly status: number;
  /** The beginning of the body. */
  readonly body: string;
  /** How long the other side asks to be left alone; undefined where it does not say. */
  readonly retryAfter: Duration | undefined;
}

/**
 * Posts, each time over a connection of its own, by the options of one place in the configuration. An answer of any status
 * resolves, and redirects are not followed. Rejects with a `DeliveryError` that can be retried when there is none; its
 * message names the host alone, since the rest of an address may be a secret.
 */
export class HttpSender {
  readonly #config: HttpConfig;
  readonly #clock: Clock;
  readonly #proxy: ProxyFor;
  readonly #tokens: TokenSource | undefined;

  constructor(config: HttpConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#proxy = proxyFor(config);
    this.#tokens = config.oauth2 && new TokenSource(config.oauth2, clock);
  }

  async post(request: PostRequest, signal: AbortSignal): Promise<PostAnswer> {
    const { url, timeout } = request;
    const ended = new AbortController();
    let isLate = false;
    const timer = this.#clock.sleep(timeout, ended.signal).then(() => {
      isLate = !ended.signal.aborted;
      ended.abort();
    });
    try {
      return await this.#post(request, AbortSignal.any([signal, ended.signal]));
    } catch (error) {
      if (signal.aborted) throw new DeliveryError('the delivery was given up', true, { cause: error });
      if (isLate) throw new DeliveryError(`${url.host} gave no answer within ${formatDuration(timeout)}`, true);
      // What credentials are fetched with has a sentence of its own.
      const sentence = error instanceof ScrapeError ? error.message : (sentenceOf(error, url) ?? 'the connection broke off');
      throw new DeliveryError(`no delivery to ${url.host}: ${sentence}`, true, { cause: error });
    } finally {
      ended.abort();
      await timer;
    }
  }

  async #post(request: PostRequest, signal: AbortSignal): Promise<PostAnswer> {
    const agent = this.#agent();
    try {
      const options = this.#optionsFor(request.url, await this.#headers(request, signal), request.body, signal);
      const response = await agent.request(options);
      if (response.statusCode === 401) this.#tokens?.forget();
      return { status: response.statusCode, body: await beginningOf(response.body), retryAfter: this.#retryAfter(response) };
    } finally {
      await agent.destroy();
    }
  }

  #agent(): Agent {
    const { tls_config: tls, enable_http2: allowH2, proxy_connect_header: connectHeaders } = this.#config;
    return new Agent({ connect: connectorFor({ tls, allowH2, proxy: this.#proxy, connectHeaders }), allowH2, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** A proxy is asked for an http address whole; to an https one the connection is a tunnel. */
  #optionsFor(url: URL, headers: Record<string, string | string[]>, body: string, signal: AbortSignal): Dispatcher.RequestOptions {
    const proxy = url.protocol === 'http:' ? this.#proxy(url) : undefined;
    const common = { method: 'POST', body, signal, reset: true } as const;
    if (proxy === undefined) return { ...common, origin: url.origin, path: url.pathname + url.search, headers };
    const credentials = proxyAuthorization(proxy);
    const ofProxy = { host: url.host, ...(credentials !== undefined && { 'proxy-authorization': credentials }) };
    return { ...common, origin: proxy.origin, path: `${url.origin}${url.pathname}${url.search}`, headers: { ...headers, ...ofProxy } };
  }

  async #headers({ headers }: PostRequest, signal: AbortSignal): Promise<Record<string, string | string[]>> {
    const authorization = this.#tokens ? await this.#tokens.header(signal) : await authorizationHeader(this.#config);
    return { 'user-agent': 'MetricsDashboard', ...headers, ...(await extraHeaders(this.#config)), ...(authorization !== undefined && { authorization }) };
  }

  /** Seconds, or a date. */
  #retryAfter({ headers }: Dispatcher.ResponseData): Duration | undefined {
    const text = [headers['retry-after']].flat()[0]?.trim() ?? '';
    if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
    const at = Date.parse(text);
    return Number.isNaN(at) ? undefined : Math.max(0, at - this.#clock.now());
  }
}

async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    parts.push(part);
    size += part.length;
    if (size >= ANSWER_LIMIT) break;
  }
  return Buffer.concat(parts).subarray(0, ANSWER_LIMIT).toString('utf8');
}
