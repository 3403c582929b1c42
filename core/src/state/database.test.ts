import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StorageError } from '@metrics-dashboard/sdk';
import { silentLogger } from '@metrics-dashboard/sdk/testing';
import { STATE_FILE, openStateDatabase } from './database.js';
import type { StateDatabase, StateDatabaseOptions } from './database.js';
import type { Migration } from './migration.js';
import { MIGRATIONS } from './migrations/all.js';

const log = silentLogger;
const dir = await mkdtemp(join(tmpdir(), 'state-'));
afterAll(() => rm(dir, { recursive: true, force: true }));

let folders = 0;
const folder = (): string => join(dir, String(++folders));

const instance = (fingerprint: string, state = '{}') => ({ group_id: 'g', rule_id: 'r', fingerprint, state });

async function fingerprints(database: StateDatabase): Promise<readonly string[]> {
  const rows = await database.queries.selectFrom('alert_instances').select('fingerprint').orderBy('fingerprint').execute();
  return rows.map(({ fingerprint }) => fingerprint);
}

const databases: [name: string, options: () => StateDatabaseOptions][] = [
  ['in a file', () => ({ dataDir: folder(), log })],
  ['in memory', () => ({ dataDir: undefined, log })],
];

describe.each(databases)('the state database %s', (_, options) => {
  it('does all of a transaction or nothing', async () => {
    const database = await openStateDatabase(options());
    await database.queries.deleteFrom('alert_instances').execute();
    await database.transaction((queries) => queries.insertInto('alert_instances').values([instance('a'), instance('b')]).execute());
    const failing = database.transaction(async (queries) => {
      await queries.deleteFrom('alert_instances').execute();
      throw new Error('second thoughts');
    });
    await expect(failing).rejects.toThrow('second thoughts');
    expect(await fingerprints(database)).toEqual(['a', 'b']);
    await database.close();
  });

  it('gives times and texts back as they were', async () => {
    const database = await openStateDatabase(options());
    await database.queries.deleteFrom('alert_events').execute();
    const event = { id: '1', at: 1_767_225_600_123.5, group_id: 'g', rule_id: 'r', fingerprint: 'f', alertname: 'Ünicode "x"', state: 'firing', event: '{"a":1}' };
    await database.queries.insertInto('alert_events').values(event).execute();
    expect(await database.queries.selectFrom('alert_events').selectAll().execute()).toEqual([event]);
    await database.close();
  });

  it('lets transactions wait for each other', async () => {
    const database = await openStateDatabase(options());
    await database.queries.deleteFrom('rule_groups').execute();
    await database.queries.insertInto('rule_groups').values({ group_id: 'n', evaluated_at: 0 }).execute();
    const increment = () =>
      database.transaction(async (queries) => {
        const { evaluated_at: n } = await queries.selectFrom('rule_groups').select('evaluated_at').where('group_id', '=', 'n').executeTakeFirstOrThrow();
        await queries.updateTable('rule_groups').set({ evaluated_at: n + 1 }).where('group_id', '=', 'n').execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await database.queries.selectFrom('rule_groups').select('evaluated_at').execute()).toEqual([{ evaluated_at: 20 }]);
    await database.close();
  });

  it('waits, when closing, for the transactions under way, and takes no more', async () => {
    const database = await openStateDatabase(options());
    const working = database.transaction((queries) => queries.selectFrom('rule_groups').selectAll().execute());
    await database.close();
    await expect(working).resolves.toBeDefined();
    await expect(database.transaction(() => Promise.resolve())).rejects.toThrow('closed');
  });
});

describe('the state database in a file', () => {
  it('has what was written when it is opened again', async () => {
    const dataDir = folder();
    const first = await openStateDatabase({ dataDir, log });
    await first.queries.insertInto('alert_instances').values(instance('kept')).execute();
    await first.close();
    const second = await openStateDatabase({ dataDir, log });
    expect(await fingerprints(second)).toEqual(['kept']);
    await second.close();
  });

  it('takes a step of a lower number that comes later than one of a higher', async () => {
    const dataDir = folder();
    const ran: string[] = [];
    const step = (name: string): Migration => ({ name, up: () => Promise.resolve(void ran.push(name)) });
    await (await openStateDatabase({ dataDir, log }, [step('020-b')])).close();
    await (await openStateDatabase({ dataDir, log }, [step('001-a'), step('020-b')])).close();
    expect(ran).toEqual(['020-b', '001-a']);
  });

  it('refuses one that a newer version wrote, and changes nothing in it', async () => {
    const dataDir = folder();
    await (await openStateDatabase({ dataDir, log }, [...MIGRATIONS, { name: '999-future', up: () => Promise.resolve() }])).close();
    await expect(openStateDatabase({ dataDir, log })).rejects.toThrow('does not know its step "999-future"');
  });

  it('undoes a step that fails, and names it', async () => {
    const dataDir = folder();
    const broken: Migration = {
      name: '002-broken',
      up: async (db) => {
        await db.schema.createTable('half').addColumn('a', 'text').execute();
        throw new Error('no');
      },
    };
    await expect(openStateDatabase({ dataDir, log }, [broken])).rejects.toThrow('step "002-broken" of the state database');
    const after = await openStateDatabase({ dataDir, log });
    expect((await after.queries.introspection.getTables()).map(({ name }) => name)).not.toContain('half');
    await after.close();
  });

  it('that is no database is an error that names the file', async () => {
    const dataDir = folder();
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, STATE_FILE), 'this is not a database, whatever its name says');
    await expect(openStateDatabase({ dataDir, log })).rejects.toThrow(StorageError);
  });
});
