import { HttpClient } from '@metrics-dashboard/http-client';
import type { HttpConfig } from '@metrics-dashboard/http-client';
import type { Clock, Exposition, Scraper, Target } from '@metrics-dashboard/sdk';

/** Fetches targets with GET, over connections that are kept open between scrapes. */
export class HttpScraper implements Scraper {
  readonly #client: HttpClient;

  constructor(config: HttpConfig, clock: Clock) {
    this.#client = new HttpClient(config, clock);
  }

  scrape({ url, timeout, bodySizeLimit, accept }: Target, signal: AbortSignal): Promise<Exposition> {
    const headers = {
      accept: accept === '' ? '*/*' : accept,
      'x-prometheus-scrape-timeout-seconds': String(timeout / 1000),
    };
    return this.#client.get({ url, timeout, bodySizeLimit, headers }, signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
