import { UnavailableError } from '@metrics-dashboard/sdk';
import type { StateDatabase } from './state/database.js';

/** The state database before it is open: whoever needs it can be made, and the server can answer, before the data folder is taken. */
export class LateState {
  #database: StateDatabase | undefined;

  /** From here on it is owned here. */
  connect(database: StateDatabase): void {
    this.#database = database;
  }

  /** Throws an `UnavailableError` before the start and after the close. */
  get current(): StateDatabase {
    if (this.#database === undefined) throw new UnavailableError('the state database is not open yet');
    return this.#database;
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    await database?.close();
  }
}
