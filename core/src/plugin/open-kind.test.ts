import { ConfigError, PluginError, StorageError, defineKind, points } from '@metrics-dashboard/sdk';
import type { Host, NotifierChannel, Schema } from '@metrics-dashboard/sdk';
import { memoryStorageKind, testHost } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Contributions } from './contributions.js';
import { openKind } from './open-kind.js';
import type { NamedConfig } from './plugin-config.js';

const at = {
  file: 'my.yml',
  path: 'receivers[0].pager_configs[0]',
  line: 3,
  column: 7,
  parts: { url: { line: 3, column: 12 }, 'headers': { line: 4, column: 7 }, 'headers.a': { line: 5, column: 9 }, colour: { line: 6, column: 15 } },
};

type Open = (config: unknown, host: Host) => NotifierChannel | Promise<NotifierChannel>;

const CHANNEL: NotifierChannel = { send: () => Promise.resolve() };
const SCHEMA = z.strictObject({ url: z.string().default('none'), headers: z.record(z.string(), z.string()).default({}) });

function offering(open: Open, config: Schema<unknown> = SCHEMA): Contributions {
  const contributions = new Contributions();
  contributions.add('pager-plugin', [points.notifier.of(defineKind({ kind: 'pager', config, open })), points.storage.of(memoryStorageKind)]);
  return contributions;
}

function pager(config: unknown, kind = 'pager'): NamedConfig {
  return { kind, config, at };
}

describe('opening what the configuration names', () => {
  it('hands the checked configuration, and the host of its plugin, to open', async () => {
    const seen: unknown[] = [];
    const contributions = offering((config, host) => {
      seen.push(config, host.dataDir);
      return CHANNEL;
    });
    const hostFor = (plugin: string, folder?: string): Host => testHost({ dataDir: `${plugin} ${folder}` });
    expect(await openKind(contributions, 'notifier', pager(undefined), hostFor)).toBe(CHANNEL);
    expect(seen).toEqual([{ url: 'none', headers: {} }, 'pager-plugin undefined']);
  });

  it('gives a storage the folder of its kind', async () => {
    const folders: (string | undefined)[] = [];
    const storage = await openKind(offering(() => CHANNEL), 'storage', { kind: 'memory', config: {}, at }, (_, folder) => {
      folders.push(folder);
      return testHost();
    });
    await storage.close();
    expect(folders).toEqual(['memory']);
  });

  const refused: readonly [what: string, named: NamedConfig, message: string, line: number, column: number][] = [
    ['an unknown kind', pager({}, 'smoke'), 'my.yml:3:7: receivers[0].pager_configs[0]: unknown notifier "smoke", known are pager', 3, 7],
    ['a value of the wrong type', pager({ url: 5 }), 'my.yml:3:12: receivers[0].pager_configs[0].url: invalid input: expected string, received number', 3, 12],
    ['an unknown key', pager({ colour: 1 }), 'my.yml:6:15: receivers[0].pager_configs[0].colour: unrecognized key: "colour"', 6, 15],
    ['an inner value', pager({ headers: { a: 1 } }), 'my.yml:5:9: receivers[0].pager_configs[0].headers.a: invalid input: expected string, received number', 5, 9],
    ['a value in something whose place is not known', pager({ headers: { b: 1 } }), 'my.yml:4:7: receivers[0].pager_configs[0].headers.b: invalid input: expected string, received number', 4, 7],
  ];
  it.each(refused)('refuses %s at its place', async (_, named, message, line, column) => {
    const opening = openKind(offering(() => CHANNEL), 'notifier', named, () => testHost());
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG', file: 'my.yml', position: { line, column } });
  });

  it('tells all mistakes', async () => {
    const opening = openKind(offering(() => CHANNEL), 'notifier', pager({ url: 5, headers: { a: 1 } }), () => testHost());
    await expect(opening).rejects.toThrow(/^my.yml:3:12: .*number\nmy.yml:5:9: .*number$/);
  });

  it('places a configuration error that open itself finds', async () => {
    const open = (): never => {
      throw new ConfigError('is not reachable', { path: 'url' });
    };
    const opening = openKind(offering(open), 'notifier', pager({}), () => testHost());
    await expect(opening).rejects.toThrow('my.yml:3:12: receivers[0].pager_configs[0].url: is not reachable');
  });

  it('lets errors of the house through, and names the plugin of any other', async () => {
    const failing = (error: Error) => openKind(offering(() => Promise.reject(error)), 'notifier', pager({}), () => testHost());
    const storageError = new StorageError('disk full');
    await expect(failing(storageError)).rejects.toBe(storageError);
    const other = failing(new TypeError('x is not a function'));
    await expect(other).rejects.toBeInstanceOf(PluginError);
    await expect(other).rejects.toMatchObject({ plugin: 'pager-plugin', message: 'plugin pager-plugin: open the notifier "pager"', cause: { message: 'x is not a function' } });
  });
});
