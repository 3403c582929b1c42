import { HttpClient } from '@metrics-dashboard/http-client';
import { ParseError, pollGroups, readTargetGroups } from '@metrics-dashboard/sdk';
import type { Host, TargetDiscovery, TargetGroup } from '@metrics-dashboard/sdk';
import type { HttpDiscoveryConfig } from './config.js';

/** A list of a hundred thousand targets has some ten megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** An endpoint that has not answered for so long is asked again later; its last set stays. */
const TIMEOUT = 30_000;

/** Asks an endpoint for target groups. An endpoint that does not answer as it should keeps its last set. */
export class HttpDiscovery implements TargetDiscovery {
  readonly #config: HttpDiscoveryConfig;
  readonly #host: Host;

  constructor(config: HttpDiscoveryConfig, host: Host) {
    this.#config = config;
    this.#host = host;
  }

  async *watch(signal: AbortSignal): AsyncGenerator<readonly TargetGroup[]> {
    const { url, refresh_interval: every } = this.#config;
    const client = new HttpClient(this.#config, this.#host.clock);
    const source = {
      every,
      parts: () => Promise.resolve([url]),
      read: (_: string, stop: AbortSignal) => groupsAt(client, this.#config, stop),
    };
    try {
      yield* pollGroups(source, this.#host, signal);
    } finally {
      await client.close();
    }
  }
}

async function groupsAt(client: HttpClient, config: HttpDiscoveryConfig, signal: AbortSignal): Promise<TargetGroup[]> {
  const { url, refresh_interval: every } = config;
  const headers = { accept: 'application/json', 'x-prometheus-refresh-interval-seconds': String(every / 1000) };
  const { contentType, body } = await client.get({ url, timeout: TIMEOUT, bodySizeLimit: MOST_BYTES, headers }, signal);
  if (!/^application\/json\s*(?:;|$)/i.test(contentType)) {
    throw new ParseError(`the content type is ${JSON.stringify(contentType)}, expected application/json`);
  }
  return readTargetGroups(jsonOf(Buffer.from(body).toString('utf8')), url, { __meta_url: url });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParseError(`is no JSON: ${String(cause instanceof Error ? cause.message : cause)}`, { cause });
  }
}
