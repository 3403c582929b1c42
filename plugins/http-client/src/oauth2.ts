import { Agent } from 'undici';
import { ScrapeError } from '@metrics-dashboard/sdk';
import type { Clock } from '@metrics-dashboard/sdk';
import { readBody } from './body.js';
import type { OAuth2Config } from './config.js';
import { connectorFor, proxyAuthorization } from './connector.js';
import { scrapeFailure } from './failure.js';
import { proxyFor } from './proxy.js';
import type { ProxyFor } from './proxy.js';
import { secret } from './secret.js';

/** A token is renewed so long before its end, since the way to the target takes time too. */
const MARGIN = 10_000;

/** Of a token server, longer than any sensible answer. */
const MOST_BYTES = 1024 * 1024;

interface Token {
  readonly header: string;
  /** On the monotonic clock. */
  readonly until: number;
}

/**
 * Tokens of the client credentials grant, asked for when one is needed and kept until shortly before their end.
 * Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.4.
 */
export class TokenSource {
  readonly #config: OAuth2Config;
  readonly #clock: Clock;
  readonly #proxy: ProxyFor;
  readonly #agent: Agent;
  #token: Promise<Token> | undefined;
  /** Some servers read the client's credentials from the header, some from the form. */
  #inForm = false;

  constructor(config: OAuth2Config, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#proxy = proxyFor(config);
    const connect = connectorFor({
      tls: config.tls_config,
      allowH2: false,
      proxy: this.#proxy,
      connectHeaders: config.proxy_connect_header,
    });
    this.#agent = new Agent({ connect });
  }

  /** The value of the Authorization header. Rejects with a `ScrapeError` that says why there is no token. */
  async header(signal: AbortSignal): Promise<string> {
    for (let pending = this.#token; pending !== undefined; pending = this.#token) {
      const known = await pending.catch(() => undefined);
      if (known !== undefined && known.until > this.#clock.elapsed()) return known.header;
      // Whoever else waited for the same token has not begun to renew it.
      if (this.#token === pending) break;
    }
    const asked = this.#ask(signal);
    this.#token = asked;
    return (await asked).header;
  }

  /** The token was not accepted: the next request asks for another. */
  forget(): void {
    this.#token = undefined;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(signal: AbortSignal): Promise<Token> {
    const place = new URL(this.#config.token_url);
    try {
      const first = await this.#post(place, this.#inForm, signal);
      if (first.status < 400 || first.status >= 500) return this.#tokenOf(first);
      const second = await this.#post(place, !this.#inForm, signal);
      const token = this.#tokenOf(second.status < 300 ? second : first);
      this.#inForm = !this.#inForm;
      return token;
    } catch (error) {
      throw new ScrapeError(`oauth2: ${scrapeFailure(error, place).message}`, { cause: error });
    }
  }

  async #post(place: URL, inForm: boolean, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const { client_id: id, client_secret: text, client_secret_file: file, scopes, endpoint_params: params } = this.#config;
    const password = await secret(text, file);
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...params });
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
    if (inForm) {
      form.set('client_id', id);
      form.set('client_secret', password);
    }
    const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64');
    const proxy = place.protocol === 'http:' ? this.#proxy(place) : undefined;
    const proxyCredentials = proxy && proxyAuthorization(proxy);
    const response = await this.#agent.request({
      origin: proxy?.origin ?? place.origin,
      path: proxy === undefined ? place.pathname + place.search : place.href,
      method: 'POST',
      headers: {
        host: place.host,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(!inForm && { authorization: `Basic ${basic}` }),
        ...(proxyCredentials !== undefined && { 'proxy-authorization': proxyCredentials }),
      },
      body: form.toString(),
      signal,
    });
    const body = await readBody(response.body, '', MOST_BYTES);
    return { status: response.statusCode, text: Buffer.from(body).toString() };
  }

  #tokenOf({ status, text }: { status: number; text: string }): Token {
    const place = JSON.stringify(this.#config.token_url);
    if (status < 200 || status >= 300) throw new ScrapeError(`${place} gives no token: status ${status}`);
    const answer = parsed(text);
    const token = answer['access_token'];
    if (typeof token !== 'string' || token === '') throw new ScrapeError(`${place} gives no token: its answer has no access_token`);
    const type = typeof answer['token_type'] === 'string' ? answer['token_type'] : 'Bearer';
    const seconds = Number(answer['expires_in'] ?? Infinity);
    const life = Number.isNaN(seconds) || seconds <= 0 ? Infinity : seconds * 1000;
    const until = this.#clock.elapsed() + Math.max(life - MARGIN, life / 2);
    return { header: `${type.toLowerCase() === 'bearer' ? 'Bearer' : type} ${token}`, until };
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
