import type { Registry } from '../metrics/registry.js';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';
import type { WorkerPool } from './workers.js';

/** What a plugin is lent. There is no way from here to the rest of the program. */
export interface Host {
  readonly clock: Clock;
  /** Already carries the plugin's name. */
  readonly log: Logger;
  /** The plugin's metrics; they appear at `/metrics` under the names the plugin gives them. */
  readonly metrics: Registry;
  readonly workers: WorkerPool;
  /** A folder of the plugin's own, made on first use by the plugin; nobody else writes there. */
  readonly dataDir: string;
  /** Aborted when the plugin is unloaded. */
  readonly signal: AbortSignal;
}
