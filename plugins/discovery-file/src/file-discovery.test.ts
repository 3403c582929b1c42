import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TargetGroup } from '@metrics-dashboard/sdk';
import { ManualClock, openKind, testDiscovery, testHost } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'discovery-file-'));
  closers.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function watching(config: unknown, clock = new ManualClock()): Promise<() => Promise<readonly TargetGroup[]>> {
  const discovery = await openKind(plugin, 'discovery', config, testHost({ clock }));
  const abort = new AbortController();
  const iterator = discovery.watch(abort.signal)[Symbol.asyncIterator]();
  closers.push(async () => {
    abort.abort();
    await iterator.return?.();
  });
  return async () => {
    const next = await iterator.next();
    if (next.done === true) throw new Error('the discovery has ended');
    return next.value;
  };
}

function addresses(groups: readonly TargetGroup[]): string[] {
  return groups.flatMap(({ targets }) => targets);
}

/** As careful programs do it: nobody sees half a file. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

describe('the contract of a discovery', () => {
  const bench = async () => {
    const made = await folder();
    const file = join(made, 'a.json');
    await writeFile(file, '[{ "targets": ["a:1"], "labels": { "env": "prod" } }]');
    return {
      discovery: await openKind(plugin, 'discovery', { files: [file] }, testHost()),
      groups: [{ source: `${file}:0`, targets: ['a:1'], labels: { env: 'prod', __meta_filepath: file } }],
      breakSource: () => replace(file, '{'),
      close: () => Promise.resolve(),
    };
  };
  for (const test of testDiscovery(bench)) it(test.name, () => test.run());
});

describe('discovery in files', () => {
  it('reads JSON and YAML, and names the file', async () => {
    const made = await folder();
    await writeFile(join(made, 'a.json'), '[{ "targets": ["a:1", "b:1"] }, { "targets": [], "labels": { "x": "y" } }]');
    await writeFile(join(made, 'b.yml'), '- targets:\n  - c:1\n  labels: { shard: 7 }\n');
    await writeFile(join(made, 'c.txt'), 'not read');
    const next = await watching({ files: [join(made, '*.json'), join(made, '[a-c].yml')] });
    expect(await next()).toEqual([
      { source: `${join(made, 'a.json')}:0`, targets: ['a:1', 'b:1'], labels: { __meta_filepath: join(made, 'a.json') } },
      { source: `${join(made, 'a.json')}:1`, targets: [], labels: { x: 'y', __meta_filepath: join(made, 'a.json') } },
      { source: `${join(made, 'b.yml')}:0`, targets: ['c:1'], labels: { shard: '7', __meta_filepath: join(made, 'b.yml') } },
    ]);
  });

  it('hears of changes, of new files and of files that go', async () => {
    const made = await folder();
    const file = join(made, 'a.json');
    const next = await watching({ files: [join(made, '*.json')] });
    expect(await next()).toEqual([]);
    await replace(file, '[{ "targets": ["a:1"] }]');
    expect(addresses(await next())).toEqual(['a:1']);
    await replace(file, '[{ "targets": ["a:2"] }]');
    expect(addresses(await next())).toEqual(['a:2']);
    await rm(file);
    expect(await next()).toEqual([]);
  });

  it('keeps the last set of a file that is broken, while others change', async () => {
    const made = await folder();
    const [a, b] = [join(made, 'a.json'), join(made, 'b.json')];
    await writeFile(a, '[{ "targets": ["a:1"] }]');
    await writeFile(b, '[{ "targets": ["b:1"] }]');
    const next = await watching({ files: [join(made, '*.json')] });
    expect(addresses(await next())).toEqual(['a:1', 'b:1']);
    await replace(a, '[{ "targets": "a:1" }]');
    await replace(b, '[{ "targets": ["b:2"] }]');
    expect(addresses(await next())).toEqual(['a:1', 'b:2']);
  });

  it('looks now and then by itself: into a folder that was not there, for one', async () => {
    const made = await folder();
    const clock = new ManualClock();
    const next = await watching({ files: [join(made, 'later', 'a.yaml'), join(made, '*.json')], refresh_interval: '30s' }, clock);
    await writeFile(join(made, 'a.json'), '[]');
    expect(addresses(await next())).toEqual([]);
    await mkdir(join(made, 'later'));
    await writeFile(join(made, 'later', 'a.yaml'), '- targets: [a:1]');
    const found = next();
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(30_000);
    expect(addresses(await found)).toEqual(['a:1']);
  });

  it.each([
    [{ files: [] }, 'names no file'],
    [{ files: ['*/a.json'] }, 'in its last part only'],
    [{ files: ['a.txt'] }, 'is not the name of a .json'],
    [{ files: ['a.json'], refresh_interval: '0s' }, 'longer than 0'],
    [{ files: ['a.json'], refresh_interval: 'soon' }, 'of a form like 30s'],
    [{ file: ['a.json'] }, 'file'],
  ])('refuses %j', async (config, message) => {
    await expect(openKind(plugin, 'discovery', config, testHost())).rejects.toThrow(message);
  });
});
