import { sleep as systemSleep } from './system-clock.js';

export interface PushgatewayOptions {
  /** How long one attempt may take, in milliseconds; 10,000 by default. */
  readonly timeout?: number;
  /** How often a request is sent again that met nobody, or a server that asks to wait; 4 by default. */
  readonly retries?: number;
  /** Sent along, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What waiting runs on, in milliseconds; the system's timers by default. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Which group of metrics: the labels that all of them get. */
export interface PushGroup {
  readonly jobName: string;
  /** Further labels by which groups are told apart, such as `instance`. */
  readonly groupings?: Readonly<Record<string, string | number>>;
}

/** What is pushed. */
interface Printed {
  metrics(): Promise<string>;
  readonly contentType: string;
}

const TIMEOUT = 10_000;
const RETRIES = 4;
/** The waits before further attempts where the server says nothing: the second is twice the first, and so on; in milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/**
 * Hands the metrics of a job that is too short to be scraped to a server with the Pushgateway's paths, of which Metrics
 * Dashboard is one. A group stays there until it is replaced or deleted.
 *
 * All methods reject with an error that names address, status and what the server said. Attempts that met nobody,
 * 429 and 5xx are repeated; a `Retry-After` is heard.
 * Source: https://github.com/prometheus/pushgateway#api.
 */
export class Pushgateway {
  readonly #url: string;
  readonly #options: PushgatewayOptions;
  readonly #registry: Printed;

  constructor(url: string, options: PushgatewayOptions, registry: Printed) {
    if (!URL.canParse(url)) throw new TypeError(`${JSON.stringify(url)} is not an address`);
    this.#url = url.replace(/\/+$/, '');
    this.#options = options;
    this.#registry = registry;
  }

  /** Replaces all metrics of the group. */
  push(group: PushGroup): Promise<void> {
    return this.#send('PUT', group);
  }

  /** Replaces those metrics of the group that are pushed now. */
  pushAdd(group: PushGroup): Promise<void> {
    return this.#send('POST', group);
  }

  /** Ends the group. */
  delete(group: PushGroup): Promise<void> {
    return this.#send('DELETE', group);
  }

  async #send(method: 'PUT' | 'POST' | 'DELETE', group: PushGroup): Promise<void> {
    const url = this.#url + pathOf(group);
    const body = method === 'DELETE' ? undefined : await this.#registry.metrics();
    const { retries = RETRIES, sleep = systemSleep } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const failure = await this.#attempt(method, url, body);
      if (failure === undefined) return;
      if (attempt >= retries || failure.wait === undefined) throw failure.error;
      await sleep(Math.min(LONGEST_WAIT, failure.wait || FIRST_WAIT * 2 ** attempt));
    }
  }

  async #attempt(method: string, url: string, body: string | undefined): Promise<Failure | undefined> {
    const { timeout = TIMEOUT, headers = {} } = this.#options;
    const signal = AbortSignal.timeout(timeout);
    const type = body === undefined ? {} : { 'content-type': this.#registry.contentType };
    try {
      const response = await fetch(url, { method, signal, headers: { ...type, ...headers }, ...(body !== undefined && { body }) });
      const text = await response.text();
      if (response.ok) return undefined;
      const error = new Error(`${method} ${url}: status ${response.status}: ${text.trim().slice(0, 500)}`);
      return { error, wait: isPassing(response.status) ? secondsOf(response.headers.get('retry-after')) * 1000 : undefined };
    } catch (cause) {
      const why = signal.aborted ? `no answer within ${timeout} ms` : reasonOf(cause);
      return { error: new Error(`${method} ${url}: ${why}`, { cause }), wait: 0 };
    }
  }
}

interface Failure {
  readonly error: Error;
  /** Milliseconds that the server asks to wait, 0 when it does not say; undefined: another attempt would end alike. */
  readonly wait: number | undefined;
}

/** Values that a path can't carry are written in base64. */
function pathOf({ jobName, groupings = {} }: PushGroup): string {
  if (jobName === '') throw new TypeError('a group has an empty jobName');
  const pairs = [['job', jobName] as const, ...Object.entries(groupings)];
  return `/metrics${pairs.map(([name, value]) => pairOf(name, String(value))).join('')}`;
}

function pairOf(name: string, value: string): string {
  if (value !== '' && !value.includes('/')) return `/${name}/${encodeURIComponent(value)}`;
  return `/${name}@base64/${value === '' ? '=' : Buffer.from(value).toString('base64url')}`;
}

function isPassing(status: number): boolean {
  return status === 429 || status >= 500;
}

/** A number of seconds; a date, which some proxies send, is not worth the trouble. */
function secondsOf(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

/** What lies below «fetch failed». */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
