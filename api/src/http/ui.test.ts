import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp } from '../testing/fake-app.js';

let folder: string;
let server: Server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ui-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>ui</title>');
  writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'let a;');
  writeFileSync(join(folder, 'assets', 'index-abc123.js.gz'), 'compressed');
  server = await openServer({ app: new FakeApp(), listen: { host: '127.0.0.1', port: 0 }, uiFolder: folder, flags: {} });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const html = { accept: 'text/html,application/xhtml+xml' };

describe('the UI', () => {
  test.each(['/', '/explore', '/explore?query=up', '/dashboards/home'])('is at %s for a browser', async (path) => {
    const response = await fetch(server.url + path, { headers: html });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<title>ui</title>');
  });

  test('loads nothing from another host and runs no text as code', async () => {
    const policy = (await fetch(server.url, { headers: html })).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  test('has files that never change under a name with a hash', async () => {
    const response = await fetch(`${server.url}/assets/index-abc123.js`, { headers: { 'accept-encoding': 'identity' } });
    expect(await response.text()).toBe('let a;');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('etag')).toBeTruthy();
  });

  test.each(['/assets/gone.js', '/api/v1/nothing', '/-/nothing'])('is not at %s', async (path) => {
    expect((await fetch(server.url + path, { headers: html })).status).toBeGreaterThanOrEqual(400);
  });

  test('leads to no file outside of its folder', async () => {
    writeFileSync(join(folder, '..', 'outside.txt'), 'the secret');
    for (const path of ['/..%2foutside.txt', '/assets/..%2f..%2foutside.txt', '/%2e%2e/outside.txt']) {
      expect(await (await fetch(server.url + path, { headers: html })).text()).not.toContain('the secret');
    }
    rmSync(join(folder, '..', 'outside.txt'));
  });

  test('is not what a program gets for a wrong address', async () => {
    const response = await fetch(`${server.url}/explore`);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('there is nothing at /explore\n');
  });
});

test('without files, a browser is told to build them', async () => {
  const bare = await openServer({ app: new FakeApp(), listen: { host: '127.0.0.1', port: 0 }, uiFolder: join(folder, 'none'), flags: {} });
  const response = await fetch(bare.url, { headers: html });
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('npm run build');
  await bare.close();
});
