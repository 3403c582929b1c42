import { DeliveryError } from '@metrics-dashboard/sdk';
import type { Clock, Duration, NotifierChannel } from '@metrics-dashboard/sdk';
import type { NamedConfig } from '../plugin/plugin-config.js';
import type { Receiver } from './alerting-config.js';
import { attempt } from './attempts.js';
import { ChannelHealths } from './channel-health.js';
import type { ChannelHealth } from './channel-health.js';
import type { ChannelStatus } from './channel-status.js';
import { compileTexts } from './message-texts.js';
import type { CompileMessage, MessageTexts } from './message-texts.js';
import { testNotification } from './test-notification.js';

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

/** One configured notifier, open. */
export interface OpenChannel extends ChannelStatus {
  readonly channel: NotifierChannel;
  readonly sendsResolved: boolean;
  readonly textsFor: MessageTexts;
  /** Equal for channels that are configured alike. */
  readonly key: string;
}

/** A test answers within this, whatever the channel's own patience. */
const TEST_TIMEOUT: Duration = 30_000;

/** The open channels of all receivers. A reload keeps those that are configured as before. */
export class Channels {
  /** How they do. */
  readonly healths = new ChannelHealths();
  readonly #options: ChannelsOptions;
  #channels: ReadonlyMap<string, OpenChannel> = new Map();
  #byReceiver: ReadonlyMap<string, readonly OpenChannel[]> = new Map();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** Opens what the receivers name. Rejects with a `ConfigError`, and then nothing has changed; those that `mayFail` allows are left out instead. */
  async prepare(receivers: readonly Receiver[], compile: CompileMessage, mayFail: (receiver: Receiver, error: unknown) => boolean = () => false): Promise<PreparedChannels> {
    const byReceiver = new Map<string, readonly OpenChannel[]>();
    for (const receiver of receivers) {
      try {
        byReceiver.set(receiver.name, await this.open(receiver, compile));
      } catch (error) {
        if (!mayFail(receiver, error)) throw error;
      }
    }
    return {
      commit: () => {
        this.#byReceiver = byReceiver;
        this.#channels = new Map([...byReceiver.values()].flat().map((channel) => [channel.id, channel]));
      },
      discard: () => Promise.resolve(),
    };
  }

  /** In the order of the configuration. */
  list(): readonly ChannelStatus[] {
    return [...this.#channels.values()].map(({ id, receiver, kind }) => ({ id, receiver, kind }));
  }

  /** The names of the receivers, in the order of the configuration. */
  receivers(): readonly string[] {
    return [...this.#byReceiver.keys()];
  }

  /** The channels of a receiver; none of one that nobody knows. */
  ofReceiver(receiver: string): readonly OpenChannel[] {
    return this.#byReceiver.get(receiver) ?? [];
  }

  find(id: string): OpenChannel | undefined {
    return this.#channels.get(id);
  }

  health(id: string): ChannelHealth {
    return this.healths.of(id);
  }

  /** Sends a test notification through one channel. Rejects with the `DeliveryError`, of an unknown channel too. */
  async test(id: string, signal: AbortSignal): Promise<void> {
    const found = this.#channels.get(id);
    if (found === undefined) throw new DeliveryError(`there is no channel ${JSON.stringify(id)}`, false);
    const error = await this.testOpen(found, signal);
    if (error !== undefined) throw error;
  }

  /** Sends a test notification. Resolves with what went wrong, or with undefined. */
  testOpen({ channel, receiver, textsFor }: OpenChannel, signal: AbortSignal): Promise<DeliveryError | undefined> {
    const plain = testNotification(receiver, this.#options.clock.now(), this.#options.externalUrl);
    return attempt(channel, { ...plain, texts: textsFor(plain) }, this.#options.clock, TEST_TIMEOUT, signal);
  }

  /** The channels of a receiver that is not in force. Rejects with a `ConfigError`. */
  async open({ name, channels }: Receiver, compile: CompileMessage): Promise<readonly OpenChannel[]> {
    const counts = new Map<string, number>();
    const opened: OpenChannel[] = [];
    for (const named of channels) {
      const index = counts.get(named.kind) ?? 0;
      counts.set(named.kind, index + 1);
      opened.push(await this.#keepOrOpen({ id: `${name}/${named.kind}/${index}`, receiver: name, kind: named.kind }, named, compile));
    }
    return opened;
  }

  async #keepOrOpen(status: ChannelStatus, named: NamedConfig, compile: CompileMessage): Promise<OpenChannel> {
    const current = this.#channels.get(status.id);
    const key = JSON.stringify(named.config);
    const channel = current?.key === key ? current.channel : await this.#options.openNotifier(named);
    return { ...status, key, channel, sendsResolved: channel.sendsResolved ?? true, textsFor: compileTexts(channel, named.at, compile) };
  }
}
