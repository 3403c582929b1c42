import { DeliveryError, formatDuration, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import type { NamedConfig } from '../plugin/plugin-config.js';
import type { ChannelStatus } from './channel-status.js';
import { testNotification } from './test-notification.js';

/** A receiver: a named list of channels. */
export interface Receiver {
  readonly name: string;
  readonly channels: readonly NamedConfig[];
}

export interface ChannelsOptions {
  readonly clock: Clock;
  /** The address of the user interface. */
  readonly externalUrl: string;
  /** Opens what a receiver names. Rejects with a `ConfigError`. */
  readonly openNotifier: (named: NamedConfig) => Promise<NotifierChannel>;
}

/** Channels that are ready to be put in force; one of the two is called, once. */
export interface PreparedChannels {
  commit(): void;
  discard(): Promise<void>;
}

interface OpenChannel extends ChannelStatus {
  readonly channel: NotifierChannel;
  /** Equal for channels that are configured alike. */
  readonly key: string;
}

/** A test answers within this, whatever the channel's own patience. */
const TEST_TIMEOUT: Duration = 30_000;

/** The open channels of all receivers. A reload keeps those that are configured as before. */
export class Channels {
  readonly #options: ChannelsOptions;
  #channels: ReadonlyMap<string, OpenChannel> = new Map();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** Opens what the receivers name. Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare(receivers: readonly Receiver[]): Promise<PreparedChannels> {
    const channels = new Map<string, OpenChannel>();
    for (const { name, channels: configs } of receivers) {
      const counts = new Map<string, number>();
      for (const named of configs) {
        const index = counts.get(named.kind) ?? 0;
        counts.set(named.kind, index + 1);
        const id = `${name}/${named.kind}/${index}`;
        channels.set(id, await this.#keepOrOpen({ id, receiver: name, kind: named.kind }, named));
      }
    }
    return {
      commit: () => {
        this.#channels = channels;
      },
      discard: () => Promise.resolve(),
    };
  }

  /** In the order of the configuration. */
  list(): readonly ChannelStatus[] {
    return [...this.#channels.values()].map(({ id, receiver, kind }) => ({ id, receiver, kind }));
  }

  /** Sends a test notification through one channel. Rejects with the `DeliveryError`, of an unknown channel too. */
  async test(id: string, signal: AbortSignal): Promise<void> {
    const found = this.#channels.get(id);
    if (found === undefined) throw new DeliveryError(`there is no channel ${JSON.stringify(id)}`, false);
    const { clock, externalUrl } = this.#options;
    await this.#deliver(found.channel, testNotification(found.receiver, clock.now(), externalUrl), signal);
  }

  async #keepOrOpen(status: ChannelStatus, named: NamedConfig): Promise<OpenChannel> {
    const current = this.#channels.get(status.id);
    const key = JSON.stringify(named.config);
    if (current?.key === key) return current;
    return { ...status, key, channel: await this.#options.openNotifier(named) };
  }

  async #deliver(channel: NotifierChannel, notification: Notification, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    let isLate = false;
    const timer = this.#options.clock.sleep(TEST_TIMEOUT, ended.signal).then(() => {
      isLate = !ended.signal.aborted;
      ended.abort();
    });
    try {
      await channel.send(notification, AbortSignal.any([signal, ended.signal]));
    } catch (error) {
      if (isLate) throw new DeliveryError(`no delivery within ${formatDuration(TEST_TIMEOUT)}`, true, { cause: error });
      throw error instanceof DeliveryError ? error : new DeliveryError(messageOf(error), false, { cause: error });
    } finally {
      ended.abort();
      await timer;
    }
  }
}
