import { describe, expect, it } from 'vitest';
import { ConfigError, DeliveryError } from '@metrics-dashboard/sdk';
import type { Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import { ManualClock } from '@metrics-dashboard/sdk/testing';
import type { NamedConfig } from '../plugin/plugin-config.js';
import type { Receiver } from './alerting-config.js';
import { Channels } from './channels.js';

const never = new AbortController().signal;

const plain = ({ text }: { text: string }) => () => text;

function world() {
  const clock = new ManualClock();
  const sent: { kind: string; notification: Notification }[] = [];
  let opened = 0;
  const channels = new Channels({
    clock,
    externalUrl: 'http://localhost:9700',
    openNotifier: ({ kind }) => {
      if (kind === 'nowhere') return Promise.reject(new ConfigError('unknown notifier "nowhere"'));
      opened += 1;
      return Promise.resolve(channelOf(kind, clock, (notification) => sent.push({ kind, notification })));
    },
  });
  const apply = async (...receivers: Receiver[]): Promise<void> => (await channels.prepare(receivers, plain)).commit();
  return { clock, channels, sent, apply, opened: () => opened };
}

function channelOf(kind: string, clock: ManualClock, take: (notification: Notification) => void): NotifierChannel {
  return {
    send: async (notification, signal) => {
      if (kind === 'refusing') throw new DeliveryError('status 400 Bad Request', false);
      if (kind === 'broken') throw new TypeError('undefined is not a function');
      if (kind === 'slow') {
        await clock.sleep(3_600_000, signal);
        throw new Error('aborted');
      }
      take(notification);
    },
  };
}

function receiver(name: string, ...kinds: string[]): Receiver {
  const at = { file: undefined, path: '', line: Math.random(), column: undefined };
  return { name, channels: kinds.map((kind, i): NamedConfig => ({ kind, config: { i }, at })) };
}

describe('channels', () => {
  it('are named by receiver, kind and place', async () => {
    const { channels, apply } = world();
    await apply(receiver('team', 'webhook', 'email', 'webhook'), receiver('nobody'));
    expect(channels.list()).toEqual([
      { id: 'team/webhook/0', receiver: 'team', kind: 'webhook' },
      { id: 'team/email/0', receiver: 'team', kind: 'email' },
      { id: 'team/webhook/1', receiver: 'team', kind: 'webhook' },
    ]);
  });

  it('that are configured as before stay open through a reload; one that is refused changes nothing', async () => {
    const { channels, apply, opened } = world();
    await apply(receiver('team', 'webhook', 'email'));
    await apply(receiver('team', 'webhook', 'email'), receiver('other', 'webhook'));
    expect(opened()).toBe(3);
    await expect(channels.prepare([receiver('team', 'nowhere')], plain)).rejects.toThrow(ConfigError);
    expect(channels.list()).toHaveLength(3);
  });
});

describe('a test of a channel', () => {
  it('sends a notification that says what it is', async () => {
    const { channels, sent, apply, clock } = world();
    await apply(receiver('team', 'webhook'));
    await channels.test('team/webhook/0', never);
    expect(sent).toMatchObject([
      {
        kind: 'webhook',
        notification: {
          receiver: 'team',
          reason: 'test',
          status: 'firing',
          externalUrl: 'http://localhost:9700',
          alerts: [{ startsAt: clock.now(), status: 'firing' }],
        },
      },
    ]);
    expect(sent[0]?.notification.commonLabels.get('alertname')).toBe('TestNotification');
    expect(clock.sleepers).toBe(0);
  });

  it.each([
    ['team/refusing/0', 'status 400 Bad Request'],
    ['team/broken/0', 'undefined is not a function'],
    ['team/webhook/7', 'there is no channel "team/webhook/7"'],
  ])('of %s says «%s»', async (id, message) => {
    const { channels, apply } = world();
    await apply(receiver('team', 'refusing', 'broken'));
    await expect(channels.test(id, never)).rejects.toThrow(new DeliveryError(message, false));
  });

  it('does not wait for ever', async () => {
    const { channels, apply, clock } = world();
    await apply(receiver('team', 'slow'));
    const testing = channels.test('team/slow/0', never).catch((error: unknown) => error);
    await clock.advance(30_000);
    expect(await testing).toMatchObject({ message: 'no delivery within 30s', retryable: true });
    expect(clock.sleepers).toBe(0);
  });
});
