import type { Timestamp } from '@metrics-dashboard/sdk';
import { fingerprintOf } from './alert-instance.js';
import type { AlertEvent, AlertInstance } from './alert-instance.js';
import { isTold } from './alert-life.js';
import type { ObservedAlert } from './alert-sink.js';

/** What was kept of a group that is no more: what was told to fire is told to have resolved. */
export class Orphans {
  readonly #groupId: string;
  readonly #told: readonly (readonly [ruleId: string, instance: AlertInstance])[];

  constructor(groupId: string, instances: ReadonlyMap<string, readonly AlertInstance[]>) {
    this.#groupId = groupId;
    this.#told = [...instances].flatMap(([ruleId, own]) => own.filter(({ life }) => isTold(life)).map((instance) => [ruleId, instance] as const));
  }

  alerts(now: Timestamp, externalLabels: Readonly<Record<string, string>>): readonly ObservedAlert[] {
    return this.#told.map(([, { labels, annotations, receivers, life }]) => ({
      labels: withExternal(labels, externalLabels),
      annotations,
      startsAt: life.startsAt ?? now,
      endsAt: now,
      generatorUrl: '',
      receivers,
    }));
  }

  events(at: Timestamp): readonly AlertEvent[] {
    return this.#told.map(([ruleId, { labels, annotations, life }]) => ({
      at,
      groupId: this.#groupId,
      ruleId,
      alertname: labels.get('alertname'),
      fingerprint: fingerprintOf(labels),
      state: 'resolved',
      labels: labels.toObject(),
      annotations,
      value: life.value,
    }));
  }
}

/** Labels of an alert's own win over the server's. */
export function withExternal(labels: AlertInstance['labels'], externalLabels: Readonly<Record<string, string>>): AlertInstance['labels'] {
  return labels.with(Object.fromEntries(Object.entries(externalLabels).filter(([name]) => !labels.has(name))));
}
