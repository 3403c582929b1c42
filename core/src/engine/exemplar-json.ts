import type { SeriesExemplars } from '../ingest/exemplar-store.js';
import { compareLabels } from '../query/functions/relabel.js';
import { formatValue } from '../query/functions/format-value.js';

/** Exemplars as the bytes of a whole answer of the Prometheus HTTP API, by the labels of their series. */
export function encodeExemplars(found: readonly SeriesExemplars[]): Uint8Array<ArrayBuffer> {
  const data = [...found]
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .map(({ labels, exemplars }) => ({
      seriesLabels: labels.toObject(),
      exemplars: exemplars.map((one) => ({ labels: one.labels.toObject(), value: formatValue(one.value), timestamp: one.at / 1000 })),
    }));
  return new TextEncoder().encode(JSON.stringify({ status: 'success', data }));
}
