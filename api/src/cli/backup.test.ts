import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp, principal } from '../testing/fake-app.js';
import type { Terminal } from './distribution.js';
import { runCli } from './run.js';

let folder: string;
let app: FakeApp;
let server: Server;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'backup-'));
  app = new FakeApp();
  app.backupFolder = path.join(folder, 'source');
  fs.mkdirSync(path.join(folder, 'source/tsdb/blocks/0000000001'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'source/tsdb/format'), '1\n');
  fs.writeFileSync(path.join(folder, 'source/tsdb/blocks/0000000001/chunks'), Buffer.alloc(100_000, 7));
  fs.writeFileSync(path.join(folder, 'source/state.db'), 'dashboards');
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});

afterEach(async () => {
  await server.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal: Terminal = { environment: {}, isInteractive: false, out: (text) => void (out += text), err: (text) => void (err += text) };
  const code = await runCli({ version: '1.2.3', uiFolder: undefined, plugins: [] }, args, terminal);
  return { code, out, err };
}

const at = (name: string): string => path.join(folder, name);

function filesOf(name: string): Record<string, string> {
  const entries = fs.readdirSync(at(name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(entries.map((entry) => [path.relative(at(name), path.join(entry.parentPath, entry.name)), fs.readFileSync(path.join(entry.parentPath, entry.name), 'base64')]));
}

describe('backup and restore', () => {
  test('bring a data folder elsewhere, byte for byte', async () => {
    const source = filesOf('source');
    expect(await run('backup', at('b'), '--url', server.url)).toEqual({ code: 0, out: `3 files, 100012 bytes copied to ${at('b')}\n`, err: '' });
    await expect.poll(() => app.backupFolder).toBe('');
    const restored = await run('restore', at('b'), '--data', at('data'));
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toMatch(/^3 files, 100012 bytes of .*Z restored to /);
    expect(filesOf('data')).toEqual(source);
  });

  test('asks as who the token says, and tells what the server answers', async () => {
    app.anonymous = undefined;
    app.tokens.set('a', principal('ada', 'admin'));
    expect(await run('backup', at('b'), '--url', server.url)).toMatchObject({ code: 1, err: expect.stringContaining('answers 401') as string });
    expect(await run('backup', at('b'), '--url', server.url, '--token', 'a')).toMatchObject({ code: 0 });
  });

  test('take a folder only that is empty', async () => {
    expect((await run('backup', at('source'), '--url', server.url)).err).toBe(`${at('source')} is not empty; choose another folder, or move what is there away\n`);
    await run('backup', at('b'), '--url', server.url);
    fs.mkdirSync(at('data'));
    expect(await run('restore', at('b'), '--data', at('data'))).toMatchObject({ code: 0 });
    expect((await run('restore', at('b'), '--data', at('data'))).err).toContain('is not empty');
  });

  test('say that there is no server', async () => {
    const { code, err } = await run('backup', at('b'), '--url', 'http://127.0.0.1:1');
    expect(code).toBe(1);
    expect(err).toMatch(/^no server answers at http:\/\/127\.0\.0\.1:1; name it with --url/);
  });

  test.each([
    ['a flipped bit', (file: string) => fs.writeFileSync(file, Buffer.alloc(100_000, 8)), 'checksum'],
    ['a missing end', (file: string) => fs.truncateSync(file, 50_000), '50000 bytes, expected 100000'],
    ['a missing file', (file: string) => fs.rmSync(file), 'no such file'],
  ])('refuse a backup with %s, and leave nothing', async (_, damage, message) => {
    await run('backup', at('b'), '--url', server.url);
    damage(at('b/tsdb/blocks/0000000001/chunks'));
    const { code, err } = await run('restore', at('b'), '--data', at('data'));
    expect(code).toBe(1);
    expect(err).toContain('the backup is damaged: tsdb/blocks/0000000001/chunks: ');
    expect(err).toContain(message);
    expect(fs.existsSync(at('data'))).toBe(false);
  });

  test('refuse a backup that is not whole', async () => {
    await run('backup', at('b'), '--url', server.url);
    fs.rmSync(at('b/backup.json'));
    expect((await run('restore', at('b'), '--data', at('data'))).err).toContain('holds no whole backup');
  });
});
