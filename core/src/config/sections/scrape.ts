import type { NamedConfig } from '../../plugin/plugin-config.js';
import type { ScrapeConfig } from '../../scrape/scrape-config.js';
import { withFiles } from '../files.js';
import { ignoredKeys } from '../ignored.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { anything, bytes, count, flag, optional, positiveDuration, text, withDefault } from '../values.js';
import { validationScheme } from './global.js';
import type { GlobalSection } from './global.js';
import { readRelabel } from './relabel.js';
import { FORMAT_KEYS, PROTOCOLS, readProtocols, warnFormats } from './scrape-formats.js';
import { TARGET_LIMIT_KEYS, withTargetLimits } from './scrape-limits.js';
import { z } from 'zod';

/** Keys of a job that configure the scraper `http`, which checks them. */
const OF_THE_SCRAPER = [
  'basic_auth', 'authorization', 'bearer_token', 'bearer_token_file', 'oauth2', 'tls_config', 'follow_redirects', 'enable_http2',
  'enable_compression', 'http_headers', 'proxy_url', 'no_proxy', 'proxy_from_environment', 'proxy_connect_header',
] as const;

const KNOWN = {
  job_name: text,
  scrape_interval: optional(positiveDuration),
  scrape_timeout: optional(positiveDuration),
  fallback_scrape_protocol: optional(z.enum(Object.keys(PROTOCOLS))),
  scheme: withDefault(z.enum(['http', 'https']), 'http'),
  metrics_path: withDefault(text, '/metrics'),
  params: withDefault(z.record(z.string(), z.array(text)), {}),
  honor_labels: withDefault(flag, false),
  honor_timestamps: withDefault(flag, true),
  sample_limit: withDefault(count(), 0),
  body_size_limit: withDefault(bytes, 0),
  ...TARGET_LIMIT_KEYS,
  track_timestamps_staleness: withDefault(flag, false),
  metric_name_validation_scheme: validationScheme,
  relabel_configs: anything,
  metric_relabel_configs: anything,
  static_configs: optional(z.array(z.unknown())),
  scraper: optional(z.looseObject({ kind: text })),
  ...ignoredKeys(OF_THE_SCRAPER),
  ...ignoredKeys(FORMAT_KEYS),
};

/** The keys of discoveries, `static_configs` apart. */
export const DISCOVERY = /^(.+)_sd_configs$/;

/** Reads `scrape_configs`, of the configuration itself and of the files it names. */
export function readScrapeConfigs(sections: readonly Section[], global: GlobalSection): ScrapeConfig[] {
  const names = new Set<string>();
  return sections.flatMap((section) => {
    const jobs = section.read(optional(z.array(z.record(z.string(), z.unknown())))) ?? [];
    return jobs.map((job, i) => {
      const read = readJob(section.inner(i), job, global);
      if (names.has(read.jobName)) throw section.inner(i, 'job_name').error(`there is a job ${JSON.stringify(read.jobName)} already`);
      names.add(read.jobName);
      return read;
    });
  });
}

function readJob(section: Section, job: Readonly<Record<string, unknown>>, global: GlobalSection): ScrapeConfig {
  const discoveryKeys = Object.keys(job).filter((key) => DISCOVERY.test(key));
  const read = section.read(keys({ ...KNOWN, ...ignoredKeys(discoveryKeys) }));
  warnFormats(section);
  if (read.job_name === '') throw section.inner('job_name').error('is empty');
  const interval = read.scrape_interval ?? global.scrapeInterval;
  const timeout = read.scrape_timeout ?? Math.min(global.scrapeTimeout, interval);
  if (timeout > interval) throw section.inner('scrape_timeout').error('is longer than scrape_interval');
  const relabel = readRelabel(section.inner('relabel_configs'));
  // With relabeling, a target may be anything: the address of a page that an exporter is to look at.
  if (relabel.length === 0) assertAddresses(section.inner('static_configs'));
  return {
    jobName: read.job_name,
    interval,
    timeout,
    scheme: read.scheme,
    metricsPath: read.metrics_path,
    params: read.params,
    honorLabels: read.honor_labels,
    honorTimestamps: read.honor_timestamps,
    // A limit of 0 is none of its own, so the one of all jobs holds.
    sampleLimit: read.sample_limit || global.sampleLimit,
    bodySizeLimit: read.body_size_limit || global.bodySizeLimit,
    ...withTargetLimits(read, global.limits),
    trackTimestampsStaleness: read.track_timestamps_staleness,
    nameValidation: read.metric_name_validation_scheme ?? global.nameValidation,
    accept: readProtocols(section.inner('scrape_protocols')) ?? global.accept,
    fallbackContentType: PROTOCOLS[read.fallback_scrape_protocol ?? ''],
    relabel,
    metricRelabel: readRelabel(section.inner('metric_relabel_configs')),
    discoveries: readDiscoveries(section, discoveryKeys),
    scraper: readScraper(section, read.scraper),
  };
}

function assertAddresses(section: Section): void {
  const groups = Array.isArray(section.value) ? section.value : [];
  for (const i of groups.keys()) {
    const targets = section.inner(i, 'targets');
    if (!Array.isArray(targets.value)) continue;
    for (const [j, target] of targets.value.entries()) {
      if (typeof target === 'string' && target.includes('/')) {
        throw targets.inner(j).error(`${JSON.stringify(target)} is not an address, expected host:port without a scheme or a path`);
      }
    }
  }
}

/** `static_configs` is one discovery; of the others, each entry of the list is one. */
export function readDiscoveries(section: Section, discoveryKeys: readonly string[]): NamedConfig[] {
  const fixed = section.inner('static_configs');
  const found = discoveryKeys.flatMap((key) => {
    const list = section.inner(key);
    const entries = list.read(optional(z.array(z.unknown()))) ?? [];
    const kind = DISCOVERY.exec(key)?.[1] ?? key;
    return entries.map((_, i) => namedOf(kind, list.inner(i)));
  });
  return fixed.value === undefined || fixed.value === null ? found : [namedOf('static', fixed), ...found];
}

/** The scraper `http` takes its options from the job itself; another one from `scraper`. */
function readScraper(section: Section, named: { kind: string } | undefined): NamedConfig {
  if (named !== undefined) {
    const { config, ...rest } = namedOf(named.kind, section.inner('scraper'));
    return { ...rest, config: without(config, 'kind') };
  }
  const given = OF_THE_SCRAPER.filter((key) => (section.inner(key).value ?? null) !== null);
  const config = Object.fromEntries(given.map((key) => [key, withFiles(section.inner(key))]));
  return { kind: 'http', config, at: section.at };
}

function namedOf(kind: string, section: Section): NamedConfig {
  return { kind, config: withFiles(section), at: section.at };
}

function without(config: unknown, key: string): unknown {
  if (typeof config !== 'object' || config === null) return config;
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));
}
