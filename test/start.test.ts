import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, eventually } from './peer.js';
import { ROOT, freePort, startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

describe('starting', () => {
  let product: Product;
  let readyAfter: number;

  beforeAll(async () => {
    const start = Date.now();
    product = await startProduct();
    readyAfter = Date.now() - start;
  });
  afterAll(() => product.stop());

  it('is ready in under three seconds', () => {
    expect(readyAfter).toBeLessThan(3000);
  });

  it('scrapes itself without being told to', async () => {
    await eventually(async () => (await product.query('up')).data.result[0]?.value[1] === '1', 'up is 1');
    const { data } = await product.query('up');
    expect(data.result.map(({ metric }) => metric['job'])).toEqual(['metrics-dashboard']);
  });

  it('takes less than 200 MB when idle, all threads together', async () => {
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(residentBytes(product.pid) / 1e6).toBeLessThan(200);
  });

  it('serves the window, and tells browsers to load nothing from elsewhere', async () => {
    const page = await product.get('/', { accept: 'text/html' });
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';.* connect-src 'self'/);
    expect(await page.text()).toContain('<div id="app"');
  });

  it('stops cleanly when told to, and starts again on the same folder', async () => {
    await product.stop();
    expect(await product.exited).toBe(0);
    product = await startProduct({ dataDir: product.dataDir });
  });
});

describe('npm start', () => {
  it('builds what changed, starts, and ends with Ctrl-C', async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    const child = spawn('npm', ['start', '--', '--data', folder.path, '--listen', `127.0.0.1:${port}`], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => void (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => void (output += data.toString()));
    try {
      await eventually(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok, 'npm start is ready', 90);
      await eventually(() => output.includes(`http://127.0.0.1:${port}`), 'the address is printed');
    } finally {
      // Ctrl-C in a terminal reaches the whole group.
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await new Promise((resolve) => child.once('exit', resolve));
      folder.remove();
    }
    await expect(fetch(`http://127.0.0.1:${port}/-/healthy`)).rejects.toThrow();
    await end(child, 'SIGKILL');
  });
});

function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}
