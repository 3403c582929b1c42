import { STATUS_CODES } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { ScrapeError, formatDuration } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Exposition } from '@metrics-dashboard/sdk';
import { ACCEPT_ENCODING, decompress, mostBytes, tooLarge } from './body.js';
import type { HttpConfig } from './config.js';
import { connectorFor, proxyAuthorization } from './connector.js';
import { authorizationHeader, extraHeaders } from './credentials.js';
import { exchange } from './exchange.js';
import type { Answer } from './exchange.js';
import { isClosedConnection, scrapeFailure } from './failure.js';
import { MemoryBudget } from './memory-budget.js';
import { TokenSource } from './oauth2.js';
import { proxyFor } from './proxy.js';
import type { ProxyFor } from './proxy.js';

const MAX_REDIRECTS = 10;

/** Longer than most intervals, so that a connection serves more than one request; a server that says less is heard. */
const KEEP_ALIVE = 5 * 60_000;

const GIVEN_UP = new Error('the request was given up');

/** Of the body of a redirect or an error, so much is read and thrown away to keep the connection; a larger one is not worth it. */
const DUMP_LIMIT = 16_384;

export interface HttpRequest {
  readonly url: string;
  readonly timeout: Duration;
  /** The most bytes a body may have once decompressed; 0 for the client's own limit. */
  readonly bodySizeLimit: number;
  /** In lower case; `accept` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Record<string, string | string[] | undefined>;

/**
 * Fetches with GET, over connections that are kept open, by the options of one place in the configuration.
 * Rejects with a `ScrapeError` that a person understands; never resolves with a part of a body.
 */
export class HttpClient {
  readonly #config: HttpConfig;
  readonly #clock: Clock;
  readonly #agent: Agent;
  readonly #proxy: ProxyFor;
  readonly #tokens: TokenSource | undefined;
  readonly #budget = new MemoryBudget();

  constructor(config: HttpConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#proxy = proxyFor(config);
    this.#tokens = config.oauth2 && new TokenSource(config.oauth2, clock);
    this.#agent = new Agent({
      connect: connectorFor({
        tls: config.tls_config,
        allowH2: config.enable_http2,
        proxy: this.#proxy,
        connectHeaders: config.proxy_connect_header,
      }),
      allowH2: config.enable_http2,
      // The request's own timeout is the one that counts, and it is on the clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE,
    });
  }

  async get(request: HttpRequest, signal: AbortSignal): Promise<Exposition> {
    const url = parsedUrl(request.url);
    const ended = new AbortController();
    const stop = (): void => ended.abort(GIVEN_UP);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let late = false;
    const timer = this.#clock.sleep(request.timeout, ended.signal).then(() => {
      late = !ended.signal.aborted;
      stop();
    });
    try {
      return await this.#fetch(url, request, ended.signal);
    } catch (error) {
      if (signal.aborted) throw new ScrapeError('the scrape was given up', { cause: error });
      if (late) throw new ScrapeError(`no answer within ${formatDuration(request.timeout)}`, { cause: error });
      throw scrapeFailure(error, url);
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      await timer;
    }
  }

  /** Ends connections that are kept open. Idempotent. */
  async close(): Promise<void> {
    await this.#agent.destroy();
    await this.#tokens?.close();
  }

  async #fetch(first: URL, request: HttpRequest, signal: AbortSignal): Promise<Exposition> {
    const headers = await this.#headers(request, signal);
    let url = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      // Another host was not promised the credentials.
      const own: Headers = url.origin === first.origin ? headers : withoutSecrets(headers, this.#config);
      const answer = await this.#request(this.#optionsFor(url, own), request.bodySizeLimit, signal);
      if (answer.statusCode === 401) this.#tokens?.forget();
      const next = this.#config.follow_redirects ? redirectOf(answer, url) : undefined;
      if (next === undefined) return await expositionOf(answer, request.bodySizeLimit, signal);
      url = next;
    }
    throw new ScrapeError(`more than ${MAX_REDIRECTS} redirects, the last to ${JSON.stringify(url.href)}`);
  }

  /** A proxy is asked for an http address whole; to an https one the connection is a tunnel. */
  #optionsFor(url: URL, headers: Headers): Dispatcher.DispatchOptions {
    const proxy = url.protocol === 'http:' ? this.#proxy(url) : undefined;
    if (proxy === undefined) return { origin: url.origin, path: url.pathname + url.search, method: 'GET', headers };
    const credentials = proxyAuthorization(proxy);
    const ofProxy = { host: url.host, ...(credentials !== undefined && { 'proxy-authorization': credentials }) };
    const path = `${url.origin}${url.pathname}${url.search}`;
    return { origin: proxy.origin, path, method: 'GET', headers: { ...headers, ...ofProxy } };
  }

  /** The other side may close a kept connection in the very moment it is used again; a second attempt gets a fresh one. */
  async #request(options: Dispatcher.DispatchOptions, limit: number, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.#exchange(options, limit, signal);
    } catch (error) {
      if (!isClosedConnection(error) || signal.aborted) throw error;
      return await this.#exchange(options, limit, signal);
    }
  }

  async #exchange(request: Dispatcher.DispatchOptions, limit: number, signal: AbortSignal): Promise<Answer> {
    const most = mostBytes(limit);
    let taken = 0;
    const onData = (status: number, size: number, piece: number): void => {
      if (size > most) throw tooLarge(most);
      // What is not an exposition is not worth reading.
      if ((status < 200 || status >= 300) && size > DUMP_LIMIT) throw new ScrapeError(statusSentence(status, {}));
      this.#budget.take(piece);
      taken += piece;
    };
    try {
      return await exchange(this.#agent, { request, onData, signal });
    } finally {
      this.#budget.give(taken);
    }
  }

  async #headers({ headers }: HttpRequest, signal: AbortSignal): Promise<Headers> {
    const authorization = this.#tokens ? await this.#tokens.header(signal) : await authorizationHeader(this.#config);
    return {
      'accept-encoding': this.#config.enable_compression ? ACCEPT_ENCODING : 'identity',
      'user-agent': 'MetricsDashboard',
      ...headers,
      ...(await extraHeaders(this.#config)),
      ...(authorization !== undefined && { authorization }),
    };
  }
}

/** What the configuration adds is for the host it names. */
function withoutSecrets(headers: Headers, { http_headers: extra }: HttpConfig): Headers {
  const secrets = new Set(['authorization', ...Object.keys(extra).map((name) => name.toLowerCase())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secrets.has(name)));
}

function parsedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ScrapeError(`${JSON.stringify(text)} is not an http or https address`);
  }
  return url;
}

function redirectOf({ statusCode, headers }: Answer, url: URL): URL | undefined {
  const location = headerOf(headers, 'location');
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === '') return undefined;
  if (!URL.canParse(location, url.href)) throw new ScrapeError(`redirect to ${JSON.stringify(location)}, which is not an address`);
  return parsedUrl(new URL(location, url).href);
}

async function expositionOf(answer: Answer, limit: number, signal: AbortSignal): Promise<Exposition> {
  const { statusCode, headers } = answer;
  if (statusCode < 200 || statusCode >= 300) throw new ScrapeError(statusSentence(statusCode, headers));
  const body = await decompress(answer, headerOf(headers, 'content-encoding'), limit, signal);
  return { contentType: headerOf(headers, 'content-type'), body };
}

function statusSentence(statusCode: number, headers: IncomingHttpHeaders): string {
  const text = `status ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trimEnd();
  const location = headerOf(headers, 'location');
  return statusCode >= 300 && statusCode < 400 && location !== '' ? `${text}: redirects to ${JSON.stringify(location)} are not followed` : text;
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
