import { describe, expect, it } from 'vitest';
import { Labels } from '../model/labels.js';
import { memoryStorage, memoryStorageKind } from './memory-storage.js';
import { AROUND, START, append, content, contentOf, never, stored } from './storage-bench.js';
import { testStorage } from './storage-contract.js';
import { testHost } from './test-host.js';

describe('memory storage', () => {
  // It is its own disk: opened again, it is the same object.
  for (const { name, run } of testStorage((options) => memoryStorage(options), { reopen: (storage) => Promise.resolve(storage) })) {
    it(name, run);
  }

  it('shows nothing that is not committed', async () => {
    const storage = memoryStorage();
    append(storage, [storage.create(Labels.of({ __name__: 'a' })), START, 1]);
    expect(await stored(storage)).toEqual({});
  });

  it('has a window of ten minutes unless told otherwise', () => {
    const storage = memoryStorage();
    const a = storage.create(Labels.of({ __name__: 'a' }));
    append(storage, [a, START, 1]);
    expect(append(storage, [a, START - 600_000, 1], [a, START - 600_001, 1]).verdicts).toEqual(['too-old']);
  });

  it('gives series that were scraped together one time group', async () => {
    const storage = memoryStorage();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => storage.create(Labels.of({ __name__: name })));
    if (a === undefined || b === undefined || c === undefined) throw new Error('expected three refs');
    append(storage, [a, START, 1], [b, START, 2], [c, START + 1, 3], [a, START + 2, 4], [b, START + 2, 5], [c, START + 2, 6]);
    await storage.commit();
    const view = storage.view(AROUND);
    const [level] = view.levels;
    if (level === undefined) throw new Error('expected a level');
    const set = await view.load(await view.find([], 3, never), { level, columns: ['value'], range: AROUND }, never);
    expect([[...set.timeGroup], set.groups]).toEqual([[0, 0, 1], 2]);
  });

  it('lets old series go, tells who listens, and never gives their refs again', async () => {
    const storage = memoryStorage();
    const removed: number[] = [];
    storage.onRemoved((refs) => removed.push(...refs));
    const old = storage.create(Labels.of({ __name__: 'a', i: '1' }));
    const young = storage.create(Labels.of({ __name__: 'a', i: '2' }));
    append(storage, [old, START, 1], [young, START + 10, 2]);
    await storage.commit();
    const view = storage.view(AROUND);
    expect([...storage.activeByMetric()]).toEqual([['a', 2]]);
    storage.expireBefore(START + 5);
    expect(removed).toEqual([old]);
    expect([...storage.activeByMetric()]).toEqual([['a', 1]]);
    expect(append(storage, [old, START + 20, 1]).verdicts).toEqual(['unknown-series']);
    expect(storage.create(Labels.of({ __name__: 'a', i: '1' }))).toBeGreaterThan(young);
    expect(await contentOf(view)).toMatchObject({ 'a{i="1"}': content([START, 1]) });
  });

  it('counts itself', async () => {
    const storage = memoryStorage();
    expect(storage.stats()).toMatchObject({ headSeries: 0, headSamples: 0, headRange: { start: 0, end: -1 } });
    const a = storage.create(Labels.of({ __name__: 'a' }));
    append(storage, [a, START, 1], [a, START + 10, 2]);
    await storage.commit();
    expect(storage.stats()).toMatchObject({ headSeries: 1, headSamples: 2, headRange: { start: START, end: START + 10 } });
  });

  it('can be named by a configuration', async () => {
    const check = (config: unknown): unknown => memoryStorageKind.config['~standard'].validate(config);
    expect(check({})).toEqual({ value: {} });
    expect(check(undefined)).toEqual({ value: {} });
    expect(check({ out_of_order_window: '1m' })).toEqual({ value: { outOfOrderWindow: 60_000 } });
    expect(check({ out_of_order_window: 'soon' })).toMatchObject({ issues: [{ path: ['out_of_order_window'] }] });
    expect(check({ retention: '1d' })).toMatchObject({ issues: [{ message: 'unknown key "retention"', path: ['retention'] }] });
    const storage = await memoryStorageKind.open({}, testHost());
    await storage.close();
  });
});
