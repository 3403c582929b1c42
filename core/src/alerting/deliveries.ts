import { randomUUID } from 'node:crypto';
import { DeliveryError, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Logger } from '@metrics-dashboard/sdk';
import { deliver } from './attempts.js';
import type { Outcome } from './attempts.js';
import type { ChannelHealths } from './channel-health.js';
import type { OpenChannel } from './channels.js';
import { Lane } from './lane.js';
import type { AlertingMetrics } from './metrics.js';
import { restoredNotification } from './notification.js';
import { expiryOf } from './notification-log.js';
import type { NotificationLog } from './notification-log.js';
import type { HistoryRecord, OutboxItem, StoreChange } from './store.js';
import type { StoreWriter } from './store-writer.js';

export interface DeliveriesOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: AlertingMetrics;
  readonly writer: StoreWriter;
  readonly notificationLog: NotificationLog;
  readonly healths: ChannelHealths;
  readonly onRecord: (record: HistoryRecord) => void;
}

/**
 * Notifications on their way. Each is written down before its first attempt, with everything that is sent, and its end
 * together with what the channel now knows, in one transaction:
 *
 *     decided ─► outbox ─► attempt … attempt ─► log, history, out of the outbox
 *
 * A process that dies in between leaves it in the outbox. The next one sends the same again, under the same idempotency
 * key, before it looks at the group.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #underWay = new Map<string, Promise<boolean>>();
  readonly #lanes = new Map<string, Lane>();
  readonly #stopping = new AbortController();

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#underWay.size;
  }

  /** Resolves when nothing is on its way under this key of channel and group. */
  async settled(key: string): Promise<void> {
    await this.#underWay.get(key);
  }

  isUnderWay(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** Delivers one; `isNew` unless it is in the outbox already. Resolves with whether it was delivered. */
  start(item: OutboxItem, channel: OpenChannel, isNew: boolean): Promise<boolean> {
    const delivering = this.#run(item, channel, isNew).finally(() => {
      if (this.#underWay.get(item.key) === delivering) this.#underWay.delete(item.key);
    });
    this.#underWay.set(item.key, delivering);
    return delivering;
  }

  /** Gives up what is on its way; it stays in the outbox. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#underWay.values());
  }

  async #run(item: OutboxItem, channel: OpenChannel, isNew: boolean): Promise<boolean> {
    const { writer, metrics, clock, healths } = this.#options;
    const { id, kind, receiver } = channel;
    healths.began(id);
    if (isNew) {
      metrics.notifications.inc({ kind, receiver, reason: item.notification.reason });
      // A database that is away must not keep people from being told; the write is tried again by itself.
      await writer.now([{ put: 'outbox', key: item.key, document: item }]).catch(() => undefined);
    }
    const outcome = await this.#laneTo(channel)
      .run(() => this.#attempts(item, channel), this.#stopping.signal)
      .catch((error: unknown): Outcome => ({ error: asDeliveryError(error), attempts: 0 }));
    const isPutOff = this.#stopping.signal.aborted && outcome.error !== undefined;
    healths.ended(id, isPutOff ? undefined : outcome.error === undefined ? 'delivered' : 'failed');
    if (isPutOff) return false;
    if (outcome.error !== undefined) this.#noteFailure(item, channel, outcome);
    const record = recordOf(item, channel, outcome, clock.now());
    await writer.now(this.#changesAfter(item, outcome, record)).catch(() => undefined);
    this.#options.onRecord(record);
    return outcome.error === undefined;
  }

  #attempts(item: OutboxItem, channel: OpenChannel): Promise<Outcome> {
    const { clock, metrics, healths } = this.#options;
    const { id, kind, receiver } = channel;
    return deliver(
      channel.channel,
      restoredNotification(item.notification),
      {
        clock,
        patience: item.patience,
        onAttempt: (duration, error) => {
          metrics.attempts.inc({ kind, receiver, outcome: error === undefined ? 'delivered' : error.retryable ? 'failed' : 'refused' });
          metrics.attemptSeconds.observe({ kind }, duration / 1000);
          if (!this.#stopping.signal.aborted) healths.attempted(id, clock.now(), error);
        },
      },
      this.#stopping.signal,
    );
  }

  #changesAfter(item: OutboxItem, { error }: Outcome, record: HistoryRecord): readonly StoreChange[] {
    const { at, key, firing, resolved, repeatInterval } = item;
    const told = error === undefined ? [this.#options.notificationLog.put({ key, at, firing, resolved, expiresAt: expiryOf(at, repeatInterval) })] : [];
    return [...told, { remove: 'outbox', key }, { record }];
  }

  #noteFailure(item: OutboxItem, { id, kind, receiver }: OpenChannel, { error, attempts }: Outcome): void {
    this.#options.metrics.failed.inc({ kind, receiver });
    this.#options.log.warn('a notification was not delivered', { channel: id, group: item.notification.groupKey, attempts, error });
  }

  #laneTo({ id }: OpenChannel): Lane {
    const lane = this.#lanes.get(id) ?? new Lane();
    this.#lanes.set(id, lane);
    return lane;
  }
}

function recordOf(item: OutboxItem, channel: OpenChannel, { error, attempts }: Outcome, endedAt: number): HistoryRecord {
  const { notification } = item;
  return {
    id: randomUUID(),
    at: item.at,
    endedAt,
    channel: channel.id,
    receiver: notification.receiver,
    groupKey: notification.groupKey,
    status: notification.status,
    reason: notification.reason,
    outcome: error === undefined ? 'delivered' : 'failed',
    attempts,
    error: error && messageOf(error),
    idempotencyKey: notification.idempotencyKey,
    alerts: notification.alerts.slice(0, MOST_RECORDED).map(({ fingerprint, labels, status }) => ({ fingerprint, labels, status })),
  };
}

/** Of one notification, so many alerts stand in the history. */
const MOST_RECORDED = 200;

function asDeliveryError(error: unknown): DeliveryError {
  return error instanceof DeliveryError ? error : new DeliveryError(messageOf(error), false, { cause: error });
}
