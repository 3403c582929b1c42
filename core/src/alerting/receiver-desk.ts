import { NotFoundError, ParseError, QueryError, UnavailableError, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Logger, MessageTemplate, Notification } from '@metrics-dashboard/sdk';
import { TemplateError } from '../template/template-error.js';
import type { Receiver } from './alerting-config.js';
import type { ChannelKind } from './channel-kinds.js';
import type { Channels, OpenChannel, PreparedChannels } from './channels.js';
import type { CompileMessage } from './message-texts.js';
import { OwnReceivers } from './own-receivers.js';
import type { ShownChannel, ShownReceiver, StoredReceiver } from './own-receivers.js';
import type { SecretBox } from './secret-box.js';
import type { StoreWriter } from './store-writer.js';

/** A configuration's receivers, ready to be put in force; one of the two is called, once. */
export interface PreparedReceivers {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export interface ReceiverDeskOptions {
  readonly clock: Clock;
  readonly channels: Channels;
  readonly log: Logger;
  /** Reads, or makes, the key of the secrets that are kept. */
  readonly openSecrets: () => Promise<SecretBox>;
  /** What receivers can be made of. */
  readonly kinds: () => readonly ChannelKind[];
  /** The rules that name a receiver. */
  readonly rulesNaming: (receiver: string) => Promise<readonly string[]>;
}

/** A receiver as it would be saved; nothing of it is kept. */
export interface ReceiverDraft {
  readonly name: string;
  readonly channels: readonly ShownChannel[];
}

/** What came of a test of one channel. */
export interface ChannelTest {
  readonly channel: string;
  readonly kind: string;
  readonly delivered: boolean;
  readonly error: string | undefined;
  readonly took: Duration;
}

/** What the templates of one channel make of a notification, by their paths. */
export interface ChannelTexts {
  readonly channel: string;
  readonly kind: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** Receivers of the configuration and those that were made by the API, together. */
export class ReceiverDesk {
  readonly #options: ReceiverDeskOptions;
  readonly #own = new OwnReceivers();
  #writer: StoreWriter | undefined;
  /** Counts what came in force. */
  #generation = 0;
  #changing: Promise<unknown> = Promise.resolve();
  #ofConfig: readonly Receiver[] = [];
  #compile: CompileMessage = ({ text }) => () => text;

  constructor(options: ReceiverDeskOptions) {
    this.#options = options;
  }

  /** Opens what a configuration names, and what was made beside it. Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare(ofConfig: readonly Receiver[], compile: CompileMessage): Promise<PreparedReceivers> {
    const openedAt = this.#generation;
    const prepared = await this.#open(ofConfig, compile, undefined);
    return {
      commit: () => {
        this.#ofConfig = ofConfig;
        this.#compile = compile;
        return this.#putInForce(prepared, openedAt);
      },
      discard: () => prepared.discard(),
    };
  }

  /** What is made from then on is written by `writer`. */
  async restore(stored: readonly StoredReceiver[], writer: StoreWriter): Promise<void> {
    this.#writer = writer;
    if (stored.length === 0) return;
    const lost = this.#own.restore(stored, await this.#options.openSecrets());
    if (lost.length > 0) this.#options.log.error('receivers that were made by the API can not be opened: another key, or damaged', { receivers: lost });
    (await this.#open(this.#ofConfig, this.#compile, undefined)).commit();
  }

  /** The names of all receivers that can be told, those of the configuration first. */
  names(): readonly string[] {
    return this.#options.channels.receivers();
  }

  /** The receivers that were made by the API, without their secrets. */
  list(): readonly ShownReceiver[] {
    return this.#own.list();
  }

  /** Whether a receiver is one that was made by the API; where the configuration has one of its name, that one counts. */
  isOwn(name: string): boolean {
    return this.#own.has(name) && !this.#ofConfig.some((receiver) => receiver.name === name);
  }

  kinds(): readonly ChannelKind[] {
    return this.#options.kinds();
  }

  /**
   * Makes a receiver, or changes one that was made here; in force and durable when it resolves. Rejects with a `ConfigError` for
   * a channel that is configured wrongly, a `QueryError` for a name that the configuration has; then nothing has changed.
   */
  save(draft: ReceiverDraft): Promise<ShownReceiver> {
    return this.#inTurn(async () => {
      const writer = this.#started();
      const openedAt = this.#generation;
      const made = this.#made(draft);
      const prepared = await this.#open(this.#ofConfig, this.#compile, made);
      const change = this.#own.put(made, await this.#options.openSecrets());
      await this.#putInForce(prepared, openedAt);
      await writer.now([change]);
      return this.#own.list().find(({ name }) => name === draft.name) ?? { name: draft.name, channels: [] };
    });
  }

  /** Rejects with a `NotFoundError` for one that was not made here, and with a `QueryError` for one that rules name. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const writer = this.#started();
      if (!this.#own.has(name)) throw new NotFoundError(`no receiver ${JSON.stringify(name)} was made here`);
      const rules = await this.#options.rulesNaming(name);
      if (rules.length > 0) throw new QueryError(`rules name the receiver ${JSON.stringify(name)}: ${rules.join(', ')}`);
      const change = this.#own.remove(name);
      const openedAt = this.#generation;
      await this.#putInForce(await this.#open(this.#ofConfig, this.#compile, undefined), openedAt);
      await writer.now([change]);
    });
  }

  /** Sends a test notification through each channel. Rejects as `save` does, and then nothing was sent. */
  async test(draft: ReceiverDraft, signal: AbortSignal): Promise<readonly ChannelTest[]> {
    const { channels, clock } = this.#options;
    const opened = await channels.open(this.#made(draft), this.#compile);
    return Promise.all(
      opened.map(async (channel) => {
        const began = clock.elapsed();
        const error = await channels.testOpen(channel, signal);
        return { channel: channel.id, kind: channel.kind, delivered: error === undefined, error: error && messageOf(error), took: Math.round(clock.elapsed() - began) };
      }),
    );
  }

  /** What the templates of each channel make of a notification. Rejects as `save` does. */
  async preview(draft: ReceiverDraft, notification: Notification): Promise<readonly ChannelTexts[]> {
    const opened = await this.#options.channels.open(this.#made(draft), this.#compile);
    return opened.map((channel) => textsOf(channel, notification));
  }

  /** The same of a channel that is in force. Throws a `NotFoundError`. */
  previewOf(id: string, notification: (receiver: string) => Notification): ChannelTexts {
    const channel = this.#options.channels.find(id);
    if (channel === undefined) throw new NotFoundError(`there is no channel ${JSON.stringify(id)}`);
    return textsOf(channel, notification(channel.receiver));
  }

  /** What a template makes of a notification. Throws a `ParseError` for one that can't be read or expanded. */
  expand(template: MessageTemplate, notification: Notification): string {
    try {
      return this.#compile(template)(notification);
    } catch (error) {
      if (error instanceof TemplateError) throw new ParseError(error.reason, { position: error.position });
      throw error;
    }
  }

  #made({ name, channels }: ReceiverDraft): Receiver {
    if (this.#ofConfig.some((receiver) => receiver.name === name)) throw new QueryError(`the configuration has a receiver ${JSON.stringify(name)}`);
    return this.#own.made(name, channels);
  }

  /** What was opened while something else came in force is opened once more, so that the later does not undo the earlier. */
  async #putInForce(prepared: PreparedChannels, openedAt: number): Promise<void> {
    prepared.commit();
    this.#generation += 1;
    if (openedAt === this.#generation - 1) return;
    (await this.#open(this.#ofConfig, this.#compile, undefined)).commit();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#changing.then(work);
    this.#changing = result.catch(() => undefined);
    return result;
  }

  #started(): StoreWriter {
    if (this.#writer === undefined) throw new UnavailableError('alerting has not started yet');
    return this.#writer;
  }

  /** Of those that were made before, one that can't be opened any more, since its plugin is gone, stops nobody. */
  #open(ofConfig: readonly Receiver[], compile: CompileMessage, made: Receiver | undefined): Promise<PreparedChannels> {
    const taken = new Set(ofConfig.map(({ name }) => name));
    const own = this.#own.receivers(taken, made);
    return this.#options.channels.prepare([...ofConfig, ...own], compile, (receiver, error) => {
      if (receiver === made || !own.includes(receiver)) return false;
      this.#options.log.warn('a receiver that was made by the API is left out', { receiver: receiver.name, error });
      return true;
    });
  }
}

function textsOf({ id, kind, textsFor }: OpenChannel, notification: Notification): ChannelTexts {
  return { channel: id, kind, texts: textsFor(notification) };
}
