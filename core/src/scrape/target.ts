import { createHash } from 'node:crypto';
import { Labels, formatDuration, messageOf, parseDuration } from '@metrics-dashboard/sdk';
import type { Duration, TargetGroup } from '@metrics-dashboard/sdk';
import type { Relabel } from '../ingest/relabel.js';
import type { ScrapeConfig } from './scrape-config.js';
import type { DroppedTarget } from './target-status.js';

/** One place to scrape, with relabeling behind it. */
export interface ScrapeTarget {
  /** Equal for equal job, address and labels. */
  readonly id: string;
  readonly url: string;
  /** What each of its series carries. */
  readonly labels: Labels;
  /** Before relabeling. */
  readonly discovered: Labels;
  readonly interval: Duration;
  readonly timeout: Duration;
  /** Where in its interval it is scraped, so that targets are spread and each keeps its place. */
  readonly offset: Duration;
}

export interface TargetSet {
  /** In order of discovery, each once. */
  readonly targets: readonly ScrapeTarget[];
  readonly dropped: readonly DroppedTarget[];
}

/** The most dropped targets of a job that are kept to be shown. */
export const MAX_DROPPED_SHOWN = 1000;

const PARAM = '__param_';

/** Discovered groups to targets, by the rules of a job. Labels get the defaults that Prometheus gives them, before and after relabeling. */
export function targetsOf(job: ScrapeConfig, relabel: Relabel, groups: readonly TargetGroup[]): TargetSet {
  const byId = new Map<string, ScrapeTarget>();
  const dropped: DroppedTarget[] = [];
  const most = Math.min(job.keepDroppedTargets || MAX_DROPPED_SHOWN, MAX_DROPPED_SHOWN);
  const drop = (discovered: Labels, error: string | undefined): void => {
    if (dropped.length >= most) return;
    dropped.push({ id: hashOf(job.jobName, 'dropped', discovered.key).toString('hex', 0, 8), scrapePool: job.jobName, discoveredLabels: [...discovered], error });
  };
  for (const group of groups) {
    for (const address of group.targets) {
      const discovered = discoveredLabels(job, group, address);
      try {
        const labels = relabel(discovered);
        if (labels === undefined) drop(discovered, undefined);
        else {
          const target = targetOf(job, discovered, labels);
          byId.set(target.id, target);
        }
      } catch (error) {
        drop(discovered, messageOf(error));
      }
    }
  }
  return { targets: [...byId.values()], dropped };
}

function discoveredLabels(job: ScrapeConfig, group: TargetGroup, address: string): Labels {
  const labels: Record<string, string> = {
    job: job.jobName,
    __scheme__: job.scheme,
    __metrics_path__: job.metricsPath,
    __scrape_interval__: formatDuration(job.interval),
    __scrape_timeout__: formatDuration(job.timeout),
  };
  for (const [name, [first]] of Object.entries(job.params)) if (first !== undefined) labels[PARAM + name] = first;
  for (const [name, value] of Object.entries(group.labels)) if (value !== '') labels[name] = value;
  labels['__address__'] = address;
  return Labels.of(labels);
}

function targetOf(job: ScrapeConfig, discovered: Labels, relabeled: Labels): ScrapeTarget {
  const address = relabeled.get('__address__');
  if (address === '') throw new Error('no address: relabeling left __address__ empty');
  if (address.includes('/')) throw new Error(`${JSON.stringify(address)} is not an address: it contains a slash`);
  const { interval, timeout } = timing(relabeled);
  const url = urlOf(job, relabeled, address);
  const labels = shownLabels(relabeled, address);
  const hash = hashOf(job.jobName, url, labels.key);
  return {
    id: hash.toString('hex', 0, 8),
    url,
    labels,
    discovered,
    interval,
    timeout,
    offset: offsetOf(hash.readUIntBE(8, 6), interval),
  };
}

/** Targets of one place share the way to the other thread, the wake-ups, and the commit: half the processor time at 20 targets a second. */
const PLACE: Duration = 200;

/** One of the places of the interval, which stand 200 ms apart; in a short interval there are five. */
function offsetOf(number: number, interval: Duration): Duration {
  const place = Math.max(1, Math.min(PLACE, Math.floor(interval / 5)));
  return (number % Math.ceil(interval / place)) * place;
}

function hashOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(parts.join('\n')).digest();
}

function timing(labels: Labels): { interval: Duration; timeout: Duration } {
  const interval = parseDuration(labels.get('__scrape_interval__'));
  const timeout = parseDuration(labels.get('__scrape_timeout__'));
  if (interval <= 0) throw new Error('the scrape interval is 0');
  if (timeout <= 0) throw new Error('the scrape timeout is 0');
  if (timeout > interval) {
    throw new Error(`the scrape timeout ${formatDuration(timeout)} is longer than the interval ${formatDuration(interval)}`);
  }
  return { interval, timeout };
}

function urlOf(job: ScrapeConfig, labels: Labels, address: string): string {
  const scheme = labels.get('__scheme__');
  if (scheme !== 'http' && scheme !== 'https') {
    throw new Error(`${JSON.stringify(scheme)} is not a scheme, expected http or https`);
  }
  const text = `${scheme}://${address}`;
  if (!URL.canParse(text)) throw new Error(`${JSON.stringify(address)} is not an address, expected a host and a port`);
  const path = labels.get('__metrics_path__');
  const query = new URLSearchParams(params(job, labels)).toString();
  return text + (path === '' || path.startsWith('/') ? path : `/${path}`) + (query === '' ? '' : `?${query}`);
}

/** The job's parameters; the first value of each may have been changed, or added, by relabeling. */
function params(job: ScrapeConfig, labels: Labels): [string, string][] {
  const byName = new Map(Object.entries(job.params).map(([name, values]) => [name, [...values]]));
  for (const { name, value } of labels) {
    if (!name.startsWith(PARAM)) continue;
    const values = byName.get(name.slice(PARAM.length)) ?? [];
    values[0] = value;
    byName.set(name.slice(PARAM.length), values);
  }
  const names = [...byName.keys()].sort();
  return names.flatMap((name) => (byName.get(name) ?? []).map((value): [string, string] => [name, value]));
}

/** Labels that start with `__` were for relabeling; `instance` is the address unless somebody set it. */
function shownLabels(labels: Labels, address: string): Labels {
  const pairs: [string, string][] = [['instance', address]];
  for (const { name, value } of labels) if (!name.startsWith('__')) pairs.push([name, value]);
  return Labels.from(pairs);
}
