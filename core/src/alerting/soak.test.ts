import { DeliveryError } from '@metrics-dashboard/sdk';
import { ManualClock, Random, silentLogger } from '@metrics-dashboard/sdk/testing';
import { expect, it } from 'vitest';
import type { AlertingConfig } from './alerting-config.js';
import { parseMatchers } from './matcher-syntax.js';
import { AlertingModel } from './testing/model.js';
import type { ModelInhibition, ModelRoute } from './testing/model.js';
import { AlertingWorld, alertingConfig, route, silenceFor } from './testing/world.js';

// METRICS_DASHBOARD_SOAK=1 makes it what is asked of the program: 10,000 alert instances, a week.
const isLong = process.env['METRICS_DASHBOARD_SOAK'] === '1';
const INSTANCES = isLong ? 10_000 : 200;
const HOURS = Number(process.env['METRICS_DASHBOARD_SOAK_HOURS'] ?? (isLong ? 7 * 24 : 12));
const SEED = Number(process.env['METRICS_DASHBOARD_SEED'] ?? Date.now() % 1_000_000);

const HOUR = 3_600_000;
const MINUTE = 60_000;
type Labels = Readonly<Record<string, string>>;

/** From 02:00 to 03:00 UTC; the clock starts at midnight. */
const isNight = (at: number): boolean => Math.floor(at / HOUR) % 24 === 2;

const ROUTES: readonly ModelRoute[] = [
  { receiver: 'db', takes: ({ team }) => team === 'db', groupBy: ['alertname', 'zone'], wait: 10_000, interval: MINUTE, repeat: HOUR, sendsResolved: true, isMuted: () => false },
  { receiver: 'page', takes: ({ severity }) => severity === 'page', groupBy: undefined, wait: 1000, interval: 2 * MINUTE, repeat: 2 * HOUR, sendsResolved: false, isMuted: isNight },
  { receiver: 'all', takes: ({ team, severity }) => team !== 'db' && severity !== 'page', groupBy: ['alertname'], wait: 30_000, interval: 5 * MINUTE, repeat: 4 * HOUR, sendsResolved: true, isMuted: () => false },
];

function config(): AlertingConfig {
  const root = route({
    receiver: 'all',
    groupBy: ['alertname'],
    wait: 30,
    interval: 300,
    repeat: 4 * 3600,
    routes: [
      route({ receiver: 'db', match: 'team=db', groupBy: ['alertname', 'zone'], wait: 10, interval: 60, repeat: 3600, continues: true }),
      route({ receiver: 'page', match: 'severity=page', groupBy: '...', wait: 1, interval: 120, repeat: 7200, muteTimeIntervals: ['night'] }),
    ],
  });
  const whole = alertingConfig(root, {}, 'db', 'page');
  const night = { times: [{ from: 120, to: 180 }], weekdays: undefined, daysOfMonth: undefined, months: undefined, years: undefined, zone: 'UTC' };
  return {
    ...whole,
    receivers: whole.receivers.map(({ name, channels }) => ({ name, channels: channels.map((channel) => ({ ...channel, config: { send_resolved: name !== 'page' } })) })),
    timeIntervals: { night: [night] },
    inhibitRules: [{ sources: parseMatchers('severity=page'), targets: parseMatchers('severity=info'), equal: ['zone', 'team'] }],
  };
}

const placeOf = ({ zone, team }: Labels): string => `${zone}/${team}`;
const INHIBITION: ModelInhibition = {
  mutes: (labels) => (labels['severity'] === 'page' ? placeOf(labels) : undefined),
  isMuted: (labels) => (labels['severity'] === 'info' ? placeOf(labels) : undefined),
};

function instancesOf(random: Random): readonly Labels[] {
  return Array.from({ length: INSTANCES }, (_, i) => ({
    alertname: `A${random.below(20)}`,
    instance: String(i),
    severity: random.pick(['page', 'warn', 'info', 'info']),
    team: random.pick(['db', 'web']),
    zone: `z${random.below(5)}`,
  }));
}

/** When each receiver refuses what it is sent: for some minutes, now and then. */
const refuses = (receiver: string, at: number): boolean => Math.floor(at / (7 * MINUTE)) % 23 === receiver.length;

it(
  `tells what a plain model tells, when it tells it, over ${HOURS} hours of ${INSTANCES} alerts, restarts, deaths, reloads and silences (seed ${SEED})`,
  async () => {
    const random = new Random(SEED);
    const instances = instancesOf(random);
    const model = new AlertingModel(ROUTES, INHIBITION);
    model.takes = (receiver, at) => !refuses(receiver, at);
    const world = await AlertingWorld.open(config(), { clock: new ManualClock(Date.UTC(2026, 0, 1)), log: silentLogger });
    const start = world.clock.now();
    world.onSend = ({ receiver }) => {
      if (refuses(receiver, world.now)) throw new DeliveryError('status 400', false);
    };
    let told = 0;
    const check = (): void => {
      const real = world.told.splice(0).map(({ at, receiver, reason, alerts }) => `${at / 1000} ${receiver} ${reason} ${[...alerts].sort().join(' ')}`);
      const wanted = model.told.splice(0);
      told += wanted.length;
      expect(real.sort()).toEqual(wanted.sort());
    };
    const moveTo = async (at: number): Promise<void> => {
      for (let next = model.next; next <= at; next = model.next) model.lookAt(Math.max(next, world.now));
      await world.until(at);
    };

    const end = HOURS * HOUR;
    while (world.now < end) {
      // Between two whole seconds, so that nothing happens in the very moment in which a group is looked at.
      const at = Math.floor((world.now + random.below(2 * MINUTE)) / 1000) * 1000 + 1500;
      await moveTo(at);
      const dice = random.below(100);
      if (dice < 80) {
        for (const labels of Array.from({ length: 1 + random.below(INSTANCES / 50) }, () => random.pick(instances))) {
          const now = world.clock.now();
          if (random.chance(0.5)) {
            model.fire(labels, at);
            await world.push(labels, { startsAt: now, endsAt: now + 1e12 });
          } else if (model.isFiring(labels, at)) {
            model.resolve(labels, at);
            await world.push(labels, { startsAt: now, endsAt: now });
          }
        }
      } else if (dice < 88) {
        const name = `A${random.below(20)}`;
        const to = at + MINUTE * (1 + random.below(120));
        model.silences.push({ matches: ({ alertname }) => alertname === name, from: at, to });
        await world.alerting.setSilence(undefined, silenceFor(`alertname=${name}`, world.clock.now(), start + to));
      } else if (dice < 92) {
        await world.reload();
        model.reload(at);
        await moveTo(at);
      } else if (model.next - at > 3000) {
        await restart(world, random, model);
      }
      check();
    }
    await world.alerting.close();
    expect(told).toBeGreaterThan(HOURS * 2);
    expect(world.clock.sleepers).toBe(0);
  },
  isLong ? 6 * HOUR : 60_000,
);

/** A stop and a start, or a death; the time in which nobody is there may be longer than some groups wait. */
async function restart(world: AlertingWorld, random: Random, model: AlertingModel): Promise<void> {
  // What nobody waits for is written within a second.
  await world.until(world.now + 2000);
  if (random.chance(0.5)) world.kill();
  else await world.alerting.close();
  // At a moment of its own within a second: what is a few milliseconds late for its time counts as on time.
  await world.until(Math.floor(world.now / 1000 + random.below(300)) * 1000 + 900);
  await world.start();
  model.lookAt(world.now);
  await world.clock.advance(0);
}
