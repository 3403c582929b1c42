import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { StateDatabase } from '../state/database.js';
import { instanceFromJson, instanceToJson } from './alert-instance.js';
import type { AlertEvent, AlertInstance } from './alert-instance.js';

/** What one tick of a group changed. */
export interface TickChanges {
  readonly groupId: string;
  readonly at: Timestamp;
  readonly changed: readonly { readonly ruleId: string; readonly fingerprint: string; readonly instance: AlertInstance }[];
  readonly gone: readonly { readonly ruleId: string; readonly fingerprint: string }[];
  readonly events: readonly AlertEvent[];
}

/** What a group was when the server was here last. */
export interface StoredGroup {
  readonly evaluatedAt: Timestamp;
  /** By rule. */
  readonly instances: ReadonlyMap<string, readonly AlertInstance[]>;
}

export interface AlertHistoryRequest {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly alertname?: string | undefined;
  readonly limit: number;
}

/** Rows of one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const ROWS_AT_ONCE = 500;

/** What rules keep in the state database. */
export class RuleStore {
  readonly #database: StateDatabase;
  #sequence = 0;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  /** All groups that have something to remember, by id. */
  async load(): Promise<ReadonlyMap<string, StoredGroup>> {
    const { queries } = this.#database;
    const ticks = await queries.selectFrom('rule_groups').selectAll().execute();
    const rows = await queries.selectFrom('alert_instances').selectAll().execute();
    const groups = new Map(ticks.map(({ group_id, evaluated_at }) => [group_id, { evaluatedAt: evaluated_at, instances: new Map<string, AlertInstance[]>() }]));
    for (const { group_id, rule_id, state } of rows) {
      // A tick writes both in one transaction.
      const instances = groups.get(group_id)?.instances;
      const ofRule = instances?.get(rule_id);
      if (ofRule !== undefined) ofRule.push(instanceFromJson(state));
      else instances?.set(rule_id, [instanceFromJson(state)]);
    }
    return groups;
  }

  /** All that a tick changed, in one transaction; durable when it resolves. */
  async save({ groupId, at, changed, gone, events }: TickChanges): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await queries
        .insertInto('rule_groups')
        .values({ group_id: groupId, evaluated_at: at })
        .onConflict((conflict) => conflict.column('group_id').doUpdateSet({ evaluated_at: at }))
        .execute();
      for (const part of chunks(changed)) {
        const rows = part.map(({ ruleId, fingerprint, instance }) => ({ group_id: groupId, rule_id: ruleId, fingerprint, state: instanceToJson(instance) }));
        await queries
          .insertInto('alert_instances')
          .values(rows)
          .onConflict((conflict) => conflict.columns(['group_id', 'rule_id', 'fingerprint']).doUpdateSet((eb) => ({ state: eb.ref('excluded.state') })))
          .execute();
      }
      for (const [ruleId, fingerprints] of byRule(gone)) {
        for (const part of chunks(fingerprints)) {
          await queries.deleteFrom('alert_instances').where('group_id', '=', groupId).where('rule_id', '=', ruleId).where('fingerprint', 'in', [...part]).execute();
        }
      }
      for (const part of chunks(events)) await queries.insertInto('alert_events').values(part.map((event) => this.#row(event))).execute();
    });
  }

  /** Forgets a group that is no more; its last events are kept. */
  async forget(groupId: string, events: readonly AlertEvent[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await queries.deleteFrom('alert_instances').where('group_id', '=', groupId).execute();
      await queries.deleteFrom('rule_groups').where('group_id', '=', groupId).execute();
      for (const part of chunks(events)) await queries.insertInto('alert_events').values(part.map((event) => this.#row(event))).execute();
    });
  }

  /** The newest first. */
  async history({ from, to, alertname, limit }: AlertHistoryRequest): Promise<readonly AlertEvent[]> {
    let query = this.#database.queries.selectFrom('alert_events').selectAll().where('at', '>=', from).where('at', '<=', to);
    if (alertname !== undefined) query = query.where('alertname', '=', alertname);
    const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map((row) => eventFromJson(row.event));
  }

  /** Leaves out what is older. */
  async trim(now: Timestamp, retention: Duration): Promise<void> {
    await this.#database.queries.deleteFrom('alert_events').where('at', '<', now - retention).execute();
  }

  #row(event: AlertEvent): { id: string; at: Timestamp; group_id: string; rule_id: string; fingerprint: string; alertname: string; state: string; event: string } {
    const { at, groupId, ruleId, fingerprint, alertname, state } = event;
    // Events of one instance at one moment are kept in the order in which they came; the group and the instance tell those of two processes apart.
    const id = `${String(at).padStart(15, '0')}-${groupId}-${ruleId}-${fingerprint}-${String(this.#sequence++).padStart(9, '0')}-${state}`;
    const value = Number.isFinite(event.value) ? event.value : String(event.value);
    return { id, at, group_id: groupId, rule_id: ruleId, fingerprint, alertname, state, event: JSON.stringify({ ...event, value }) };
  }
}

function eventFromJson(text: string): AlertEvent {
  // Written by the store alone.
  const event = JSON.parse(text) as AlertEvent & { value: number | string };
  return { ...event, value: Number(event.value) };
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += ROWS_AT_ONCE) yield items.slice(i, i + ROWS_AT_ONCE);
}

function byRule(gone: TickChanges['gone']): ReadonlyMap<string, readonly string[]> {
  const fingerprints = new Map<string, string[]>();
  for (const { ruleId, fingerprint } of gone) fingerprints.set(ruleId, [...(fingerprints.get(ruleId) ?? []), fingerprint]);
  return fingerprints;
}
