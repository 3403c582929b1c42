import { join } from 'node:path';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, silentLogger, testHost } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { makeHostFactory } from './host.js';

function factory() {
  return makeHostFactory({ clock: new ManualClock(), log: silentLogger, metrics: new Registry(), workers: testHost().workers, dataDir: '/data' });
}

describe('the host of a plugin', () => {
  it('has a folder of the plugin\'s own, or the one that is asked for', () => {
    const hostFor = factory();
    expect(hostFor('pager').dataDir).toBe(join('/data', 'plugins', 'pager'));
    expect(hostFor('store', 'tsdb').dataDir).toBe(join('/data', 'tsdb'));
  });

  it('is told when the plugin is unloaded, all its hosts and no other', () => {
    const hostFor = factory();
    const hosts = [hostFor('a'), hostFor('a', 'x'), hostFor('b')];
    hostFor.unload('a');
    expect(hosts.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    expect(hostFor('a').signal.aborted).toBe(false);
  });
});
