import type { Dashboard } from './document.js';
import type { PanelInput, PanelPosition } from './panel.js';
import { readDocument } from './read-document.js';

/** The grid's 24 columns hold four stats in a row, or two charts. */
const STAT = { columns: 4, width: 6, height: 4 } as const;
const CHART = { columns: 2, width: 12, height: 8 } as const;

interface Content {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly queries: Query[];
}

interface Query {
  readonly expression: string;
  readonly legend: string;
}

/**
 * The built-in dashboard: how the server itself is doing. `selfJob` is the job under which it scrapes itself. Rates are
 * over half a minute, so that they are right soon after the start and still span several scrapes; quantiles, which
 * take many events to mean something, are over a minute.
 */
export function homeDashboard(selfJob: string): Dashboard {
  const self = `job=${JSON.stringify(selfJob)}`;
  const stats = statsOf(self);
  const charts = [...dataCharts(self), ...processCharts(self)];
  return readDocument({
    version: 1,
    id: 'home',
    title: 'Home',
    description: 'How this server is doing: what comes in, what is asked, and what it costs.',
    time: { from: 'now-5m' },
    panels: [
      ...stats.map((content, i): PanelInput => ({ ...content, kind: 'stat', position: place(STAT, i, 0) })),
      ...charts.map((content, i): PanelInput => ({ ...content, kind: 'timeseries', position: place(CHART, i, STAT.height) })),
    ],
  });
}

function statsOf(self: string): Content[] {
  return [
    {
      id: 'series',
      title: 'Series',
      description: 'Series with samples in the newest part of the storage.',
      unit: 'short',
      queries: [query(`sum(metrics_dashboard_storage_head_series{${self}})`, 'series')],
    },
    {
      id: 'samples-per-second',
      title: 'Samples',
      description: 'Samples stored each second.',
      unit: 'ops',
      queries: [query(`sum(rate(metrics_dashboard_ingest_samples_total{${self}}[30s]))`, 'samples')],
    },
    {
      id: 'targets-up',
      title: 'Targets up',
      description: 'Targets whose last scrape went well.',
      unit: 'none',
      queries: [query('sum(up)', 'up')],
    },
    {
      id: 'memory-now',
      title: 'Memory',
      description: 'Memory of the process that is resident.',
      unit: 'bytes',
      queries: [query(`sum(process_resident_memory_bytes{${self}})`, 'resident')],
    },
  ];
}

function dataCharts(self: string): Content[] {
  return [
    {
      id: 'ingest',
      title: 'Samples stored',
      description: 'Samples stored each second, by the way they came.',
      unit: 'ops',
      queries: [query(`sum by (source) (rate(metrics_dashboard_ingest_samples_total{${self}}[30s]))`, '{{source}}')],
    },
    {
      id: 'query-latency',
      title: 'Query latency',
      description: 'How long queries take: half of them, nine in ten, and all but one in a hundred are faster than the line.',
      unit: 'seconds',
      queries: quantiles('metrics_dashboard_query_duration_seconds', self, [0.5, 0.9, 0.99]),
    },
    {
      id: 'head-series',
      title: 'Series in the head',
      description: 'Series with samples in the newest part of the storage. A steady climb means label values that never repeat.',
      unit: 'short',
      queries: [query(`metrics_dashboard_storage_head_series{${self}}`, 'series')],
    },
    {
      id: 'scrape-duration',
      title: 'Scrape duration',
      description: 'How long each target takes to answer.',
      unit: 'seconds',
      queries: [query('max by (job, instance) (scrape_duration_seconds)', '{{job}} {{instance}}')],
    },
    {
      id: 'fsync',
      title: 'Write-ahead log, time to disk',
      description: 'How long the disk takes to make samples durable. Nothing is acknowledged before.',
      unit: 'seconds',
      queries: quantiles('metrics_dashboard_storage_wal_fsync_duration_seconds', self, [0.5, 0.99]),
    },
    {
      id: 'disk',
      title: 'Disk',
      description: 'What the storage takes on disk, log and blocks.',
      unit: 'bytes',
      queries: [query(`sum(metrics_dashboard_storage_disk_bytes{${self}})`, 'on disk')],
    },
  ];
}

function processCharts(self: string): Content[] {
  return [
    {
      id: 'cpu',
      title: 'CPU',
      description: 'Processor time of all threads; 100 % is one core.',
      unit: 'ratio',
      queries: [query(`sum(rate(process_cpu_seconds_total{${self}}[30s]))`, 'process')],
    },
    {
      id: 'event-loop-lag',
      title: 'Event-loop lag',
      description: 'The longest that a thread kept its other work waiting.',
      unit: 'seconds',
      queries: [query(`max by (thread) (metrics_dashboard_eventloop_lag_seconds{${self}})`, '{{thread}}')],
    },
    {
      id: 'memory',
      title: 'Memory',
      description: 'Resident memory of the process, and the heap in use of each of its threads.',
      unit: 'bytes',
      queries: [
        query(`process_resident_memory_bytes{${self}}`, 'resident'),
        query(`sum by (thread) (metrics_dashboard_heap_used_bytes{${self}})`, 'heap, {{thread}}'),
      ],
    },
    {
      id: 'live',
      title: 'Live queries',
      description: 'Queries that are kept up to date, and how many viewers share them.',
      unit: 'short',
      queries: [
        query(`sum(metrics_dashboard_live_queries{${self}})`, 'queries'),
        query(`sum(metrics_dashboard_live_viewers{${self}})`, 'viewers'),
      ],
    },
  ];
}

/** Quantiles of a histogram over the last minute, each a line of its own. */
function quantiles(histogram: string, self: string, shares: readonly number[]): Query[] {
  const rates = `sum by (le) (rate(${histogram}_bucket{${self}}[1m]))`;
  return shares.map((share) => query(`histogram_quantile(${share}, ${rates})`, `p${share * 100}`));
}

function query(expression: string, legend: string): Query {
  return { expression, legend };
}

/** Fills rows from the left. */
function place(cell: typeof STAT | typeof CHART, i: number, top: number): PanelPosition {
  const { columns, width, height } = cell;
  return { x: (i % columns) * width, y: top + Math.floor(i / columns) * height, width, height };
}
