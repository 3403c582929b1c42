import { StorageError } from '@metrics-dashboard/sdk';
import type { Timestamp } from '@metrics-dashboard/sdk';
import type { StateDatabase, StateQueries } from '../state/database.js';
import { isAskedFor } from './history-filter.js';
import type { AlertingStore, DocumentKind, HistoryRecord, HistoryRequest, StoreChange, StoredState } from './store.js';

/** So many rows go into one statement; a statement has a bounded number of parameters. */
const ROWS = 200;
/** The history is read so many at a time, and so many are looked at for one answer. */
const PAGE = 500;
const MOST_LOOKED_AT = 100_000;

/** Alerting's store in the state database. */
export class DatabaseStore implements AlertingStore {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  async load(): Promise<StoredState> {
    const rows = await this.#database.queries.selectFrom('alerting_documents').selectAll().execute();
    const all = <Kind extends keyof StoredKinds>(wanted: Kind): StoredKinds[Kind][] => {
      // Written by `write` below, each kind in its own form.
      return rows.filter(({ kind }) => kind === wanted).map(({ kind, key, document }) => parsed(kind, key, document) as StoredKinds[Kind]);
    };
    return { alerts: all('alert'), groups: all('group'), log: all('log'), outbox: all('outbox'), silences: all('silence'), receivers: all('receiver'), aliveAt: all('time')[0] };
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#database.transaction(async (queries) => {
      await putDocuments(queries, changes);
      await removeDocuments(queries, changes);
      await putRecords(queries, changes);
    });
  }

  async history(request: HistoryRequest): Promise<readonly HistoryRecord[]> {
    const found: HistoryRecord[] = [];
    for (let offset = 0; found.length < request.limit && offset < MOST_LOOKED_AT; offset += PAGE) {
      const page = await this.#page(request, offset);
      found.push(...page.filter((record) => isAskedFor(record, request)));
      if (page.length < PAGE) break;
    }
    return found.slice(0, request.limit);
  }

  /** Narrowed by what has a column; the rest is looked for in the records. */
  async #page({ from, before, receiver, fingerprint }: HistoryRequest, offset: number): Promise<readonly HistoryRecord[]> {
    let query = this.#database.queries.selectFrom('notifications').select('record').orderBy('at', 'desc').orderBy('id', 'desc').limit(PAGE).offset(offset);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (before !== undefined) query = query.where('at', '<', before);
    if (receiver !== undefined) query = query.where('receiver', '=', receiver);
    if (fingerprint !== undefined) query = query.where('fingerprints', 'like', `% ${fingerprint.replace(/[^0-9a-f]/g, '')} %`);
    const rows = await query.execute();
    return rows.map(({ record }) => JSON.parse(record) as HistoryRecord);
  }

  async forgetHistory(before: Timestamp): Promise<void> {
    await this.#database.queries.deleteFrom('notifications').where('at', '<', before).execute();
  }
}

interface StoredKinds {
  readonly alert: StoredState['alerts'][number];
  readonly group: StoredState['groups'][number];
  readonly log: StoredState['log'][number];
  readonly outbox: StoredState['outbox'][number];
  readonly silence: StoredState['silences'][number];
  readonly receiver: StoredState['receivers'][number];
  readonly time: Timestamp;
}

function parsed(kind: string, key: string, document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (cause) {
    throw new StorageError(`the ${kind} ${JSON.stringify(key)} of the state database is not JSON`, { cause });
  }
}

async function putDocuments(queries: StateQueries, changes: readonly StoreChange[]): Promise<void> {
  const rows = changes.flatMap((change) => ('put' in change ? [{ kind: change.put, key: change.key, document: JSON.stringify(change.document) }] : []));
  for (const some of slices(rows)) {
    await queries
      .insertInto('alerting_documents')
      .values(some)
      .onConflict((conflict) => conflict.columns(['kind', 'key']).doUpdateSet({ document: (row) => row.ref('excluded.document') }))
      .execute();
  }
}

async function removeDocuments(queries: StateQueries, changes: readonly StoreChange[]): Promise<void> {
  const keysByKind = new Map<DocumentKind, string[]>();
  for (const change of changes) {
    if (!('remove' in change)) continue;
    const keys = keysByKind.get(change.remove) ?? [];
    keysByKind.set(change.remove, keys);
    keys.push(change.key);
  }
  for (const [kind, keys] of keysByKind) {
    for (const some of slices(keys)) await queries.deleteFrom('alerting_documents').where('kind', '=', kind).where('key', 'in', some).execute();
  }
}

async function putRecords(queries: StateQueries, changes: readonly StoreChange[]): Promise<void> {
  const records = changes.flatMap((change) => ('record' in change ? [change.record] : []));
  for (const some of slices(records)) {
    const rows = some.map((record) => ({
      id: record.id,
      at: record.at,
      receiver: record.receiver,
      fingerprints: ` ${record.alerts.map(({ fingerprint }) => fingerprint).join(' ')} `,
      record: JSON.stringify(record),
    }));
    await queries.insertInto('notifications').values(rows).execute();
  }
}

function* slices<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += ROWS) yield items.slice(from, from + ROWS);
}
