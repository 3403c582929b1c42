import { join } from 'node:path';
import type { Clock, Host, Logger, WorkerPool } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';

export interface HostFactoryOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly workers: WorkerPool;
  /** The data folder of the whole program. */
  readonly dataDir: string;
}

/** Makes what plugins are lent. */
export interface HostFactory {
  /**
   * The host of a plugin. `folder` is its place in the data folder, `plugins/<id>` unless said otherwise.
   * All hosts of one plugin share a signal.
   */
  (plugin: string, folder?: string): Host;
  /** Aborts the signal of a plugin. */
  unload(plugin: string): void;
}

/** Hosts that lend what the program has: a log that carries the plugin's name, the metrics, the threads, a folder. */
export function makeHostFactory(options: HostFactoryOptions): HostFactory {
  const controllers = new Map<string, AbortController>();
  const controllerOf = (plugin: string): AbortController => {
    const controller = controllers.get(plugin) ?? new AbortController();
    controllers.set(plugin, controller);
    return controller;
  };
  const make = (plugin: string, folder = join('plugins', plugin)): Host => ({
    clock: options.clock,
    log: options.log.with({ plugin }),
    metrics: options.metrics,
    workers: options.workers,
    dataDir: join(options.dataDir, folder),
    signal: controllerOf(plugin).signal,
  });
  return Object.assign(make, {
    unload: (plugin: string): void => {
      controllers.get(plugin)?.abort();
      controllers.delete(plugin);
    },
  });
}
