import type { Duration } from '@metrics-dashboard/sdk';
import { NO_LABEL_LIMITS } from '../ingest/label-limits.js';
import type { LabelLimits } from '../ingest/label-limits.js';
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
  /** Of the labels of each series. */
  readonly labelLimits: LabelLimits;
  /** The most targets; more of them, and none is scraped. 0 for no limit. */
  readonly targetLimit: number;
  /** The most dropped targets that are kept to be shown; 0 for no limit of the job's own. */
  readonly keepDroppedTargets: number;
  /** Whether series whose samples name their own time get staleness markers when they vanish. */
  readonly trackTimestampsStaleness: boolean;
  readonly nameValidation: 'utf8' | 'legacy';
  /** What targets are asked for, as the value of an Accept header; undefined: all that the parsers read. */
  readonly accept: string | undefined;
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

/** What a job does that asks for nothing but its targets. */
export const PLAIN_JOB: Omit<ScrapeConfig, 'jobName' | 'interval' | 'timeout' | 'discoveries' | 'scraper'> = {
  scheme: 'http',
  metricsPath: '/metrics',
  params: {},
  honorLabels: false,
  honorTimestamps: true,
  sampleLimit: 0,
  bodySizeLimit: 0,
  labelLimits: NO_LABEL_LIMITS,
  targetLimit: 0,
  keepDroppedTargets: 0,
  trackTimestampsStaleness: false,
  nameValidation: 'utf8',
  accept: undefined,
  fallbackContentType: undefined,
  relabel: [],
  metricRelabel: [],
};
