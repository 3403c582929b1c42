import type { Section } from '../section.js';
import { optional } from '../values.js';
import { z } from 'zod';

/** Scrape protocols as media types. Source: https://prometheus.io/docs/instrumenting/content_negotiation/. */
export const PROTOCOLS: Readonly<Record<string, string>> = {
  'PrometheusText0.0.4': 'text/plain; version=0.0.4',
  'PrometheusText1.0.0': 'text/plain; version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text; version=0.0.1',
  'OpenMetricsText1.0.0': 'application/openmetrics-text; version=1.0.0',
  PrometheusProto: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

/** The one that carries native histograms, which nothing here reads. */
const UNREADABLE = 'PrometheusProto';

/**
 * What each of these may say without a word: it is what is done anyway. There are no native histograms here, so classic
 * ones are always scraped and never converted; anything else is told to be without effect.
 */
const AS_IT_IS: Readonly<Record<string, unknown>> = {
  scrape_native_histograms: false,
  convert_classic_histograms_to_nhcb: false,
  scrape_classic_histograms: true,
  metric_name_escaping_scheme: 'allow-utf-8',
  native_histogram_bucket_limit: 0,
  native_histogram_min_bucket_factor: 0,
  extra_scrape_metrics: false,
};

/** Without effect, whatever they say: both answers come to what is done. */
const EITHER_WAY: ReadonlySet<string> = new Set(['always_scrape_classic_histograms']);

/** Keys about formats that jobs and `global:` have alike. */
export const FORMAT_KEYS = ['scrape_protocols', 'scrape_failure_log_file', ...EITHER_WAY, ...Object.keys(AS_IT_IS)] as const;

/** Warns of what is asked for and not done. */
export function warnFormats(section: Section): void {
  for (const [key, done] of Object.entries(AS_IT_IS)) {
    const inner = section.inner(key);
    const value = inner.value ?? '';
    if (value !== '' && value !== done) inner.warn('is known and not acted on');
  }
  const log = section.inner('scrape_failure_log_file');
  if ((log.value ?? '') !== '') log.warn('is known and not acted on: the last error of each target is shown with the target');
}

/** `scrape_protocols` as the value of an Accept header, the first preferred; undefined when nothing is said. */
export function readProtocols(section: Section): string | undefined {
  const names = section.read(optional(z.array(z.enum(Object.keys(PROTOCOLS))))) ?? [];
  if (names.length === 0) return undefined;
  names.forEach((name, i) => {
    if (names.indexOf(name) !== i) throw section.inner(i).error(`${JSON.stringify(name)} is there twice`);
    if (name === UNREADABLE) section.inner(i).warn('is known and not asked for: there are no native histograms here');
  });
  const readable = names.filter((name) => name !== UNREADABLE);
  if (readable.length === 0) throw section.error(`names no protocol that is read here, those are ${Object.keys(PROTOCOLS).filter((name) => name !== UNREADABLE).join(', ')}`);
  const ranges = readable.map((name, i) => `${mediaRange(name)};q=0.${9 - i}`);
  return [...ranges, '*/*;q=0.1'].join(',');
}

/** Formats of version 1.0.0 know how to write names that are not of the old form. */
function mediaRange(name: string): string {
  const type = (PROTOCOLS[name] ?? '').replace('; ', ';');
  return name.endsWith('1.0.0') ? `${type};escaping=allow-utf-8` : type;
}
