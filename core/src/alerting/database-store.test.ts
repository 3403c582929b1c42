import { silentLogger } from '@metrics-dashboard/sdk/testing';
import { expect, it } from 'vitest';
import { openStateDatabase } from '../state/database.js';
import { DatabaseStore } from './database-store.js';
import { parseMatchers } from './matcher-syntax.js';
import type { HistoryRecord, StoreChange } from './store.js';

const record = (id: string, at: number, receiver: string, ...fingerprints: string[]): HistoryRecord => ({
  id,
  at,
  endedAt: at + 1,
  channel: `${receiver}/webhook/0`,
  receiver,
  groupKey: '{}:{}',
  status: 'firing',
  reason: 'first',
  outcome: 'delivered',
  attempts: 1,
  error: undefined,
  idempotencyKey: 'k',
  alerts: fingerprints.map((fingerprint) => ({ fingerprint, labels: { a: 'b' }, status: 'firing' })),
});

const group = (key: string, nextFlush: number): StoreChange => ({ put: 'group', key, document: { key, nextFlush, hasFlushed: true } });

it('gives back what was put, the last of a key, and nothing of what was removed', async () => {
  const database = await openStateDatabase({ dataDir: undefined, log: silentLogger });
  const store = new DatabaseStore(database);
  expect(await store.load()).toEqual({ alerts: [], groups: [], log: [], outbox: [], silences: [], receivers: [], aliveAt: undefined });
  await store.write(Array.from({ length: 450 }, (_, i) => group(`g${i}`, i)));
  await store.write([group('g1', 100), { remove: 'group', key: 'g2' }, { put: 'time', key: 'aliveAt', document: 7 }]);
  const { groups, aliveAt } = await store.load();
  expect(groups).toHaveLength(449);
  expect(groups.find(({ key }) => key === 'g1')).toEqual({ key: 'g1', nextFlush: 100, hasFlushed: true });
  expect(aliveAt).toBe(7);
  await database.close();
});

it('tells the history, the newest first, of a receiver and of an alert', async () => {
  const database = await openStateDatabase({ dataDir: undefined, log: silentLogger });
  const store = new DatabaseStore(database);
  await store.write([{ record: record('1', 10, 'a', 'aa', 'bb') }, { record: record('2', 20, 'b', 'bb') }, { record: record('3', 30, 'a') }]);
  const ids = async (request: Partial<Parameters<DatabaseStore['history']>[0]>): Promise<readonly string[]> =>
    (await store.history({ limit: 10, ...request })).map(({ id }) => id);
  expect(await ids({})).toEqual(['3', '2', '1']);
  expect(await ids({ limit: 1, before: 30 })).toEqual(['2']);
  expect(await ids({ receiver: 'a' })).toEqual(['3', '1']);
  expect(await ids({ fingerprint: 'bb' })).toEqual(['2', '1']);
  await store.forgetHistory(20);
  expect(await ids({})).toEqual(['3', '2']);
  await database.close();
});

it('tells of the history what is asked for: by time, channel, outcome and labels, further back than one page', async () => {
  const database = await openStateDatabase({ dataDir: undefined, log: silentLogger });
  const store = new DatabaseStore(database);
  const many = Array.from({ length: 1200 }, (_, i) => record(`r${i}`, 100 + i, 'a', 'aa'));
  await store.write([{ record: { ...record('old', 10, 'a', 'bb'), outcome: 'failed', error: 'status 500' } }, { record: { ...record('other', 20, 'b', 'cc'), alerts: [{ fingerprint: 'cc', labels: { job: 'api' }, status: 'firing' }] } }, ...many.map((one) => ({ record: one }))]);
  const ids = async (request: Partial<Parameters<DatabaseStore['history']>[0]>): Promise<readonly string[]> => (await store.history({ limit: 10, ...request })).map(({ id }) => id);
  expect(await ids({ outcome: 'failed' })).toEqual(['old']);
  expect(await ids({ matchers: parseMatchers('job=~"a.*"') })).toEqual(['other']);
  expect(await ids({ channel: 'b/webhook/0' })).toEqual(['other']);
  expect(await ids({ from: 20, before: 101 })).toEqual(['r0', 'other']);
  expect(await ids({ outcome: 'delivered', limit: 2, from: 11 })).toEqual(['r1199', 'r1198']);
  await database.close();
});
