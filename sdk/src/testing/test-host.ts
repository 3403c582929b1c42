import { InvariantError } from '../errors.js';
import type { Host } from '../host/host.js';
import type { WorkerPool, WorkerTask } from '../host/workers.js';
import { Registry } from '../metrics/registry.js';
import { ManualClock } from './manual-clock.js';
import { silentLogger } from './silent-logger.js';

/**
 * What a plugin is lent in a test: a manual clock, a silent logger, a registry of its own, workers that run on the
 * calling thread, and a signal that never aborts. Whoever needs a data folder makes one and passes it.
 */
export function testHost(overrides: Partial<Host> = {}): Host {
  const host: Host = {
    clock: new ManualClock(),
    log: silentLogger,
    metrics: new Registry(),
    workers: inlineWorkers,
    get dataDir(): string {
      throw new InvariantError('this test host has no data folder, expected testHost({ dataDir })');
    },
    signal: new AbortController().signal,
  };
  // Descriptors instead of a spread, which would ask for the data folder.
  return Object.defineProperties(host, Object.getOwnPropertyDescriptors(overrides));
}

/** Runs a worker's module on the calling thread: what crosses is cloned and moved as it would be. */
export const inlineWorkers: WorkerPool = {
  async run<Input, Output>(task: WorkerTask<Input>, signal: AbortSignal): Promise<Output> {
    signal.throwIfAborted();
    const module: unknown = await import(task.module.href);
    const { run } = module as { readonly run: (input: Input, signal: AbortSignal) => Output | Promise<Output> };
    const output = await run(structuredClone(task.input, { transfer: [...(task.transfer ?? [])] }), signal);
    return structuredClone(output);
  },
};
