import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { HeadStatistics, NamedCount } from '@metrics-dashboard/sdk';
import type { LabelIndex } from './label-index.js';

/** Counts over the head's index: the `limit` largest of each kind. */
export function headStatistics(index: LabelIndex, limit: number): HeadStatistics {
  const values: NamedCount[] = [];
  const bytes: NamedCount[] = [];
  const pairs: NamedCount[] = [];
  const metrics: NamedCount[] = [];
  let labelPairs = 0;
  for (const name of index.names()) {
    let valueCount = 0;
    let byteCount = 0;
    for (const pair of index.pairsOf(name)) {
      const value = index.valueOf(pair);
      const count = index.count(pair);
      valueCount++;
      byteCount += Buffer.byteLength(value);
      pairs.push({ name: `${name}=${value}`, count });
      if (name === METRIC_NAME) metrics.push({ name: value, count });
    }
    if (valueCount === 0) continue;
    labelPairs += valueCount;
    values.push({ name, count: valueCount });
    bytes.push({ name, count: byteCount });
  }
  return {
    labelPairs,
    seriesByMetric: largest(metrics, limit),
    valuesByLabel: largest(values, limit),
    seriesByPair: largest(pairs, limit),
    bytesByLabel: largest(bytes, limit),
  };
}

function largest(counts: NamedCount[], limit: number): readonly NamedCount[] {
  return counts.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)).slice(0, limit);
}
