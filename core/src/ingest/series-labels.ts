import { Labels, METRIC_NAME, isLegacyLabelName, isLegacyMetricName } from '@metrics-dashboard/sdk';
import type { Label } from '@metrics-dashboard/sdk';
import type { SourceOptions } from './delivery.js';

/**
 * The labels of a sample with those of its target. Where both have a label, the sample's wins under `honorLabels`;
 * else the target's does, and the sample's goes on as `exported_<name>`, with as many prefixes as it takes to be new.
 */
export function withTargetLabels(sample: Labels, target: readonly Label[], honorLabels: boolean): Labels {
  if (target.length === 0) return sample;
  const merged = new Map(sample.pairs());
  const displaced: Label[] = [];
  for (const { name, value } of target) {
    const own = merged.get(name);
    if (own !== undefined && honorLabels) continue;
    if (own !== undefined) displaced.push({ name, value: own });
    merged.set(name, value);
  }
  for (const { name, value } of displaced) {
    let exported = `exported_${name}`;
    while (merged.has(exported)) exported = `exported_${exported}`;
    merged.set(exported, value);
  }
  return Labels.from(merged);
}

/** Why labels can't be those of a series, for whoever sent them; undefined when they can. */
export function faultOf(labels: Labels, validation: SourceOptions['nameValidation']): string | undefined {
  const metric = labels.metric;
  if (metric === '') return `the series ${labels.toString()} has no metric name`;
  if (validation !== 'utf8') {
    if (!isLegacyMetricName(metric)) return `metric name ${JSON.stringify(metric)} is not of the form [a-zA-Z_:][a-zA-Z0-9_:]*`;
    for (const { name } of labels) {
      if (!isLegacyLabelName(name)) return `label name ${JSON.stringify(name)} of metric ${JSON.stringify(metric)} is not of the form [a-zA-Z_][a-zA-Z0-9_]*`;
      if (validation === 'strict' && name.startsWith('__') && name !== METRIC_NAME) {
        return `label name ${JSON.stringify(name)} of metric ${JSON.stringify(metric)} is reserved, as all that begin with two underscores`;
      }
    }
  }
  return labels.has('') ? `the series ${labels.toString()} has a label without a name` : undefined;
}

/** The labels of a series that the server itself writes about a target, `up` and the like. */
export function companionLabels(metric: string, target: readonly Label[]): Labels {
  return Labels.from([...target.map(({ name, value }) => [name, value] as const), [METRIC_NAME, metric]]);
}
