import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { Kysely, Migrator, sql } from 'kysely';
import type { Dialect, Transaction } from 'kysely';
import { postgresDialect, sqliteDialect } from './dialects.js';
import type { Migration } from './migration.js';
import { MIGRATIONS } from './migrations/all.js';
import type { StateTables } from './tables.js';

/** The name of the embedded database's file in the data folder. */
export const STATE_FILE = 'state.db';

export interface StateDatabaseOptions {
  /** undefined: nothing is kept beyond the process; for tests and tools. */
  readonly dataDir: string | undefined;
  /** `postgres://…`, which may hold a password and is never shown; undefined: SQLite in the data folder. */
  readonly url?: string | undefined;
  readonly log: Logger;
}

/** What reads and writes, inside a transaction or outside of one. */
export type StateQueries = Kysely<StateTables>;

/**
 * What must survive besides samples: rules, alert instances, silences, the notification log, dashboards. Owned by
 * whoever opened it; `close` waits for what is under way.
 */
export interface StateDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** For single statements; each is a transaction of its own. */
  readonly queries: StateQueries;
  /**
   * All or nothing: what `work` did is durable when this resolves, and undone when `work` throws. Transactions run one
   * after another on SQLite: nothing but the given queries may be awaited inside, least of all `queries` of this database,
   * which would wait for this transaction's end.
   */
  transaction<Result>(work: (queries: StateQueries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Opens the state database and brings its tables up to date. Rejects with a `StorageError` for one that can't be opened,
 * is damaged, or was written by a newer version; then nothing stays open.
 */
export async function openStateDatabase(options: StateDatabaseOptions, migrations: readonly Migration[] = MIGRATIONS): Promise<StateDatabase> {
  const opened = new OpenDatabase(await dialectOf(options), options.url === undefined ? 'sqlite' : 'postgres');
  try {
    await opened.migrate(migrations);
    return opened;
  } catch (cause) {
    await opened.close().catch(() => undefined);
    throw cause instanceof StorageError ? cause : new StorageError('bring the state database up to date', { cause });
  }
}

async function dialectOf({ dataDir, url, log }: StateDatabaseOptions): Promise<Dialect> {
  if (url !== undefined) return postgresDialect(url, (error) => log.warn('a connection to the state database broke', { error }));
  if (dataDir === undefined) return sqliteDialect(':memory:');
  await mkdir(dataDir, { recursive: true });
  return sqliteDialect(join(dataDir, STATE_FILE));
}

class OpenDatabase implements StateDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  readonly queries: StateQueries;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(dialect: Dialect, name: 'sqlite' | 'postgres') {
    this.dialect = name;
    this.queries = new Kysely<StateTables>({ dialect });
  }

  async migrate(migrations: readonly Migration[]): Promise<void> {
    const byName = Object.fromEntries(migrations.map(({ name, up }) => [name, { up }]));
    const migrator = new Migrator({ db: this.queries, provider: { getMigrations: () => Promise.resolve(byName) }, allowUnorderedMigrations: true });
    const known = new Set(Object.keys(byName));
    const unknown = (await this.#recorded()).find((name) => !known.has(name));
    if (unknown !== undefined) throw new StorageError(`the state database was written by a newer version: this one does not know its step "${unknown}"`);
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
    throw new StorageError(failed === undefined ? 'bring the state database up to date' : `step "${failed}" of the state database`, { cause: error });
  }

  transaction<Result>(work: (queries: StateQueries) => Promise<Result>): Promise<Result> {
    if (this.#closing !== undefined) return Promise.reject(new UnavailableError('the state database is closed'));
    const running = this.queries.transaction().execute((queries: Transaction<StateTables>) => work(queries));
    const done = running.finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
    return done;
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.queries.destroy());
    return this.#closing;
  }

  /** The names of the steps that the database has. */
  async #recorded(): Promise<readonly string[]> {
    const tables = await this.queries.introspection.getTables({ withInternalKyselyTables: true });
    if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(this.queries);
    return rows.map(({ name }) => name);
  }
}
