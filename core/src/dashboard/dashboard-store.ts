import { ConflictError, NotFoundError } from '@metrics-dashboard/sdk';
import type { Clock, Timestamp } from '@metrics-dashboard/sdk';
import type { DashboardRow } from '../state/dashboard-tables.js';
import type { StateDatabase, StateQueries } from '../state/database.js';
import { differences, formatDifference } from './differences.js';
import type { Difference } from './differences.js';
import type { Dashboard } from './document.js';
import { readDocument, readDocumentText } from './read-document.js';

/** How many revisions of a dashboard are kept. */
const REVISIONS_KEPT = 200;

/** How many differences a refused save tells of. */
const MOST_DIFFERENCES = 50;

/** A dashboard with what is known of it. */
export interface StoredDashboard {
  readonly document: Dashboard;
  /** 0: it comes with the program and was never saved. */
  readonly revision: number;
  readonly updatedAt: Timestamp;
  readonly updatedBy: string;
  readonly provisioned: Provisioned | undefined;
}

/** That a dashboard came from a file, and how it differs from what the file said last. */
export interface Provisioned {
  readonly file: string;
  readonly drift: readonly Difference[];
}

/** One in a list of dashboards. */
export interface DashboardSummary {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly folder: string;
  readonly tags: readonly string[];
  readonly revision: number;
  readonly updatedAt: Timestamp;
  readonly updatedBy: string;
  readonly file: string | undefined;
}

export interface Revision {
  readonly revision: number;
  readonly at: Timestamp;
  readonly by: string;
  readonly message: string;
  /** Whether the dashboard was deleted then. */
  readonly deleted: boolean;
}

/** Who changes a dashboard, and what they say of it. */
export interface Change {
  /** The revision that the change was made on; 0: there is no such dashboard yet. */
  readonly expected: number;
  readonly by: string;
  readonly message?: string | undefined;
}

/** Dashboards in the state database, with every revision of each. Those that come with the program are there until one of their id is saved. */
export class DashboardStore {
  readonly #open: () => StateDatabase;
  readonly #clock: Clock;
  readonly #builtIn: ReadonlyMap<string, StoredDashboard>;

  constructor(open: () => StateDatabase, clock: Clock, builtIn: readonly Dashboard[]) {
    this.#open = open;
    this.#clock = clock;
    const of = (document: Dashboard): StoredDashboard => ({ document, revision: 0, updatedAt: clock.now(), updatedBy: '', provisioned: undefined });
    this.#builtIn = new Map(builtIn.map((document) => [document.id, of(document)]));
  }

  /** Throws an `UnavailableError` before the start. */
  get #database(): StateDatabase {
    return this.#open();
  }

  async get(id: string): Promise<StoredDashboard | undefined> {
    const row = await this.#row(this.#database.queries, id);
    return row === undefined ? this.#builtIn.get(id) : storedOf(row);
  }

  /** All whose title, description, folder or tags have every word of `search`, by folder and title. */
  async list(search: string): Promise<readonly DashboardSummary[]> {
    const rows = await this.#database.queries
      .selectFrom('dashboards')
      .select(['id', 'title', 'description', 'folder', 'tags', 'searched', 'revision', 'updated_at', 'updated_by', 'file'])
      .execute();
    const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const has = (searched: string): boolean => words.every((word) => searched.includes(word));
    const saved = rows.filter(({ searched }) => has(searched)).map(summaryOf);
    const ids = new Set(rows.map(({ id }) => id));
    const builtIn = [...this.#builtIn.values()].filter(({ document }) => !ids.has(document.id) && has(searchedOf(document))).map(summaryOfBuiltIn);
    return [...builtIn, ...saved].sort((a, b) => compare(a.folder, b.folder) || compare(a.title, b.title) || compare(a.id, b.id));
  }

  /**
   * Saves a document, which is checked first. Rejects with a `ParseError` that tells what is wrong where, and with a
   * `ConflictError` that names both revisions and what differs when there is another revision than was expected.
   */
  async save(value: unknown, change: Change): Promise<StoredDashboard> {
    const document = readDocument(value);
    return this.#database.transaction(async (queries) => {
      const before = await this.#row(queries, document.id);
      this.#assertExpected(document.id, change.expected, before, document);
      return this.#write(queries, document, before, change, before ?? { file: '', provisioned: '' });
    });
  }

  /** Deletes one; its revisions stay. One that comes with the program is then again as it came. */
  async remove(id: string, change: Change): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const before = await this.#row(queries, id);
      if (before === undefined) throw missing(id);
      this.#assertExpected(id, change.expected, before, undefined);
      await queries.deleteFrom('dashboards').where('id', '=', id).execute();
      await this.#record(queries, id, before.revision + 1, '', change);
    });
  }

  /** Newest first. */
  async history(id: string): Promise<readonly Revision[]> {
    const rows = await this.#database.queries
      .selectFrom('dashboard_revisions')
      .select(['revision', 'at', 'by', 'message', (select) => select('document', '=', '').as('deleted')])
      .where('dashboard_id', '=', id)
      .orderBy('revision', 'desc')
      .execute();
    return rows.map(({ deleted, ...row }) => ({ ...row, deleted: Boolean(deleted) }));
  }

  /** What a dashboard was in a revision. */
  async at(id: string, revision: number): Promise<Dashboard> {
    const row = await this.#database.queries
      .selectFrom('dashboard_revisions')
      .select('document')
      .where('dashboard_id', '=', id)
      .where('revision', '=', revision)
      .executeTakeFirst();
    if (row === undefined || row.document === '') throw new NotFoundError(`there is no revision ${revision} of the dashboard ${JSON.stringify(id)}`);
    return readDocumentText(row.document);
  }

  /** Saves what a dashboard was, as a new revision; also one that was deleted. */
  async restore(id: string, revision: number, change: Change): Promise<StoredDashboard> {
    return this.save(await this.at(id, revision), { message: `as in revision ${revision}`, ...change });
  }

  /**
   * Takes what a file says. A dashboard that was edited since the file was read last stays as it is unless the file is
   * taken by force: then people see how the two differ. Answers whether something changed.
   */
  async provision(document: Dashboard, file: string, force: boolean, by: string): Promise<boolean> {
    const given = JSON.stringify(document);
    return this.#database.transaction(async (queries) => {
      const before = await this.#row(queries, document.id);
      const wasEdited = before !== undefined && before.document !== before.provisioned;
      if (before?.file === file && before.provisioned === given && !(force && wasEdited)) return false;
      if (wasEdited && !force) {
        await queries.updateTable('dashboards').set({ file, provisioned: given }).where('id', '=', document.id).execute();
        return true;
      }
      await this.#write(queries, document, before, { expected: before?.revision ?? 0, by, message: `from ${file}` }, { file, provisioned: given });
      return true;
    });
  }

  /** Forgets the files that are no longer given; their dashboards stay. */
  async keepFiles(files: readonly string[]): Promise<void> {
    const rows = await this.#database.queries.selectFrom('dashboards').select(['id', 'file']).where('file', '<>', '').execute();
    for (const { id } of rows.filter(({ file }) => !files.includes(file))) {
      await this.#database.queries.updateTable('dashboards').set({ file: '', provisioned: '' }).where('id', '=', id).execute();
    }
  }

  #row(queries: StateQueries, id: string): Promise<DashboardRow | undefined> {
    return queries.selectFrom('dashboards').selectAll().where('id', '=', id).executeTakeFirst();
  }

  #assertExpected(id: string, expected: number, before: DashboardRow | undefined, wanted: Dashboard | undefined): void {
    const met = before?.revision ?? 0;
    if (expected === met) return;
    const now = before === undefined ? this.#builtIn.get(id)?.document : readDocumentText(before.document);
    const told = wanted === undefined || now === undefined ? [] : differences(now, wanted).slice(0, MOST_DIFFERENCES).map(formatDifference);
    const what = met === 0 ? 'is not there any more' : `was changed by ${before?.updated_by === '' ? 'somebody' : before?.updated_by}`;
    throw new ConflictError(`the dashboard ${JSON.stringify(id)} ${what}: this change is of revision ${expected}, there is ${met === 0 ? 'none' : `revision ${met}`}`, { expected, met }, told);
  }

  async #write(
    queries: StateQueries,
    document: Dashboard,
    before: DashboardRow | undefined,
    change: Change,
    source: Pick<DashboardRow, 'file' | 'provisioned'>,
  ): Promise<StoredDashboard> {
    const { id, title, description, folder, tags } = document;
    const row: DashboardRow = {
      id, title, description, folder,
      tags: JSON.stringify(tags),
      revision: (before?.revision ?? (await this.#lastRevision(queries, id))) + 1,
      searched: searchedOf(document),
      document: JSON.stringify(document),
      updated_at: this.#clock.now(),
      updated_by: change.by,
      file: source.file,
      provisioned: source.provisioned,
    };
    const { id: _, ...changed } = row;
    await queries.insertInto('dashboards').values(row).onConflict((conflict) => conflict.column('id').doUpdateSet(changed)).execute();
    await this.#record(queries, id, row.revision, row.document, change);
    return storedOf(row);
  }

  async #record(queries: StateQueries, id: string, revision: number, document: string, { by, message }: Change): Promise<void> {
    await queries.insertInto('dashboard_revisions').values({ dashboard_id: id, revision, document, at: this.#clock.now(), by, message: message ?? '' }).execute();
    await queries.deleteFrom('dashboard_revisions').where('dashboard_id', '=', id).where('revision', '<=', revision - REVISIONS_KEPT).execute();
  }

  /** Of a dashboard that was deleted: its numbers go on. */
  async #lastRevision(queries: StateQueries, id: string): Promise<number> {
    const row = await queries.selectFrom('dashboard_revisions').select('revision').where('dashboard_id', '=', id).orderBy('revision', 'desc').limit(1).executeTakeFirst();
    return row?.revision ?? 0;
  }
}

function storedOf(row: DashboardRow): StoredDashboard {
  const document = readDocumentText(row.document);
  const drift = row.provisioned === '' ? [] : differences(JSON.parse(row.provisioned) as unknown, document);
  return {
    document,
    revision: row.revision,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    provisioned: row.file === '' ? undefined : { file: row.file, drift },
  };
}

function summaryOf(row: Omit<DashboardRow, 'document' | 'provisioned'>): DashboardSummary {
  const { id, title, description, folder, tags, revision, updated_at: updatedAt, updated_by: updatedBy, file } = row;
  return { id, title, description, folder, tags: JSON.parse(tags) as string[], revision, updatedAt, updatedBy, file: file === '' ? undefined : file };
}

function summaryOfBuiltIn({ document, revision, updatedAt, updatedBy }: StoredDashboard): DashboardSummary {
  const { id, title, description, folder, tags } = document;
  return { id, title, description, folder, tags, revision, updatedAt, updatedBy, file: undefined };
}

function searchedOf({ title, description, folder, tags }: Dashboard): string {
  return [title, description, folder, ...tags].join('\n').toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function missing(id: string): NotFoundError {
  return new NotFoundError(`there is no dashboard ${JSON.stringify(id)}`);
}
