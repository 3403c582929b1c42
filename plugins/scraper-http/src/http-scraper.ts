import { STATUS_CODES } from 'node:http';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { ScrapeError, formatDuration } from '@metrics-dashboard/sdk';
import type { Clock, Exposition, Scraper, Target } from '@metrics-dashboard/sdk';
import { ACCEPT_ENCODING, readBody } from './body.js';
import type { HttpConfig } from './config.js';
import { connectorFor } from './connector.js';
import { authorizationHeader } from './credentials.js';
import { isClosedConnection, scrapeFailure } from './failure.js';

const MAX_REDIRECTS = 10;

/** Longer than most scrape intervals, so that a connection serves more than one scrape; a target that says less is heard. */
const KEEP_ALIVE = 5 * 60_000;

/** Of a redirect's body, so much is read and thrown away to keep the connection; a larger one is not worth it. */
const DUMP_LIMIT = 16_384;

/** Fetches targets with GET, over connections that are kept open between scrapes. */
export class HttpScraper implements Scraper {
  readonly #config: HttpConfig;
  readonly #clock: Clock;
  readonly #agent: Agent;

  constructor(config: HttpConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#agent = new Agent({
      connect: connectorFor(config.tls_config, config.enable_http2),
      allowH2: config.enable_http2,
      // The scrape's own timeout is the one that counts, and it is on the clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE,
    });
  }

  async scrape(target: Target, signal: AbortSignal): Promise<Exposition> {
    const url = parsedUrl(target.url);
    const ended = new AbortController();
    const stop = AbortSignal.any([signal, ended.signal]);
    let late = false;
    const timer = this.#clock.sleep(target.timeout, ended.signal).then(() => {
      late = !ended.signal.aborted;
      ended.abort();
    });
    try {
      return await this.#fetch(url, target, stop);
    } catch (error) {
      if (signal.aborted) throw new ScrapeError('the scrape was given up', { cause: error });
      if (late) throw new ScrapeError(`no answer within ${formatDuration(target.timeout)}`, { cause: error });
      throw scrapeFailure(error, url);
    } finally {
      ended.abort();
      await timer;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #fetch(first: URL, target: Target, signal: AbortSignal): Promise<Exposition> {
    const headers = await this.#headers(target);
    let url = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        // Another host was not promised the credentials.
        headers: url.origin === first.origin ? headers : { ...headers, authorization: undefined },
        signal,
      });
      const next = this.#config.follow_redirects ? redirectOf(response, url) : undefined;
      if (next === undefined) return await expositionOf(response, target.bodySizeLimit);
      await response.body.dump({ limit: DUMP_LIMIT, signal });
      url = next;
    }
    throw new ScrapeError(`more than ${MAX_REDIRECTS} redirects, the last to ${JSON.stringify(url.href)}`);
  }

  /** A target may close a kept connection in the very moment it is used again; a second attempt gets a fresh one. */
  async #request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#agent.request(options);
    } catch (error) {
      if (!isClosedConnection(error)) throw error;
      return await this.#agent.request(options);
    }
  }

  async #headers(target: Target): Promise<Record<string, string>> {
    const authorization = await authorizationHeader(this.#config);
    return {
      accept: target.accept === '' ? '*/*' : target.accept,
      'accept-encoding': this.#config.enable_compression ? ACCEPT_ENCODING : 'identity',
      'user-agent': 'MetricsDashboard',
      'x-prometheus-scrape-timeout-seconds': String(target.timeout / 1000),
      ...(authorization !== undefined && { authorization }),
    };
  }
}

function parsedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ScrapeError(`${JSON.stringify(text)} is not an http or https address`);
  }
  return url;
}

function redirectOf(response: Dispatcher.ResponseData, url: URL): URL | undefined {
  const location = headerOf(response, 'location');
  if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === '') return undefined;
  if (!URL.canParse(location, url.href)) throw new ScrapeError(`redirect to ${JSON.stringify(location)}, which is not an address`);
  return parsedUrl(new URL(location, url).href);
}

async function expositionOf(response: Dispatcher.ResponseData, limit: number): Promise<Exposition> {
  try {
    if (response.statusCode < 200 || response.statusCode >= 300) throw new ScrapeError(statusSentence(response));
    const body = await readBody(response.body, headerOf(response, 'content-encoding'), limit);
    return { contentType: headerOf(response, 'content-type'), body };
  } finally {
    // Where the body was not read to its end, the connection can't be used again.
    if (!response.body.readableEnded) response.body.on('error', ignore).destroy();
  }
}

function statusSentence(response: Dispatcher.ResponseData): string {
  const { statusCode } = response;
  const text = `status ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trimEnd();
  const location = headerOf(response, 'location');
  return statusCode >= 300 && statusCode < 400 && location !== '' ? `${text}: redirects to ${JSON.stringify(location)} are not followed` : text;
}

function headerOf(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** A body that is thrown away may still report that it was. */
function ignore(): void {
  return undefined;
}
