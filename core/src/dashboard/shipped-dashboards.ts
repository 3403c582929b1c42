import type { Dashboard } from './document.js';
import type { PanelInput } from './panel.js';
import { readDocument } from './read-document.js';

interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly (readonly [expression: string, legend: string])[];
  readonly stack?: 'normal';
  readonly max?: number;
}

const JOB = 'job=~"$job"';
const HOST = `${JOB}, instance=~"$instance"`;
const DISKS = 'device!~"loop.*|ram.*"';
const REAL_FILES = 'fstype!~"tmpfs|ramfs|overlay|squashfs|devtmpfs"';

/** Dashboards for what many people collect first: the machine, by node_exporter, and a service instrumented with `@metrics-dashboard/sdk/metrics`. */
export function shippedDashboards(): readonly Dashboard[] {
  return [nodeExporter(), service()];
}

function nodeExporter(): Dashboard {
  return dashboard('node-exporter', 'Machines', 'Processors, memory, disks and network, as node_exporter tells them.', 'node_uname_info', [
    { title: 'Processors', unit: 'ratio', stack: 'normal', queries: [[`sum by (mode) (rate(node_cpu_seconds_total{${HOST}, mode!="idle"}[$__rate_interval])) / scalar(count(count by (instance, cpu) (node_cpu_seconds_total{${HOST}})))`, '{{mode}}']] },
    { title: 'Load', unit: 'short', queries: [[`node_load1{${HOST}}`, '{{instance}}, 1 m'], [`node_load15{${HOST}}`, '{{instance}}, 15 m']] },
    { title: 'Memory in use', unit: 'bytes', queries: [[`node_memory_MemTotal_bytes{${HOST}} - node_memory_MemAvailable_bytes{${HOST}}`, '{{instance}}'], [`node_memory_SwapTotal_bytes{${HOST}} - node_memory_SwapFree_bytes{${HOST}}`, '{{instance}}, swap']] },
    { title: 'File systems', unit: 'ratio', max: 1, queries: [[`1 - node_filesystem_avail_bytes{${HOST}, ${REAL_FILES}} / node_filesystem_size_bytes{${HOST}, ${REAL_FILES}}`, '{{instance}} {{mountpoint}}']] },
    { title: 'Disks, read', unit: 'bytesPerSecond', queries: [[`rate(node_disk_read_bytes_total{${HOST}, ${DISKS}}[$__rate_interval])`, '{{instance}} {{device}}']] },
    { title: 'Disks, written', unit: 'bytesPerSecond', queries: [[`rate(node_disk_written_bytes_total{${HOST}, ${DISKS}}[$__rate_interval])`, '{{instance}} {{device}}']] },
    { title: 'Network, received', unit: 'bytesPerSecond', queries: [[`rate(node_network_receive_bytes_total{${HOST}, device!="lo"}[$__rate_interval])`, '{{instance}} {{device}}']] },
    { title: 'Network, sent', unit: 'bytesPerSecond', queries: [[`rate(node_network_transmit_bytes_total{${HOST}, device!="lo"}[$__rate_interval])`, '{{instance}} {{device}}']] },
  ]);
}

function service(): Dashboard {
  return dashboard('nodejs-service', 'Node.js services', 'Requests, and what the runtime does, of services instrumented with @metrics-dashboard/sdk/metrics or prom-client.', 'nodejs_version_info', [
    { title: 'Requests', unit: 'requestsPerSecond', queries: [[`sum by (code) (rate(http_requests_total{${HOST}}[$__rate_interval]))`, '{{code}}']] },
    { title: 'Request duration', unit: 'seconds', queries: [0.5, 0.9, 0.99].map((share) => [`histogram_quantile(${share}, sum by (le) (rate(http_request_duration_seconds_bucket{${HOST}}[$__rate_interval])))`, `p${share * 100}`] as const) },
    { title: 'CPU', unit: 'ratio', queries: [[`rate(process_cpu_seconds_total{${HOST}}[$__rate_interval])`, '{{instance}}']] },
    { title: 'Event-loop lag', unit: 'seconds', queries: [[`nodejs_eventloop_lag_p99_seconds{${HOST}}`, '{{instance}}, p99'], [`nodejs_eventloop_lag_p50_seconds{${HOST}}`, '{{instance}}, p50']] },
    { title: 'Memory', unit: 'bytes', queries: [[`process_resident_memory_bytes{${HOST}}`, '{{instance}}, resident'], [`nodejs_heap_size_used_bytes{${HOST}}`, '{{instance}}, heap']] },
    { title: 'Garbage collection', unit: 'ratio', queries: [[`sum by (kind) (rate(nodejs_gc_duration_seconds_sum{${HOST}}[$__rate_interval]))`, '{{kind}}']] },
    { title: 'Open files', unit: 'short', queries: [[`process_open_fds{${HOST}}`, '{{instance}}']] },
    { title: 'Active resources', unit: 'short', stack: 'normal', queries: [[`sum by (type) (nodejs_active_resources{${HOST}})`, '{{type}}']] },
  ]);
}

/** Charts in two columns under a choice of jobs, and of instances of those. `of` is a metric that every instance in question has. */
function dashboard(id: string, title: string, description: string, of: string, charts: readonly Chart[]): Dashboard {
  const some = { kind: 'label_values', multiple: true, all: true, selected: ['$__all'] } as const;
  return readDocument({
    version: 1,
    id,
    title,
    description,
    tags: ['built in'],
    time: { from: 'now-1h' },
    variables: [{ ...some, name: 'job', of: 'job', selector: of }, { ...some, name: 'instance', of: 'instance', selector: `${of}{${JOB}}` }],
    panels: charts.map(({ queries, ...chart }, i): PanelInput => ({
      kind: 'timeseries',
      id: chart.title.toLowerCase().replace(/[^a-z]+/g, '-'),
      ...chart,
      style: chart.stack === undefined ? 'line' : 'area',
      position: { x: (i % 2) * 12, y: Math.floor(i / 2) * 8, width: 12, height: 8 },
      queries: queries.map(([expression, legend]) => ({ expression, legend })),
    })),
  });
}
