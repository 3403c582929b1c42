import { Labels, formatBound } from '@metrics-dashboard/sdk';
import type { MetricType } from '@metrics-dashboard/sdk';

/**
 * The labels with the bound of a bucket, or the quantile of a summary, in its one form: `le="1"` and `le="1.0"` are the
 * same series, whichever format the target chose. What the metric is must be known, so that nobody else's label is touched.
 * Source: https://prometheus.io/docs/prometheus/latest/migration/#le-and-quantile-label-values.
 */
export function withNormalBounds(labels: Labels, typeOf: (metric: string) => MetricType | undefined): Labels {
  const name = labels.has('le') ? 'le' : labels.has('quantile') ? 'quantile' : undefined;
  if (name === undefined || !isBound(name, labels.metric, typeOf)) return labels;
  const value = labels.get(name);
  const normal = normalBound(value);
  return normal === value ? labels : Labels.from([...labels.pairs()].map(([key, text]) => [key, key === name ? normal : text] as const));
}

function isBound(name: 'le' | 'quantile', metric: string, typeOf: (metric: string) => MetricType | undefined): boolean {
  if (name === 'quantile') return typeOf(metric) === 'summary';
  if (!metric.endsWith('_bucket')) return false;
  const type = typeOf(metric.slice(0, -'_bucket'.length));
  return type === 'histogram' || type === 'gaugehistogram';
}

/** `1` to `1.0`, `1000000` to `1e+06`; a text that is no number stays as it is. */
export function normalBound(text: string): string {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return specialBound(text);
  return formatBound(Number(text));
}

function specialBound(text: string): string {
  switch (text.toLowerCase()) {
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return '+Inf';
    case '-inf':
    case '-infinity':
      return '-Inf';
    case 'nan':
      return 'NaN';
    default:
      return text;
  }
}
