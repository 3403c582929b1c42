import { readFile } from 'node:fs/promises';
import { ConfigError, NotFoundError, messageOf } from '@metrics-dashboard/sdk';
import type { Dashboard } from './document.js';
import type { DashboardStore, StoredDashboard } from './dashboard-store.js';
import { readDocumentText } from './read-document.js';

interface Given {
  readonly file: string;
  readonly document: Dashboard;
}

/** Dashboards that the configuration names as files. They can be edited like any other, and taken anew from their file. */
export class DashboardFiles {
  readonly #store: DashboardStore;
  #given: readonly Given[] = [];

  constructor(store: DashboardStore) {
    this.#store = store;
  }

  /** Reads the files; what is wrong with one is a `ConfigError` with its name, and nothing has changed. */
  async prepare(files: readonly string[]): Promise<{ commit: () => Promise<void>; discard: () => void }> {
    const given = await Promise.all(files.map(read));
    for (const { document, file } of given) {
      const other = given.find((one) => one.document.id === document.id && one.file !== file);
      if (other !== undefined) throw new ConfigError(`id: ${JSON.stringify(document.id)} is the dashboard of ${other.file}, too`, { file, path: 'id' });
    }
    return { commit: () => this.#take(given), discard: () => undefined };
  }

  /** Takes what the file of a dashboard says over what was edited. Rejects with a `NotFoundError` for one without a file. */
  async takeFile(id: string, by: string): Promise<StoredDashboard> {
    const given = this.#given.find(({ document }) => document.id === id);
    if (given === undefined) throw new NotFoundError(`the dashboard ${JSON.stringify(id)} comes from no file`);
    const { file, document } = await read(given.file);
    if (document.id !== id) throw new NotFoundError(`${file} is now another dashboard's, ${JSON.stringify(document.id)}; reload the configuration`);
    await this.#store.provision(document, file, true, by);
    const taken = await this.#store.get(id);
    if (taken === undefined) throw new NotFoundError(`there is no dashboard ${JSON.stringify(id)}`);
    return taken;
  }

  async #take(given: readonly Given[]): Promise<void> {
    for (const { document, file } of given) await this.#store.provision(document, file, false, 'configuration');
    await this.#store.keepFiles(given.map(({ file }) => file));
    this.#given = given;
  }
}

async function read(file: string): Promise<Given> {
  try {
    return { file, document: readDocumentText(await readFile(file, 'utf8')) };
  } catch (cause) {
    throw new ConfigError(`${file}: ${messageOf(cause)}`, { file, cause });
  }
}
