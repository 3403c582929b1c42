import { StorageError } from '@metrics-dashboard/sdk';
import { PostgresDialect, SqliteAdapter, SqliteDialect } from 'kysely';
import type { Dialect, SqliteDialectConfig } from 'kysely';
import Libsql from 'libsql';

/** How long SQLite waits for another process that holds the file, in milliseconds. */
const BUSY_TIME = 5000;
/** How long a connection to PostgreSQL may take to open. */
const CONNECT_TIME = 10_000;

/**
 * SQLite in one file. Write-ahead logging keeps readers and the writer apart; `synchronous=FULL` makes a committed
 * transaction survive a power loss, at one fdatasync each. Throws a `StorageError` for a file that can't be had.
 */
export function sqliteDialect(file: string): Dialect {
  try {
    const database = new Libsql(file, { timeout: BUSY_TIME });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    return transactional({
      database: {
        close: () => void database.close(),
        prepare: (sql) => {
          const statement = database.prepare(sql);
          return {
            reader: statement.reader,
            all: (parameters) => statement.all(parameters),
            run: (parameters) => statement.run(parameters),
            iterate: (parameters) => statement.iterate(parameters),
          };
        },
      },
    });
  } catch (cause) {
    throw new StorageError('open the state database', { file, cause });
  }
}

/** The adapter says that a schema can't be changed in a transaction; SQLite can, and a step that fails is to leave nothing behind. */
function transactional(config: SqliteDialectConfig): Dialect {
  const dialect = new SqliteDialect(config);
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });
  return {
    createAdapter: () => adapter,
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/** PostgreSQL, through a small pool: ticks of rules, notifications and the API rarely meet. */
export async function postgresDialect(url: string, onIdleError: (error: Error) => void): Promise<Dialect> {
  // Read only where it is wanted: most installations never need the driver.
  const { Pool } = await import('pg');
  const pool = new Pool({ connectionString: url, max: 5, connectionTimeoutMillis: CONNECT_TIME, application_name: 'metrics-dashboard' });
  // A connection that breaks while nobody uses it is replaced by the pool; unheard, its error would end the process.
  pool.on('error', onIdleError);
  return new PostgresDialect({ pool });
}
