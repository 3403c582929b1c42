import type { Duration } from '@metrics-dashboard/sdk';
import type { RelabelRule } from '../ingest/relabel.js';
import type { NamedConfig } from '../plugin/plugin-config.js';

/** One job of `scrape_configs`, with every default filled in. */
export interface ScrapeConfig {
  readonly jobName: string;
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly scheme: 'http' | 'https';
  readonly metricsPath: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly sampleLimit: number;
  readonly bodySizeLimit: number;
  readonly nameValidation: 'utf8' | 'legacy';
  readonly fallbackContentType: string | undefined;
  /** Of targets, before the scrape. */
  readonly relabel: readonly RelabelRule[];
  /** Of samples, after it. */
  readonly metricRelabel: readonly RelabelRule[];
  /** What finds targets: `static_configs` is the kind `static`, `<kind>_sd_configs` the others. */
  readonly discoveries: readonly NamedConfig[];
  /** What fetches them; `http` unless the job says otherwise (`scraper: { kind: …, … }`). */
  readonly scraper: NamedConfig;
}
