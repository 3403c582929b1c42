import { METRIC_NAME, hasIndexStatistics, matcher } from '@metrics-dashboard/sdk';
import type { Labels, NamedCount } from '@metrics-dashboard/sdk';
import type { CardinalityGate } from '../ingest/cardinality-gate.js';
import type { CardinalityReport, CardinalityRequest, LabelCardinality, NearLimit, PairCardinality } from './cardinality.js';
import type { GateLog } from './gate-log.js';
import { visitHeadSeries } from './head-series.js';
import type { HeadWalk } from './head-series.js';

type LabelCounts = Pick<CardinalityReport, 'series' | 'labelPairs' | 'labels' | 'pairs'>;

interface Surveyed extends HeadWalk {
  readonly gate: CardinalityGate;
  readonly log: GateLog;
}

/** Counts the series of the head, of all metrics or of one: by metric, by label, by value. */
export async function surveyCardinality(walk: Surveyed, { metric, limit }: CardinalityRequest, signal: AbortSignal): Promise<CardinalityReport> {
  const { gate, log } = walk;
  const counts = metric === undefined ? ofIndex(walk, gate, limit) : undefined;
  const labels = counts ?? (await byWalking(walk, metric, limit, signal));
  const metrics = [...gate.seriesByMetric].filter(([name]) => metric === undefined || name === metric);
  return {
    ...labels,
    limits: gate.limits,
    metrics: largest(metrics.map(([name, series]) => ({ metric: name, series })), limit, ({ series }) => series),
    near: largest(nearOf(gate).filter((one) => metric === undefined || one.metric === metric), limit, ({ met }) => met),
    refused: largest(log.refusedSeries().filter((one) => metric === undefined || one.metric === metric), limit, ({ series }) => series),
  };
}

/** From the storage's own index, without looking at a series; undefined when it keeps no such counts. */
function ofIndex({ storage }: HeadWalk, gate: CardinalityGate, limit: number): LabelCounts | undefined {
  if (!hasIndexStatistics(storage)) return undefined;
  const { labelPairs, valuesByLabel, seriesByPair } = storage.statistics(limit);
  const labels = valuesByLabel.map(({ name, count }) => ({ label: name, values: count }));
  return { series: gate.total, labelPairs, labels, pairs: seriesByPair.map(pairOf) };
}

function pairOf({ name, count }: NamedCount): PairCardinality {
  const at = name.indexOf('=');
  return { label: name.slice(0, at), value: name.slice(at + 1), series: count };
}

async function byWalking(walk: HeadWalk, metric: string | undefined, limit: number, signal: AbortSignal): Promise<LabelCounts> {
  const seriesByValueByLabel = new Map<string, Map<string, number>>();
  let series = 0;
  const count = (labels: Labels): void => {
    series++;
    for (const { name, value } of labels) {
      const seriesByValue = seriesByValueByLabel.get(name) ?? new Map<string, number>();
      seriesByValueByLabel.set(name, seriesByValue);
      seriesByValue.set(value, (seriesByValue.get(value) ?? 0) + 1);
    }
  };
  await visitHeadSeries(walk, metric === undefined ? [] : [matcher(METRIC_NAME, '=', metric)], count, signal);
  const labels: LabelCardinality[] = [];
  const pairs: PairCardinality[] = [];
  for (const [label, seriesByValue] of seriesByValueByLabel) {
    labels.push({ label, values: seriesByValue.size });
    for (const [value, carried] of seriesByValue) pairs.push({ label, value, series: carried });
  }
  return {
    series,
    labelPairs: pairs.length,
    labels: largest(labels, limit, ({ values }) => values),
    pairs: largest(pairs, limit, (pair) => pair.series),
  };
}

function nearOf(gate: CardinalityGate): NearLimit[] {
  const { seriesPerMetric, series = 0 } = gate.limits;
  return [...gate.near].map((metric) =>
    metric === ''
      ? { limit: 'series', metric, met: gate.total, allowed: series }
      : { limit: 'series_per_metric', metric, met: gate.seriesByMetric.get(metric) ?? 0, allowed: seriesPerMetric },
  );
}

function largest<One>(all: One[], limit: number, sizeOf: (one: One) => number): readonly One[] {
  return all.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, limit);
}
