import { Counter, Gauge, Histogram } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';

/** What the backend tells about itself. */
export interface TsdbMetrics {
  readonly fsyncSeconds: Histogram;
  readonly commitFailures: Counter;
  readonly sealSeconds: Counter;
  readonly compactions: Counter;
  readonly compactionSeconds: Counter;
  readonly compactionSamples: Counter;
  readonly compactionBytes: Counter;
  readonly compactionsRunning: Gauge;
  readonly maintenanceFailures: Counter;
  readonly rollupUnits: Counter;
  readonly rollupWaiting: Gauge;
  readonly damagedBlocks: Counter;
  readonly replayedSamples: Counter;
  readonly replayLostBytes: Counter;
}

/** Declares the backend's metrics in a registry. */
export function tsdbMetrics(registry: Registry): TsdbMetrics {
  const registers = [registry];
  return {
    fsyncSeconds: new Histogram({
      name: 'metrics_dashboard_storage_wal_fsync_duration_seconds',
      help: 'How long the write-ahead log took to become durable.',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    commitFailures: new Counter({
      name: 'metrics_dashboard_storage_commit_failures_total',
      help: 'Group commits that could not be made durable; their senders were told.',
      registers,
    }),
    sealSeconds: new Counter({
      name: 'metrics_dashboard_storage_seal_seconds_total',
      help: 'Time spent turning parts of the head into blocks, other work in between included.',
      registers,
    }),
    compactions: new Counter({
      name: 'metrics_dashboard_storage_compactions_total',
      help: 'Blocks made of others: merged, trimmed, or without what was deleted.',
      registers,
    }),
    compactionSeconds: new Counter({
      name: 'metrics_dashboard_storage_compaction_seconds_total',
      help: 'Time spent making blocks of blocks, in another thread.',
      labelNames: ['kind'],
      registers,
    }),
    compactionSamples: new Counter({
      name: 'metrics_dashboard_storage_compaction_samples_total',
      help: 'Samples, or windows, in the blocks that were made of blocks.',
      labelNames: ['kind'],
      registers,
    }),
    compactionBytes: new Counter({
      name: 'metrics_dashboard_storage_compaction_bytes_total',
      help: 'Bytes of the blocks that were made of blocks.',
      labelNames: ['kind'],
      registers,
    }),
    compactionsRunning: new Gauge({
      name: 'metrics_dashboard_storage_compactions_running',
      help: 'Blocks that are being made of blocks at the moment.',
      registers,
    }),
    maintenanceFailures: new Counter({
      name: 'metrics_dashboard_storage_maintenance_failures_total',
      help: 'Turns of the background work in which something failed; the next turn tries again.',
      registers,
    }),
    rollupUnits: new Counter({
      name: 'metrics_dashboard_storage_rollup_ranges_total',
      help: 'Ranges of two hours whose rollup was made, or made anew.',
      registers,
    }),
    rollupWaiting: new Gauge({
      name: 'metrics_dashboard_storage_rollup_waiting_ranges',
      help: 'Ranges of two hours whose rollup is still to be made, of the resolution at work.',
      registers,
    }),
    damagedBlocks: new Counter({
      name: 'metrics_dashboard_storage_damaged_blocks_total',
      help: 'Blocks that were set aside because they are damaged.',
      registers,
    }),
    replayedSamples: new Counter({
      name: 'metrics_dashboard_storage_replayed_samples_total',
      help: 'Samples read back from the write-ahead log.',
      registers,
    }),
    replayLostBytes: new Counter({
      name: 'metrics_dashboard_storage_replay_lost_bytes_total',
      help: 'Bytes of the write-ahead log that were damaged and passed over.',
      registers,
    }),
  };
}

/** What the backend holds. */
export interface TsdbGauges {
  readonly headSeries: Gauge;
  readonly headSamples: Gauge;
  readonly diskBytes: Gauge;
  readonly blocks: Gauge;
}

/** Declares the gauges, which have values then: not before these are known. */
export function tsdbGauges(registry: Registry): TsdbGauges {
  const registers = [registry];
  return {
    headSeries: new Gauge({
      name: 'metrics_dashboard_storage_head_series',
      help: 'Series in the head.',
      registers,
    }),
    headSamples: new Gauge({
      name: 'metrics_dashboard_storage_head_samples',
      help: 'Samples in the head.',
      registers,
    }),
    diskBytes: new Gauge({
      name: 'metrics_dashboard_storage_disk_bytes',
      help: 'Bytes of blocks and write-ahead log.',
      registers,
    }),
    blocks: new Gauge({ name: 'metrics_dashboard_storage_blocks', help: 'Blocks that can be queried.', registers }),
  };
}
