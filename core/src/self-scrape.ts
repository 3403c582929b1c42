import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AuthProvider } from '@metrics-dashboard/sdk';
import { unplaced } from './plugin/config-place.js';
import { PLAIN_JOB } from './scrape/scrape-config.js';
import type { ScrapeConfig } from './scrape/scrape-config.js';

/** The job under which the product watches itself. A job of this name in the configuration takes its place. */
export const SELF_JOB = 'metrics-dashboard';

/** Short, so that the first page moves soon. */
const INTERVAL = 5000;

/** How the product scrapes itself, whoever else may read its metrics. */
export interface SelfScrape {
  job(address: string): ScrapeConfig;
  /** Knows the self-scrape by a token that is made anew with each start and never leaves the process. */
  readonly provider: AuthProvider;
}

/** Makes the token, and who knows it. */
export function selfScrape(): SelfScrape {
  const token = randomBytes(32).toString('base64url');
  const expected = digest(token);
  return {
    job: (address) => jobFor(address, token),
    provider: {
      authenticate: (credentials) => {
        const isOwn = credentials.kind === 'bearer' && timingSafeEqual(digest(credentials.token), expected);
        return Promise.resolve(isOwn ? { name: SELF_JOB, roles: ['viewer'] } : undefined);
      },
    },
  };
}

function jobFor(address: string, token: string): ScrapeConfig {
  const at = unplaced('self_scrape');
  return {
    jobName: SELF_JOB,
    interval: INTERVAL,
    timeout: INTERVAL,
    ...PLAIN_JOB,
    discoveries: [{ kind: 'static', config: [{ targets: [address] }], at }],
    scraper: { kind: 'http', config: { authorization: { credentials: token } }, at },
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
