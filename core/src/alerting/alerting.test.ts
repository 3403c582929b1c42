import { DeliveryError } from '@metrics-dashboard/sdk';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { AlertingConfig } from './alerting-config.js';
import { parseMatchers } from './matcher-syntax.js';
import { AlertingWorld, alertingConfig, route, silenceFor } from './testing/world.js';

const START = Date.UTC(2026, 0, 1);
const open = (config: AlertingConfig): Promise<AlertingWorld> => AlertingWorld.open(config, { clock: new ManualClock(START), log: silentLogger });

const a = { alertname: 'a' };
const b = { alertname: 'b' };
const root = route({ receiver: 'team', groupBy: [], wait: 10, interval: 60, repeat: 600 });
const seconds = (n: number): number => n * 1000;

describe('a group', () => {
  it('is told after its wait, then of what is new at each interval, and repeats what lasts', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(5));
    await world.push(b);
    await world.until(seconds(60));
    expect(world.take()).toEqual(['10s team first a:firing b:firing']);
    await world.push({ alertname: 'c' });
    await world.until(seconds(240));
    expect(world.take()).toEqual(['70s team new-alerts a:firing b:firing c:firing']);
    for (let at = 240; at < 1300; at += 120) {
      for (const alertname of ['a', 'b', 'c']) await world.push({ alertname });
      await world.until(seconds(at + 120));
    }
    expect(world.take()).toEqual(['670s team repeat a:firing b:firing c:firing', '1270s team repeat a:firing b:firing c:firing']);
    await world.alerting.close();
    expect(world.clock.sleepers).toBe(0);
  });

  it('is told of what has resolved once, and begins anew when there is something again', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.push(b);
    await world.until(seconds(20));
    await world.resolve(a);
    await world.until(seconds(140));
    await world.resolve(b);
    await world.until(seconds(400));
    expect(world.take()).toEqual(['10s team first a:firing b:firing', '70s team some-resolved a:resolved b:firing', '190s team all-resolved b:resolved']);
    expect(world.alerting.groups()).toEqual([]);
    await world.push(a);
    await world.until(seconds(420));
    expect(world.take()).toEqual(['410s team first a:firing']);
    await world.alerting.close();
  });

  it('says nothing of what has resolved before anybody was told', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(5));
    await world.resolve(a);
    await world.resolve(b);
    await world.until(seconds(100));
    expect(world.take()).toEqual([]);
    await world.alerting.close();
  });

  it('does not notice what resolves and fires again in between', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(15));
    await world.resolve(a);
    await world.until(seconds(30));
    await world.push(a);
    await world.until(seconds(200));
    expect(world.take()).toEqual(['10s team first a:firing']);
    await world.alerting.close();
  });

  it('ends what nobody confirms after the resolve timeout', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(400));
    expect(world.take()).toEqual(['10s team first a:firing', '310s team all-resolved a:resolved']);
    await world.alerting.close();
  });
});

describe('receivers that a rule names', () => {
  it('are told instead of those of the tree, as long as they are there', async () => {
    const world = await open(alertingConfig(root, {}, 'own'));
    await world.push(a, { receivers: ['own', 'gone'] });
    await world.push(b, { receivers: ['gone'] });
    await world.until(seconds(20));
    expect([...world.take()].sort()).toEqual(['10s own first a:firing', '10s team first b:firing']);
    await world.alerting.close();
  });
});

describe('an alert whose rule names others meanwhile', () => {
  it('is told to them, and its end to those who were told before; no time limit ends it for those', async () => {
    const world = await open(alertingConfig(root, {}, 'own'));
    await world.push(a);
    await world.until(seconds(20));
    expect(world.take()).toEqual(['10s team first a:firing']);
    for (let at = 20; at < 700; at += 60) {
      await world.push(a, { receivers: ['own'] });
      await world.until(seconds(at + 60));
    }
    expect(world.take().filter((told) => !told.includes('repeat'))).toEqual(['20s own first a:firing']);
    await world.push(a, { receivers: ['own'], startsAt: world.clock.now(), endsAt: world.clock.now() });
    await world.until(seconds(900));
    expect(world.take().map((told) => told.replace(/^\S+ /, '')).sort()).toEqual(['own all-resolved a:resolved', 'team all-resolved a:resolved']);
    await world.alerting.close();
  });
});

describe('what holds alerts back', () => {
  it('a silence, until it ends', async () => {
    const world = await open(alertingConfig(root));
    const silence = await world.alerting.setSilence(undefined, silenceFor('alertname=a', START, START + seconds(100)));
    await world.push(a);
    await world.push(b);
    await world.until(seconds(60));
    expect(world.take()).toEqual(['10s team first b:firing']);
    const { fingerprint } = world.alerting.alerts().find(({ labels }) => labels.get('alertname') === 'a') ?? { fingerprint: '' };
    expect(world.alerting.explain(fingerprint)).toMatchObject({
      groups: [{ receiver: 'team', route: '{}', heldBy: { stage: 'silence', by: [silence.id] }, nextFlush: START + seconds(70), channels: [{ toldAs: undefined }] }],
    });
    await world.until(seconds(200));
    expect(world.take()).toEqual(['130s team new-alerts a:firing b:firing']);
    await world.alerting.close();
  });

  it('an inhibition, while its source fires', async () => {
    const rule = { sources: parseMatchers('alertname=b'), targets: parseMatchers('alertname=a'), equal: ['zone'] };
    const world = await open(alertingConfig(root, { inhibitRules: [rule] }));
    await world.push(a);
    await world.push(b);
    await world.push({ ...a, zone: 'z' });
    await world.until(seconds(60));
    expect(world.take()).toEqual(['10s team first a/z:firing b:firing']);
    await world.resolve(b);
    await world.until(seconds(100));
    expect(world.take()).toEqual(['70s team new-alerts a:firing a/z:firing b:resolved']);
    await world.alerting.close();
  });

  it('a time interval of the route', async () => {
    const night = [{ times: [{ from: 0, to: 2 }], weekdays: undefined, daysOfMonth: undefined, months: undefined, years: undefined, zone: 'UTC' }];
    const world = await open(alertingConfig({ ...root, muteTimeIntervals: ['night'] }, { timeIntervals: { night } }));
    await world.push(a);
    await world.until(seconds(119));
    expect(world.take()).toEqual([]);
    expect(world.alerting.alerts()).toMatchObject([{ heldBy: 'time-interval', mutedBy: ['night'] }]);
    await world.until(seconds(140));
    expect(world.take()).toEqual(['130s team first a:firing']);
    await world.alerting.close();
  });
});

describe('a silence', () => {
  it('ends by itself when what it mutes has resolved, and reminds before its end', async () => {
    const world = await open(alertingConfig(root));
    await world.alerting.setSilence(undefined, silenceFor('alertname=a', START, START + seconds(1000), { endsWithAlerts: true }));
    await world.alerting.setSilence(undefined, silenceFor('alertname=x', START, START + seconds(1000), { remindBefore: seconds(900) }));
    await world.until(seconds(20));
    await world.push(a);
    await world.until(seconds(40));
    await world.resolve(a);
    await world.until(seconds(60));
    expect(world.alerting.silences().map(({ state }) => state).sort()).toEqual(['active', 'expired']);
    await world.until(seconds(200));
    expect(world.take()).toMatchObject([expect.stringContaining('115s team first SilenceEndsSoon/ada/info/')]);
    const [reminded] = world.alerting.silences().filter(({ state }) => state === 'active');
    await world.alerting.setSilence(reminded?.id, silenceFor('alertname=x', START, START + seconds(5000), { remindBefore: seconds(900) }));
    await world.until(seconds(300));
    expect(world.take()).toMatchObject([expect.stringMatching(/all-resolved SilenceEndsSoon.*:resolved$/)]);
    await world.alerting.close();
  });
});

describe('the history', () => {
  it('goes back as far as the configuration says', async () => {
    const world = await open({ ...alertingConfig(root), notificationRetention: 3 * 3600_000 });
    await world.push(a);
    await world.until(seconds(60));
    expect(await world.alerting.history({ limit: 10 })).toHaveLength(1);
    await world.until(seconds(2 * 3600));
    expect(await world.alerting.history({ limit: 10 })).not.toHaveLength(0);
    await world.until(seconds(5 * 3600));
    expect(await world.alerting.history({ limit: 10, before: START + seconds(60) })).toHaveLength(0);
    await world.alerting.close();
  });
});

describe('a delivery', () => {
  it('is tried again while that makes sense, and holds nobody else up', async () => {
    const config = alertingConfig({ ...root, routes: [route({ receiver: 'other', match: 'alertname=b' })] }, {}, 'other');
    const world = await open(config);
    world.onSend = ({ receiver }) => {
      if (receiver === 'team' && world.now < seconds(30)) throw new DeliveryError('503', true);
    };
    await world.push(a);
    await world.push(b);
    await world.until(seconds(69));
    const told = world.take();
    expect(told[0]).toBe('10s other first b:firing');
    expect(told[1]).toMatch(/^[34]\d(\.\d+)?s team first a:firing$/);
    expect(await world.alerting.history({ limit: 10, before: undefined, receiver: 'team', fingerprint: undefined })).toMatchObject([{ outcome: 'delivered', channel: 'team/test/0' }]);
    await world.alerting.close();
  });

  it('that is refused is decided anew when the group is looked at next, under the same key', async () => {
    const world = await open(alertingConfig(root));
    const keys: string[] = [];
    world.onSend = ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      if (world.now < seconds(60)) throw new DeliveryError('400', false);
    };
    await world.push(a);
    await world.until(seconds(100));
    expect(world.take()).toEqual(['70s team first a:firing']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    await world.alerting.close();
  });
});

describe('a reload', () => {
  it('keeps what was told, and lets groups begin anew', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(30));
    await world.reload();
    await world.push(b);
    await world.until(seconds(100));
    expect(world.take()).toEqual(['10s team first a:firing', '90s team new-alerts a:firing b:firing']);
    await world.alerting.close();
  });
});

describe('a restart', () => {
  it('resets no wait, loses nothing and tells nothing twice', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(6));
    await world.alerting.close();
    await world.start();
    await world.until(seconds(15));
    expect(world.take()).toEqual(['10s team first a:firing']);
    await world.push(b);
    await world.until(seconds(20));
    await world.alerting.close();
    await world.until(seconds(50));
    await world.start();
    await world.until(seconds(100));
    expect(world.take()).toEqual(['70s team new-alerts a:firing b:firing']);
    await world.alerting.close();
  });

  it('does at once what came due meanwhile, and does not count the time in which nobody could be heard', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a);
    await world.until(seconds(5));
    await world.alerting.close();
    await world.until(seconds(3000));
    await world.start();
    await world.until(seconds(3200));
    expect(world.take()).toEqual(['3000s team first a:firing']);
    await world.alerting.close();
  });

  it('knows after a death what had ended just before', async () => {
    const world = await open(alertingConfig(root));
    await world.push(a, { endsAt: START + 1e9 });
    await world.until(seconds(20));
    await world.resolve(a);
    await world.until(seconds(21));
    world.kill();
    await world.until(seconds(300));
    await world.start();
    await world.until(seconds(400));
    expect(world.take()).toEqual(['10s team first a:firing', '300s team all-resolved a:resolved']);
    await world.alerting.close();
  });
});
