import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { end, eventually } from './peer.js';

/** The project's folder, from the sources of this file and from what was compiled of it. */
export const ROOT = folderAbove(import.meta.dirname, 'lerna.json');

const BINARY = join(ROOT, 'plugins/default/bin/metrics-dashboard.js');

export interface ProductOptions {
  /** The text of the configuration file; none by default. */
  readonly config?: string;
  /** A data folder that outlives the process; else one of its own, removed at the end. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to wait until it is ready; true unless said otherwise. */
  readonly waitUntilReady?: boolean;
}

/** The built product as a process of its own, on loopback. */
export interface Product {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it has printed. */
  log(): string;
  /** The exit code, once it has ended. */
  readonly exited: Promise<number | null>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Instant query over the Prometheus HTTP API: the values by label set text. */
  query(expression: string, at?: number): Promise<QueryAnswer>;
  graphql<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly resultType: string; readonly result: readonly QuerySeries[] };
}

export interface QuerySeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
  readonly values: readonly (readonly [number, string])[];
}

/** A temporary folder, with its removal. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'metrics-dashboard-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts the built product. Rejects, with what it printed, when it ends before it is ready. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = temporaryFolder();
  const dataDir = options.dataDir ?? join(folder.path, 'data');
  const port = options.port ?? (await freePort());
  const args = ['--data', dataDir, '--listen', `127.0.0.1:${port}`, '--log-format', 'json', ...(options.args ?? [])];
  if (options.config !== undefined) {
    writeFileSync(join(folder.path, 'metrics-dashboard.yml'), options.config);
    args.push('--config', join(folder.path, 'metrics-dashboard.yml'));
  }
  const child = spawn('node', [BINARY, ...args], { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  let log = '';
  child.stdout.on('data', (data: Buffer) => void (log += data.toString()));
  child.stderr.on('data', (data: Buffer) => void (log += data.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  void exited.then(() => folder.remove());

  const url = `http://127.0.0.1:${port}`;
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url + path, { headers });
  const product: Product = {
    url,
    port,
    dataDir,
    pid: child.pid ?? 0,
    log: () => log,
    exited,
    get,
    async query(expression, at) {
      const time = at === undefined ? '' : `&time=${at / 1000}`;
      return (await (await get(`/api/v1/query?query=${encodeURIComponent(expression)}${time}`)).json()) as QueryAnswer;
    },
    async graphql<Data>(query: string, variables: Record<string, unknown> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
      if (errors !== undefined) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
      return data;
    },
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
  if (options.waitUntilReady ?? true) await untilReady(product);
  return product;
}

/** Runs the product's command line to its end. */
export async function runCommand(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn('node', [BINARY, ...args], { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  let output = '';
  child.stdout.on('data', (data: Buffer) => void (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => void (output += data.toString()));
  const hard = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const code = await new Promise<number | null>((resolve) => child.once('exit', (exit) => resolve(exit)));
  clearTimeout(hard);
  return { code, output };
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(product: Product): Promise<void> {
  let ended: number | null | undefined;
  void product.exited.then((code) => (ended = code));
  try {
    await eventually(async () => {
      if (ended !== undefined) return true;
      return (await product.get('/-/ready')).status === 200;
    }, 'the product is ready');
  } catch (error) {
    await product.kill();
    throw new Error(`${String(error)}; it printed:\n${product.log()}`, { cause: error });
  }
  if (ended !== undefined) throw new Error(`the product ended with ${ended}; it printed:\n${product.log()}`);
}

function folderAbove(start: string, mark: string): string {
  return existsSync(join(start, mark)) ? start : folderAbove(dirname(start), mark);
}
