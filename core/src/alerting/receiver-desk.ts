import { NotFoundError, QueryError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import type { Receiver } from './alerting-config.js';
import type { Channels, PreparedChannels } from './channels.js';
import type { CompileMessage } from './message-texts.js';
import { OwnReceivers } from './own-receivers.js';
import type { ShownChannel, ShownReceiver, StoredReceiver } from './own-receivers.js';
import type { SecretBox } from './secret-box.js';
import type { StoreWriter } from './store-writer.js';

export interface ReceiverDeskOptions {
  readonly channels: Channels;
  readonly log: Logger;
  /** Reads, or makes, the key of the secrets that are kept. */
  readonly openSecrets: () => Promise<SecretBox>;
}

/** Receivers of the configuration and those that were made by the API, together. */
export class ReceiverDesk {
  readonly #options: ReceiverDeskOptions;
  readonly #own = new OwnReceivers();
  #ofConfig: readonly Receiver[] = [];
  #compile: CompileMessage = ({ text }) => () => text;

  constructor(options: ReceiverDeskOptions) {
    this.#options = options;
  }

  /** Opens what a configuration names, and what was made beside it. Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare(ofConfig: readonly Receiver[], compile: CompileMessage): Promise<PreparedChannels> {
    const prepared = await this.#open(ofConfig, compile, undefined);
    return {
      commit: () => {
        this.#ofConfig = ofConfig;
        this.#compile = compile;
        prepared.commit();
      },
      discard: () => prepared.discard(),
    };
  }

  async restore(stored: readonly StoredReceiver[]): Promise<void> {
    if (stored.length === 0) return;
    const lost = this.#own.restore(stored, await this.#options.openSecrets());
    if (lost.length > 0) this.#options.log.error('receivers that were made by the API can not be opened: another key, or damaged', { receivers: lost });
    (await this.#open(this.#ofConfig, this.#compile, undefined)).commit();
  }

  list(): readonly ShownReceiver[] {
    return this.#own.list();
  }

  /**
   * Makes a receiver, or changes one that was made here; in force and durable when it resolves. Rejects with a `ConfigError` for
   * a channel that is configured wrongly, a `QueryError` for a name that the configuration has; then nothing has changed.
   */
  async save(name: string, channels: readonly ShownChannel[], writer: StoreWriter): Promise<ShownReceiver> {
    if (this.#ofConfig.some((receiver) => receiver.name === name)) throw new QueryError(`the configuration has a receiver ${JSON.stringify(name)}`);
    const made = this.#own.made(name, channels);
    const prepared = await this.#open(this.#ofConfig, this.#compile, made);
    const change = this.#own.put(made, await this.#options.openSecrets());
    prepared.commit();
    await writer.now([change]);
    return this.#own.list().find((own) => own.name === name) ?? { name, channels: [] };
  }

  /** Rejects with a `NotFoundError` for one that was not made here. */
  async remove(name: string, writer: StoreWriter): Promise<void> {
    if (!this.#own.has(name)) throw new NotFoundError(`no receiver ${JSON.stringify(name)} was made here`);
    const change = this.#own.remove(name);
    (await this.#open(this.#ofConfig, this.#compile, undefined)).commit();
    await writer.now([change]);
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
