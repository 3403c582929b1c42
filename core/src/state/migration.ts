import type { Kysely } from 'kysely';

/**
 * One step of the state database's schema. Steps only go forward, each runs once, in one transaction with what records
 * that it ran. Its name orders it: `001-alert-instances`. Rooms have hundreds of their own, so a step of one room may
 * come after a later one of another.
 */
export interface Migration {
  readonly name: string;
  /** Works on both dialects: only what SQLite and PostgreSQL both know. */
  readonly up: (db: Kysely<unknown>) => Promise<void>;
}
