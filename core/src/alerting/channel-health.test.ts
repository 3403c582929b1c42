import { DeliveryError } from '@metrics-dashboard/sdk';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { expect, it } from 'vitest';
import { AlertingWorld, alertingConfig, route } from './testing/world.js';

const config = alertingConfig(route({ receiver: 'team', groupBy: ['alertname'], wait: 10, interval: 60 }));

it('a channel tells how it does: at once when an attempt fails, and still after a restart', async () => {
  const world = await AlertingWorld.open(config, { clock: new ManualClock(), log: silentLogger });
  const start = world.clock.now();
  const health = (): object => world.channels.health('team/test/0');
  expect(health()).toEqual({ delivered: 0, failed: 0, underWay: 0, lastDeliveredAt: undefined, lastErrorAt: undefined, lastError: undefined, isFailing: false });
  world.onSend = () => {
    throw new DeliveryError('status 500 Internal Server Error', true);
  };
  await world.push({ alertname: 'a' });
  await world.until(11_000);
  expect(health()).toMatchObject({ delivered: 0, failed: 0, underWay: 1, lastError: 'status 500 Internal Server Error', isFailing: true });
  await world.until(75_000);
  expect(health()).toMatchObject({ failed: 1, isFailing: true });
  world.onSend = () => undefined;
  await world.until(200_000);
  const [told] = world.told;
  expect(health()).toMatchObject({ delivered: 1, failed: 1, underWay: 0, lastDeliveredAt: start + (told?.at ?? 0), isFailing: false });
  await world.alerting.close();
  await world.start();
  expect(health()).toMatchObject({ delivered: 0, failed: 0, lastDeliveredAt: start + (told?.at ?? 0), lastError: 'given up after 1m: status 500 Internal Server Error', isFailing: false });
  await world.alerting.close();
});
