import { ParseError } from '@metrics-dashboard/sdk';
import type { Clock } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import type { StateDatabase } from '../state/database.js';
import { DashboardFiles } from './dashboard-files.js';
import { DashboardStore } from './dashboard-store.js';
import type { Change, DashboardSummary, Revision, StoredDashboard } from './dashboard-store.js';
import type { Dashboard } from './document.js';
import { readDocument } from './read-document.js';
import { resolveVariables } from './resolve-variables.js';
import type { ResolveRequest, ResolvedVariable } from './resolve-variables.js';

export interface DashboardsParts {
  /** Throws an `UnavailableError` before the start. */
  readonly database: () => StateDatabase;
  readonly engine: Pick<Engine, 'labelValues' | 'query'>;
  readonly clock: Clock;
  /** Those that come with the program. */
  readonly builtIn: readonly Dashboard[];
  /** `limits.variable_options`, as it is now. */
  readonly optionLimit: () => number;
}

/** Everything about dashboards: what is saved, what files give, and the variables above them. */
export class Dashboards {
  readonly files: DashboardFiles;
  readonly #store: DashboardStore;
  readonly #parts: DashboardsParts;

  constructor(parts: DashboardsParts) {
    this.#parts = parts;
    this.#store = new DashboardStore(parts.database, parts.clock, parts.builtIn);
    this.files = new DashboardFiles(this.#store);
  }

  get(id: string): Promise<StoredDashboard | undefined> {
    return this.#store.get(id);
  }

  list(search: string): Promise<readonly DashboardSummary[]> {
    return this.#store.list(search);
  }

  save(document: unknown, change: Change): Promise<StoredDashboard> {
    return this.#store.save(document, change);
  }

  remove(id: string, change: Change): Promise<void> {
    return this.#store.remove(id, change);
  }

  history(id: string): Promise<readonly Revision[]> {
    return this.#store.history(id);
  }

  at(id: string, revision: number): Promise<Dashboard> {
    return this.#store.at(id, revision);
  }

  restore(id: string, revision: number, change: Change): Promise<StoredDashboard> {
    return this.#store.restore(id, revision, change);
  }

  takeFile(id: string, by: string): Promise<StoredDashboard> {
    return this.files.takeFile(id, by);
  }

  /** What is wrong with a document, place by place; nothing: it can be saved. */
  check(document: unknown): readonly string[] {
    try {
      readDocument(document);
      return [];
    } catch (error) {
      if (error instanceof ParseError) return error.message.split('\n');
      throw error;
    }
  }

  variables(request: Omit<ResolveRequest, 'limit'>, signal: AbortSignal): Promise<readonly ResolvedVariable[]> {
    return resolveVariables({ ...request, limit: this.#parts.optionLimit() }, this.#parts.engine, signal);
  }
}
