import { expect, it } from 'vitest';
import { memoryStorage, memoryStorageKind } from '../testing/memory-storage.js';
import { testHost } from '../testing/test-host.js';
import { defineKind, definePlugin, isPointName, points, sideOf } from './plugin.js';
import { canAppendWhole, canDeleteSeries, canSnapshot, hasIndexStatistics, isFlushable } from './storage.js';
import type { StorageBackend } from './storage.js';

const geomean = { name: 'geomean', create: () => ({ add: () => undefined, result: () => undefined, reset: () => undefined }) };

it('a contribution carries its point, its name and its value', () => {
  expect(points.storage.of(memoryStorageKind)).toEqual({ point: 'storage', name: 'memory', value: memoryStorageKind });
  expect(points.aggregation.of(geomean)).toEqual({ point: 'aggregation', name: 'geomean', value: geomean });
});

it('each point has its side, and no other name is a point', () => {
  const names = Object.keys(points).filter(isPointName);
  expect(names.filter((name) => sideOf(name) === 'engine')).toEqual(['storage', 'parser', 'aggregation']);
  expect(names.filter((name) => sideOf(name) === 'main')).toEqual(['scraper', 'discovery', 'notifier', 'auth']);
  expect(names.map((name) => points[name].name)).toEqual(names);
  expect([isPointName('exporter'), isPointName('toString')]).toEqual([false, false]);
});

it('definePlugin and defineKind give back what they get', async () => {
  const plugin = definePlugin({ id: 'p', sdk: '^0.1.0', activate: () => [points.aggregation.of(geomean)] });
  expect(await plugin.activate(testHost(), undefined)).toHaveLength(1);
  expect(defineKind(memoryStorageKind)).toBe(memoryStorageKind);
});

it('optional powers of a storage are found by what it has', () => {
  const plain = memoryStorage();
  const powersOf = (storage: StorageBackend): boolean[] => [canAppendWhole, isFlushable, hasIndexStatistics, canDeleteSeries, canSnapshot].map((has) => has(storage));
  expect(powersOf(plain)).toEqual([true, false, false, false, false]);
  const nothing = (): Promise<void> => Promise.resolve();
  expect(powersOf(Object.assign(memoryStorage(), { flush: nothing, statistics: () => undefined, deleteSeries: nothing, snapshot: nothing }))).toEqual([true, true, true, true, true]);
});
