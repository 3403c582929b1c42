import type { DeliveryError, Timestamp } from '@metrics-dashboard/sdk';
import { messageOf } from '@metrics-dashboard/sdk';
import type { HistoryRecord } from './store.js';

/** How deliveries through a channel went. */
export interface ChannelHealth {
  /** Notifications since the start. */
  readonly delivered: number;
  /** Notifications that were given up since the start. */
  readonly failed: number;
  /** Notifications that are on their way or wait for their turn now. */
  readonly underWay: number;
  readonly lastDeliveredAt: Timestamp | undefined;
  /** Of the last attempt that failed, whether it was tried again or not. */
  readonly lastErrorAt: Timestamp | undefined;
  readonly lastError: string | undefined;
  /** Whether nothing was delivered since the last error. */
  readonly isFailing: boolean;
}

type Known = Omit<ChannelHealth, 'isFailing'>;

const UNKNOWN: Known = { delivered: 0, failed: 0, underWay: 0, lastDeliveredAt: undefined, lastErrorAt: undefined, lastError: undefined };

/** How the channels do, by their ids: times and errors go on where the history ends, numbers begin with the process. */
export class ChannelHealths {
  readonly #byId = new Map<string, Known>();

  /** What the history tells, the newest first. */
  restore(records: readonly HistoryRecord[]): void {
    for (const record of [...records].reverse()) this.#change(record.channel, record.outcome === 'delivered' ? deliveredAt(record.endedAt) : failedAt(record.endedAt, record.error));
  }

  began(id: string): void {
    this.#change(id, ({ underWay }) => ({ underWay: underWay + 1 }));
  }

  attempted(id: string, at: Timestamp, error: DeliveryError | undefined): void {
    this.#change(id, error === undefined ? deliveredAt(at) : failedAt(at, messageOf(error)));
  }

  /** `undefined`: it was neither delivered nor given up, since the process stops. */
  ended(id: string, outcome: HistoryRecord['outcome'] | undefined): void {
    this.#change(id, ({ underWay, delivered, failed }) => ({
      underWay: underWay - 1,
      delivered: delivered + (outcome === 'delivered' ? 1 : 0),
      failed: failed + (outcome === 'failed' ? 1 : 0),
    }));
  }

  of(id: string): ChannelHealth {
    const known = this.#byId.get(id) ?? UNKNOWN;
    return { ...known, isFailing: (known.lastErrorAt ?? -Infinity) > (known.lastDeliveredAt ?? -Infinity) };
  }

  #change(id: string, change: (known: Known) => Partial<Known>): void {
    const known = this.#byId.get(id) ?? UNKNOWN;
    this.#byId.set(id, { ...known, ...change(known) });
  }
}

function deliveredAt(at: Timestamp): () => Partial<Known> {
  return () => ({ lastDeliveredAt: at });
}

function failedAt(at: Timestamp, error: string | undefined): () => Partial<Known> {
  return () => ({ lastErrorAt: at, lastError: error });
}
