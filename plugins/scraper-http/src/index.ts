import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { Scraper } from '@metrics-dashboard/sdk';
import { httpConfig } from '@metrics-dashboard/http-client';
import type { HttpConfig } from '@metrics-dashboard/http-client';
import { HttpScraper } from './http-scraper.js';

/** The scraper `http`: targets are fetched with GET. */
export const http = defineKind<HttpConfig, Scraper>({
  kind: 'http',
  config: httpConfig,
  open: (config, host) => new HttpScraper(config, host.clock),
});

export default definePlugin({
  id: 'scraper-http',
  sdk: '^0.1.0',
  activate: () => [points.scraper.of(http)],
});
