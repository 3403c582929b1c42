import { ConfigError, DeliveryError, Labels, NotFoundError, QueryError, StorageError } from '@metrics-dashboard/sdk';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.js';
import { MemoryStore } from './testing/memory-store.js';
import { AlertingWorld, alertingConfig, route } from './testing/world.js';

const config = alertingConfig(route({ receiver: 'team', groupBy: [], wait: 10, interval: 60 }));
const hook = { kind: 'test', config: { url: 'https://ada:pw@hooks.example/T0/s3cret', http_config: { authorization: { credentials: 't0ken' } } } };

async function open(): Promise<{ world: AlertingWorld; store: MemoryStore }> {
  const store = new MemoryStore();
  return { world: await AlertingWorld.open(config, { clock: new ManualClock(), log: silentLogger, store }), store };
}

describe('a receiver that is made by the API', () => {
  it('is told what rules name it for, over restarts and reloads, until it is taken away', async () => {
    const { world } = await open();
    await world.alerting.desk.save({ name: 'mine', channels: [hook] });
    await world.alerting.close();
    await world.start();
    await world.reload();
    expect(world.alerting.desk.names()).toEqual(['team', 'mine']);
    await world.push({ alertname: 'a' }, { receivers: ['mine'] });
    await world.until(20_000);
    expect(world.take()).toEqual(['10s mine first a:firing']);
    await world.alerting.desk.remove('mine');
    expect(world.alerting.desk.names()).toEqual(['team']);
    await expect(world.alerting.desk.remove('mine')).rejects.toThrow(NotFoundError);
    await world.alerting.close();
  });

  it('shows no secret, keeps none in the clear, and need not be told again what it does not show', async () => {
    const { world, store } = await open();
    const shown = await world.alerting.desk.save({ name: 'mine', channels: [hook] });
    expect(shown.channels).toEqual([{ kind: 'test', config: { url: 'https://hooks.example/***', http_config: { authorization: { credentials: '***' } } } }]);
    expect([...store.documents.values()].join()).not.toMatch(/s3cret|t0ken/);
    await world.alerting.desk.save({ name: 'mine', channels: [{ kind: 'test', config: { ...(shown.channels[0]?.config as object), send_resolved: false } }] });
    const key = new SecretBox(new Uint8Array(32));
    const { sealed } = JSON.parse(store.documents.get('receiver mine') ?? '') as { sealed: string };
    expect(JSON.parse(key.open(sealed, 'receiver mine'))).toEqual([{ kind: 'test', config: { ...hook.config, send_resolved: false } }]);
    await world.alerting.close();
  });

  it('is refused with the name of one of the configuration, and with files of the server', async () => {
    const { world } = await open();
    await expect(world.alerting.desk.save({ name: 'team', channels: [hook] })).rejects.toThrow(QueryError);
    await expect(world.alerting.desk.save({ name: ' ', channels: [hook] })).rejects.toThrow('a receiver needs a name');
    await expect(world.alerting.desk.save({ name: 'mine', channels: Array.from({ length: 51 }, () => hook) })).rejects.toThrow('51 channels, expected at most 50');
    await expect(world.alerting.desk.save({ name: 'mine', channels: [{ kind: 'test', config: { http_config: { tls_config: { ca_file: '/etc/passwd' } } } }] })).rejects.toThrow("http_config.tls_config.ca_file: a channel that is made here can't name files");
    expect(world.alerting.desk.list()).toEqual([]);
    await world.alerting.close();
  });

  it('gives way to one of the configuration that has its name, and is back when that is gone', async () => {
    const { world } = await open();
    await world.alerting.desk.save({ name: 'mine', channels: [hook, hook] });
    expect([world.alerting.desk.isOwn('mine'), world.channels.ofReceiver('mine').length]).toEqual([true, 2]);
    await world.reload(alertingConfig(route({ receiver: 'team' }), {}, 'mine'));
    expect([world.alerting.desk.isOwn('mine'), world.channels.ofReceiver('mine').length]).toEqual([false, 1]);
    await world.reload(config);
    expect([world.alerting.desk.isOwn('mine'), world.channels.ofReceiver('mine').length]).toEqual([true, 2]);
    await world.alerting.close();
  });

  it('stays while rules name it', async () => {
    const { world } = await open();
    await world.alerting.desk.save({ name: 'mine', channels: [hook] });
    world.namedByRules = ['mine'];
    await expect(world.alerting.desk.remove('mine')).rejects.toThrow('rules name the receiver "mine": mine');
    expect(world.alerting.desk.list()).toHaveLength(1);
    await world.alerting.close();
  });

  it('is not lost when several are made, and the configuration is read again, all at once', async () => {
    const { world } = await open();
    const { desk } = world.alerting;
    await Promise.all([desk.save({ name: 'a', channels: [hook] }), world.reload(), desk.save({ name: 'b', channels: [hook] }), desk.save({ name: 'c', channels: [hook] }), world.reload()]);
    expect([...desk.names()].sort()).toEqual(['a', 'b', 'c', 'team']);
    await desk.remove('b');
    expect([...desk.names()].sort()).toEqual(['a', 'c', 'team']);
    await world.alerting.close();
  });

  it('is refused when a channel can not be opened; one that was made before and can not be opened any more stops nobody', async () => {
    const { world } = await open();
    await expect(world.alerting.desk.save({ name: 'mine', channels: [{ kind: 'broken', config: {} }] })).rejects.toThrow(ConfigError);
    await world.alerting.desk.save({ name: 'later', channels: [{ kind: 'test', config: { breaksAfterRestart: true } }] });
    await world.alerting.close();
    await world.start();
    expect(world.alerting.desk.names()).toEqual(['team']);
    expect(world.alerting.desk.list()).toHaveLength(1);
    await world.alerting.close();
  });
});

describe('a receiver that is not saved', () => {
  it('is sent a test, channel by channel, and what came of it is told', async () => {
    const { world } = await open();
    world.onSend = (_, __, attempt) => {
      if (attempt === 2) throw new DeliveryError('status 404 Not Found', false);
    };
    const tests = await world.alerting.desk.test({ name: 'draft', channels: [hook, hook] }, new AbortController().signal);
    expect(tests).toEqual([
      { channel: 'draft/test/0', kind: 'test', delivered: true, error: undefined, took: 0 },
      { channel: 'draft/test/1', kind: 'test', delivered: false, error: 'status 404 Not Found', took: 0 },
    ]);
    expect(world.take()).toEqual(['0s draft test TestNotification/info:firing']);
    expect(world.alerting.desk.names()).toEqual(['team']);
    await expect(world.alerting.desk.test({ name: 'draft', channels: [{ kind: 'broken', config: {} }] }, new AbortController().signal)).rejects.toThrow(ConfigError);
    await world.alerting.close();
  });

  it('shows what its templates would say of alerts that there are', async () => {
    const { world } = await open();
    await world.push({ alertname: 'a', job: 'x' });
    const [alert] = world.alerting.alerts();
    const sample = world.alerting.sampleFor('draft', [alert?.fingerprint ?? '']);
    expect(sample).toMatchObject({ receiver: 'draft', reason: 'first', status: 'firing', groupLabels: Labels.EMPTY, commonLabels: Labels.of({ alertname: 'a', job: 'x' }) });
    expect(await world.alerting.desk.preview({ name: 'draft', channels: [hook] }, sample)).toEqual([{ channel: 'draft/test/0', kind: 'test', texts: {} }]);
    expect(world.alerting.desk.expand({ text: 'as it is' }, sample)).toBe('as it is');
    expect(() => world.alerting.desk.previewOf('nobody/test/0', () => sample)).toThrow(NotFoundError);
    await world.alerting.close();
  });
});

describe('the box of secrets', () => {
  it('has a key of its own in a file that is for nobody else, and opens with no other', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'secrets-'));
    const file = join(dir, 'deep', 'secret.key');
    const sealed = (await SecretBox.open(file)).seal('ü', 'here');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await SecretBox.open(file);
    expect(again.open(sealed, 'here')).toBe('ü');
    expect(() => again.open(sealed, 'there')).toThrow(StorageError);
    expect(() => new SecretBox(new Uint8Array(32)).open(sealed, 'here')).toThrow('another key, or damaged');
    await writeFile(file, 'short');
    await expect(SecretBox.open(file)).rejects.toThrow(StorageError);
    await rm(dir, { recursive: true });
  });
});
