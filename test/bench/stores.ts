// The servers whose stores are compared: each is started on a folder, killed, started again, and asked for its bytes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, hasPeer, startPeer } from '../peer.js';
import type { Peer } from '../peer.js';
import { freePort, startProduct } from '../product.js';
import { bytesBelow } from './process-cost.js';

/** A server that takes remote write and answers the Prometheus HTTP API. */
export interface Store {
  readonly url: string;
  readonly pid: number;
  /** Everything goes to disk as it is to stay there; answers how many bytes that is. */
  readonly settled: () => Promise<number>;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

/** How each of the servers that are installed is started on a folder, in which it keeps what it has. */
export function stores(): ReadonlyMap<string, (folder: string) => Promise<Store>> {
  const all = new Map([['metrics-dashboard', startOurs]]);
  if (hasPeer('victoria-metrics')) all.set('victoria-metrics', startVictoriaMetrics);
  if (hasPeer('prometheus')) all.set('prometheus', startPrometheus);
  return all;
}

/** Long enough for a replay on a machine that does much else. */
const PATIENCE_SECONDS = 300;

const CONFIG = `self_scrape: false
limits: { series_per_metric: 1000000, query_series: 1000000, query_samples: 1000000000 }
`;

async function startOurs(folder: string): Promise<Store> {
  const dataDir = join(folder, 'data');
  const product = await startProduct({ config: CONFIG, dataDir });
  return {
    url: product.url,
    pid: product.pid,
    settled: async () => {
      await expectOk(`${product.url}/api/v1/admin/flush`, 'POST');
      return bytesBelow(join(dataDir, 'tsdb'));
    },
    stop: () => product.stop(),
    kill: () => product.kill(),
  };
}

async function startVictoriaMetrics(folder: string): Promise<Store> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [`-httpListenAddr=127.0.0.1:${port}`, `-storageDataPath=${folder}`, '-search.maxUniqueTimeseries=2000000', '-loggerLevel=ERROR'];
  return startOther('victoria-metrics', args, `${url}/health`, {
    url,
    settled: async () => {
      await expectOk(`${url}/internal/force_flush`);
      await expectOk(`${url}/internal/force_merge`);
      const isMerging = /^(vm_active_force_merges|vm_active_merges\{.*\}) [1-9]/m;
      await eventually(async () => !isMerging.test(await (await expectOk(`${url}/metrics`)).text()), 'the merges have ended', PATIENCE_SECONDS);
      return bytesBelow(join(folder, 'data')) + bytesBelow(join(folder, 'indexdb'));
    },
  });
}

async function startPrometheus(folder: string): Promise<Store> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'scrape_configs: []\n');
  const data = join(folder, 'data');
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${port}`, '--web.enable-remote-write-receiver', '--web.enable-admin-api', '--log.level=error'];
  return startOther('prometheus', args, `${url}/-/ready`, {
    url,
    settled: async () => {
      await expectOk(`${url}/api/v1/admin/tsdb/snapshot`, 'POST');
      return bytesBelow(join(data, 'snapshots'));
    },
  });
}

async function startOther(peer: Peer, args: readonly string[], readyUrl: string, store: Pick<Store, 'url' | 'settled'>): Promise<Store> {
  const running = await startPeer(peer, args, async () => (await fetch(readyUrl)).ok, PATIENCE_SECONDS);
  const stop = (): Promise<void> => running.stop();
  const kill = (): Promise<void> => {
    process.kill(running.pid, 'SIGKILL');
    return stop();
  };
  return { ...store, pid: running.pid, stop, kill };
}

async function expectOk(url: string, method = 'GET'): Promise<Response> {
  const answer = await fetch(url, { method });
  if (!answer.ok) throw new Error(`${method} ${url}: status ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return answer;
}
