import { QueryError } from '@metrics-dashboard/sdk';
import { unplaced } from '../plugin/config-place.js';
import type { NamedConfig } from '../plugin/plugin-config.js';
import type { Receiver } from './alerting-config.js';
import type { SecretBox } from './secret-box.js';
import { namesFile, restoredConfig, shownConfig } from './shown-config.js';
import type { StoreChange } from './store.js';

/** A channel of a receiver that was made by the API, without its secrets. */
export interface ShownChannel {
  readonly kind: string;
  readonly config: unknown;
}

/** A receiver that was made by the API. */
export interface ShownReceiver {
  readonly name: string;
  readonly channels: readonly ShownChannel[];
}

/** A receiver as the store has it: its channels are sealed. */
export interface StoredReceiver {
  readonly name: string;
  readonly sealed: string;
}

const MOST_RECEIVERS = 1000;
/** Of one receiver. */
const MOST_CHANNELS = 50;

/** Receivers that were made by the API, beside those of the configuration. */
export class OwnReceivers {
  readonly #byName = new Map<string, readonly ShownChannel[]>();

  /** Answers with the names of those that can't be opened. */
  restore(stored: readonly StoredReceiver[], box: SecretBox): readonly string[] {
    return stored.flatMap(({ name, sealed }) => {
      try {
        // Sealed by `change` below.
        this.#byName.set(name, JSON.parse(box.open(sealed, placeOf(name))) as readonly ShownChannel[]);
        return [];
      } catch {
        return [name];
      }
    });
  }

  list(): readonly ShownReceiver[] {
    return [...this.#byName].map(([name, channels]) => ({ name, channels: channels.map(({ kind, config }) => ({ kind, config: shownConfig(config) })) }));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** As receivers of a configuration, with one more or another one in its place; those of these names are left out. */
  receivers(taken: ReadonlySet<string>, next?: Receiver): readonly Receiver[] {
    const own = [...this.#byName].filter(([name]) => !taken.has(name) && name !== next?.name).map(([name, channels]) => receiverOf(name, channels));
    return next === undefined ? own : [...own, next];
  }

  /**
   * What was asked for, as a receiver. A secret that stands there as it is shown is the one that was there before.
   * Throws a `QueryError` for a file of the server: what is in it is not for whoever may make channels; and as `restoredConfig` does.
   */
  made(name: string, channels: readonly ShownChannel[]): Receiver {
    if (name.trim() === '') throw new QueryError('a receiver needs a name');
    if (channels.length > MOST_CHANNELS) throw new QueryError(`${channels.length} channels, expected at most ${MOST_CHANNELS}`);
    if (!this.#byName.has(name) && this.#byName.size >= MOST_RECEIVERS) throw new QueryError(`there are ${MOST_RECEIVERS} receivers already, which is the most`);
    const before = this.#byName.get(name) ?? [];
    const whole = channels.map(({ kind, config }, i) => ({ kind, config: restoredConfig(config, before[i]?.kind === kind ? before[i]?.config : undefined) }));
    for (const { config } of whole) assertNoFiles(config, '');
    return receiverOf(name, whole);
  }

  put({ name, channels }: Receiver, box: SecretBox): StoreChange {
    const plain = channels.map(({ kind, config }) => ({ kind, config }));
    this.#byName.set(name, plain);
    return { put: 'receiver', key: name, document: { name, sealed: box.seal(JSON.stringify(plain), placeOf(name)) } };
  }

  remove(name: string): StoreChange {
    this.#byName.delete(name);
    return { remove: 'receiver', key: name };
  }
}

function placeOf(name: string): string {
  return `receiver ${name}`;
}

function receiverOf(name: string, channels: readonly ShownChannel[]): Receiver {
  return { name, channels: channels.map(({ kind, config }, i): NamedConfig => ({ kind, config, at: unplaced(`channels[${i}]`) })) };
}

function assertNoFiles(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (namesFile(name)) throw new QueryError(`${at}: a channel that is made here can't name files of the server`);
    assertNoFiles(inner, at);
  }
}
