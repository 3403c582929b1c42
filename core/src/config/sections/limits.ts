import type { LimitsConfig } from '../config.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { count, optional, positiveDuration, withDefault } from '../values.js';
import { z } from 'zod';

const schema = z.preprocess(
  (value) => value ?? {},
  keys({
    series_per_metric: withDefault(count(1), 10_000),
    series_per_metric_policy: withDefault(z.enum(['reject', 'drop']), 'reject'),
    series_per_target: withDefault(count(), 0),
    series: withDefault(count(), 0),
    query_series: withDefault(count(1), 50_000),
    query_samples: withDefault(count(1), 50_000_000),
    query_timeout: withDefault(positiveDuration, 120_000),
    variable_options: withDefault(count(1), 1000),
  }),
);

const exemplarSchema = z.preprocess((value) => value ?? {}, keys({ max_exemplars: optional(count()) }));

/** Reads `limits:`, and what Prometheus says about exemplars in its `storage.exemplars`. */
export function readLimits(section: Section, exemplarSection: Section): LimitsConfig {
  const read = section.read(schema);
  const { max_exemplars: exemplars } = exemplarSection.read(exemplarSchema);
  return {
    seriesPerMetric: read.series_per_metric,
    seriesPerMetricPolicy: read.series_per_metric_policy,
    seriesPerTarget: read.series_per_target,
    series: read.series,
    querySeries: read.query_series,
    querySamples: read.query_samples,
    queryTimeout: read.query_timeout,
    variableOptions: read.variable_options,
    ...(exemplars !== undefined && { exemplars }),
  };
}
