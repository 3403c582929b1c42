import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Distribution, Terminal } from './distribution.js';
import { runCli } from './run.js';

const BARE: Distribution = { version: '1.2.3', uiFolder: undefined, plugins: [] };

const BROKEN: Distribution = {
  ...BARE,
  plugins: [
    {
      specifier: '@metrics-dashboard/nothing-of-this-name',
      from: import.meta.url,
      config: undefined,
      at: { file: undefined, path: '', line: undefined, column: undefined },
    },
  ],
};

/** A plugin's code without any import: what definePlugin and points.….of give, written out. */
const PAPER_STORAGE = `
const config = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
const open = () => { throw new Error('checking opens nothing'); };
export default { id: 'paper', sdk: '*', activate: () => [{ point: 'storage', name: 'paper', value: { kind: 'paper', config, open } }] };`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], environment: Record<string, string> = {}, distribution = BARE): Promise<Ended> {
  let [out, err] = ['', ''];
  const terminal: Terminal = { environment, isInteractive: true, out: (text) => void (out += text), err: (text) => void (err += text) };
  const code = await runCli(distribution, args, terminal);
  return { code, out, err };
}

function file(text: string): string {
  const path = join(folder, 'md.yml');
  writeFileSync(path, text);
  return path;
}

describe('usage', () => {
  test.each([
    [['frobnicate'], 'error: unknown command "frobnicate", known are backup, check-config, check-rules, help, plugins, restore, serve, test-rules\n'],
    [['--bogus'], "error: unknown option '--bogus'\n"],
    [['serve', '--log-level', 'loud'], /argument 'loud' is invalid\. Allowed choices are debug, info, warn, error/],
    [['check-config'], "error: missing required argument 'file'\n"],
  ])('%s ends with 2', async (args, message) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test.each([['--help'], ['serve', '--help'], ['plugins', 'list', '--help']])('%s %s helps and ends with 0', async (...args) => {
    const { code, out } = await run(args.filter(Boolean));
    expect(code).toBe(0);
    expect(out).toContain('Usage: metrics-dashboard');
  });

  test('says its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });
});

describe('serve', () => {
  test.each([
    [['--listen', 'nowhere'], '--listen: "nowhere" is not an address, expected HOST:PORT like 127.0.0.1:9700\n'],
    [['--listen', '127.0.0.1:99999'], '--listen: "127.0.0.1:99999" is not an address, expected HOST:PORT like 127.0.0.1:9700\n'],
    [['--database', 'mysql://db'], '--database: expected an address like postgres://user@host/name\n'],
  ])('%s is one line and ends with 1', async (args, err) => {
    expect(await run(args)).toEqual({ code: 1, out: '', err });
  });

  test('takes its flags from the environment', async () => {
    const { code, err } = await run([], { METRICS_DASHBOARD_LISTEN: 'elsewhere' });
    expect(code).toBe(1);
    expect(err).toContain('"elsewhere"');
  });

  test('prefers the command line to the environment', async () => {
    expect((await run(['--listen', 'here'], { METRICS_DASHBOARD_LISTEN: 'elsewhere' })).err).toContain('"here"');
  });
});

describe('check-config', () => {
  test('is content with a configuration that is right', async () => {
    writeFileSync(join(folder, 'paper.mjs'), PAPER_STORAGE);
    const path = file('global:\n  scrape_interval: 5s\nplugins: [{ path: paper.mjs }]\nstorage: { backend: paper }\n');
    expect(await run(['check-config', path])).toEqual({ code: 0, out: `${path}: ok\n`, err: '' });
  });

  test('names every mistake with its place', async () => {
    const path = file('global:\n  scrape_interval: 5x\nfoo: 1\n');
    const { code, err } = await run(['check-config', path]);
    expect(code).toBe(1);
    expect(err).toContain(`${path}:3:1: foo: unknown key "foo"`);
    expect(err).toContain(`${path}:2:20: global.scrape_interval: "5x" is not a duration`);
    expect(err).not.toContain('    at ');
  });

  test('looks at what the plugins it names make of it', async () => {
    const { code, err } = await run(['check-config', file('plugins:\n  - package: ./mine.mjs\n')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^.*md\.yml:2:5: plugins\[0\]: plugin \.\/mine\.mjs: there is no file or folder /);
    const receivers = await run(['check-config', file('receivers:\n  - name: team\n    webhook_configs: [{ url: x }]\n')]);
    expect(receivers.code).toBe(1);
    expect(receivers.err).toMatch(/md\.yml:3:\d+: .*unknown notifier "webhook"/);
  });

  test('says that there is no such file', async () => {
    const { code, err } = await run(['check-config', join(folder, 'none.yml')]);
    expect(code).toBe(1);
    expect(err).toContain('none.yml');
  });
});

describe('plugins list', () => {
  test('shows what can be loaded and what can not', async () => {
    const path = file('plugins:\n  - package: ./mine.mjs\n');
    writeFileSync(join(folder, 'mine.mjs'), 'throw new Error("listing runs no code");');
    const { code, out } = await run(['plugins', 'list', '--config', path], {}, BROKEN);
    expect(code).toBe(1);
    expect(out).toMatch(/^PLUGIN +VERSION +CONTRIBUTES +FROM\n/);
    expect(out).toContain("can't be loaded: plugin @metrics-dashboard/nothing-of-this-name: there is no package of this name");
    expect(out).toMatch(/\.\/mine\.mjs +- +known when it is loaded/);
  });
});
