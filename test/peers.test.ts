import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasPeer, startPeer } from './peer.js';
import type { RunningPeer } from './peer.js';
import { freePort, startProduct, temporaryFolder } from './product.js';
import type { Product, QueryAnswer } from './product.js';

const DEBIANS_CONFIG = '/etc/prometheus/prometheus.yml';
const hasPeers = hasPeer('prometheus') && hasPeer('prometheus-node-exporter');

describe.skipIf(!hasPeers)('beside Debian\'s Prometheus and node_exporter', () => {
  const folder = temporaryFolder();
  let exporter: RunningPeer;
  let prometheus: RunningPeer;
  let product: Product;
  let prometheusUrl: string;
  let exporterPort: number;

  beforeAll(async () => {
    exporterPort = await freePort();
    exporter = await startPeer('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporterPort}`], async () => (await fetch(`http://127.0.0.1:${exporterPort}/metrics`)).ok);
    const scrape = `
global: { scrape_interval: 2s }
scrape_configs:
  - job_name: node
    static_configs: [{ targets: ['127.0.0.1:${exporterPort}'] }]
`;
    product = await startProduct({ config: scrape });
    const port = await freePort();
    prometheusUrl = `http://127.0.0.1:${port}`;
    mkdirSync(join(folder.path, 'prometheus'));
    writeFileSync(
      join(folder.path, 'prometheus.yml'),
      `${scrape}remote_write:\n  - url: ${product.url}/api/v1/write\n    write_relabel_configs: [{ target_label: sender, replacement: prometheus }]\n`,
    );
    const args = [`--config.file=${join(folder.path, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder.path, 'prometheus')}`, `--web.listen-address=127.0.0.1:${port}`];
    prometheus = await startPeer('prometheus', args, async () => (await fetch(`${prometheusUrl}/-/ready`)).ok);
    await eventually(async () => Number((await product.query('count_over_time(node_load1{sender=""}[5m])')).data.result[0]?.value[1]) >= 8, 'eight scrapes are stored', 60);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await exporter?.stop();
    await product?.stop();
    folder.remove();
  });

  const range = async (url: string, query: string, start: number, end: number): Promise<QueryAnswer> =>
    (await (await fetch(`${url}/api/v1/query_range?query=${encodeURIComponent(query)}&start=${start}&end=${end}&step=2`)).json()) as QueryAnswer;

  it('scrapes every series that Prometheus scrapes of the same target', async () => {
    const names = async (url: string, selector: string): Promise<string[]> => {
      const answer = (await (await fetch(`${url}/api/v1/series?match[]=${encodeURIComponent(selector)}`)).json()) as { data: Record<string, string>[] };
      return answer.data.map(({ sender: _, ...labels }) => JSON.stringify(Object.entries(labels).map(normalised).sort())).sort();
    };
    const theirs = await names(prometheusUrl, '{job="node"}');
    expect(theirs.length).toBeGreaterThan(300);
    expect(await names(product.url, '{job="node",sender=""}')).toEqual(theirs);
  });

  it('agrees with Prometheus on what does not change between two scrapes', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const query of ['node_uname_info', 'node_memory_MemTotal_bytes', 'node_boot_time_seconds', 'count by (mode) (node_cpu_seconds_total)', 'sum(node_filesystem_size_bytes)']) {
      const [ours, theirs] = await Promise.all([
        range(product.url, query.replace(/(node_\w+)/, '$1{sender=""}'), now - 6, now - 2),
        range(prometheusUrl, query, now - 6, now - 2),
      ]);
      expect(theirs.data.result.length, query).toBeGreaterThan(0);
      expect(ours.data, query).toEqual(theirs.data);
    }
  });

  it('gives the same metrics by GraphQL as by the HTTP API', async () => {
    const end = Math.floor(Date.now() / 1000) * 1000;
    const query = 'node_load1{sender=""}';
    const { range: byGraphql } = await product.graphql<{ range: { frames: { labels: Record<string, string>; times: number[]; values: number[] }[] } }>(
      'query ($start: Timestamp!, $end: Timestamp!) { range(query: "node_load1{sender=\\"\\"}", start: $start, end: $end, step: "2s") { frames { labels times values } } }',
      { start: end - 10_000, end },
    );
    const byHttp = await range(product.url, query, end / 1000 - 10, end / 1000);
    const [frame] = byGraphql.frames;
    expect(frame?.labels).toEqual(byHttp.data.result[0]?.metric);
    expect(frame?.times.map((at, i) => [at / 1000, String(frame.values[i])])).toEqual(byHttp.data.result[0]?.values);
  });

  it('takes what a real Prometheus sends by remote write, with the same values', async () => {
    await eventually(async () => Number((await product.query('count({sender="prometheus"})')).data.result[0]?.value[1] ?? 0) > 300, 'remote write arrived');
    const at = Math.floor(Date.now() / 1000);
    const ours = (): Promise<QueryAnswer> => range(product.url, 'node_cpu_seconds_total{sender="prometheus"}', at - 4, at);
    const theirs = await range(prometheusUrl, 'node_cpu_seconds_total', at - 4, at);
    expect(theirs.data.result.length).toBeGreaterThan(0);
    const withoutSender = ({ data }: QueryAnswer): unknown => data.result.map(({ metric: { sender: _, ...metric }, values }) => ({ metric, values }));
    await eventually(async () => JSON.stringify(withoutSender(await ours())) === JSON.stringify(withoutSender(theirs)), 'what was sent has arrived');
    expect(withoutSender(await ours())).toEqual(withoutSender(theirs));
  });

  it('answers /metrics in a form that Prometheus reads', async () => {
    const answer = await product.get('/metrics', { accept: 'text/plain;version=0.0.4' });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('metrics_dashboard_ingest_samples_total{source="scrape"}');
  });
});

describe.skipIf(!hasPeers || !existsSync(DEBIANS_CONFIG))('the configuration file that Debian\'s prometheus ships', () => {
  it('works unchanged, and all of it is acted on', async () => {
    const product = await startProduct({ config: readFileSync(DEBIANS_CONFIG, 'utf8') });
    try {
      await eventually(async () => (await product.query('up{job="metrics-dashboard"}')).data.result[0]?.value[1] === '1', 'the self-scrape is up');
      const { data } = (await (await product.get('/api/v1/targets')).json()) as { data: { activeTargets: { scrapePool: string }[] } };
      expect(data.activeTargets.map(({ scrapePool }) => scrapePool).sort()).toEqual(['metrics-dashboard', 'node', 'prometheus']);
      const { status } = await product.graphql<{ status: { configWarnings: string[] } }>('{ status { configWarnings } }');
      expect(status.configWarnings).toEqual([]);
    } finally {
      await product.stop();
    }
  });
});

/** Bounds of buckets and quantiles as Prometheus 3 stores them, `1.0` for `1`; the version at hand may be older. */
function normalised([name, value]: [string, string]): [string, string] {
  return [name, (name === 'le' || name === 'quantile') && /^\d+$/.test(value) ? `${value}.0` : value];
}
