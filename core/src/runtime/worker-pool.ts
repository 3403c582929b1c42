import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UnavailableError } from '@metrics-dashboard/sdk';
import type { WorkerPool, WorkerTask } from '@metrics-dashboard/sdk';
import { fromWire } from './wire-error.js';
import type { WireError } from './wire-error.js';

export interface WorkerPoolOptions {
  /** The most threads at a time, one less than there are cores by default; further tasks wait. */
  readonly threads?: number;
  /** The heap of one thread, in megabytes; a task that needs more fails alone. */
  readonly heapMegabytes?: number;
  /** The module that a thread starts with; another one only where the sources are not built. */
  readonly door?: URL;
  /** Node.js arguments of a thread; those of the process by default. */
  readonly execArgv?: readonly string[];
}

/** Threads for tasks, one for each: a task that is aborted or breaks takes its thread with it and nothing else. */
export function createWorkerPool(options: WorkerPoolOptions = {}): WorkerPool & { close(): Promise<void> } {
  return new ThreadPerTask(options);
}

const DEFAULT_HEAP_MEGABYTES = 1024;

class ThreadPerTask implements WorkerPool {
  readonly #threads: number;
  readonly #heapMegabytes: number;
  readonly #door: URL;
  readonly #execArgv: readonly string[] | undefined;
  readonly #waiting: (() => void)[] = [];
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #busy = 0;

  constructor({ threads, heapMegabytes, door, execArgv }: WorkerPoolOptions) {
    this.#threads = threads ?? Math.max(1, availableParallelism() - 1);
    this.#heapMegabytes = heapMegabytes ?? DEFAULT_HEAP_MEGABYTES;
    this.#door = door ?? new URL('./task.worker.js', import.meta.url);
    this.#execArgv = execArgv;
  }

  async run<Input, Output>(task: WorkerTask<Input>, signal: AbortSignal): Promise<Output> {
    const work = this.#runInTurn(task, AbortSignal.any([signal, this.#closing.signal]));
    this.#underWay.add(work);
    try {
      // What the module answers is the caller's to know.
      return (await work) as Output;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Stops all threads; tasks under way reject. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new UnavailableError('the worker pool is closed'));
    await Promise.allSettled(this.#underWay);
  }

  async #runInTurn(task: WorkerTask<unknown>, signal: AbortSignal): Promise<unknown> {
    await this.#turn(signal);
    try {
      // The signal may have come while the turn did.
      signal.throwIfAborted();
      return await this.#runInThread(task, signal);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  /** Waits until a thread may be started, and takes its place. */
  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#busy >= this.#threads) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', give);
          resolve();
        };
        const give = (): void => {
          const place = this.#waiting.indexOf(go);
          if (place !== -1) this.#waiting.splice(place, 1);
          resolve();
        };
        this.#waiting.push(go);
        signal.addEventListener('abort', give, { once: true });
      });
      if (signal.aborted) {
        // The turn that may have been given goes to the next.
        if (this.#busy < this.#threads) this.#waiting.shift()?.();
        signal.throwIfAborted();
      }
    }
    this.#busy++;
  }

  async #runInThread(task: WorkerTask<unknown>, signal: AbortSignal): Promise<unknown> {
    const worker = new Worker(this.#door, {
      workerData: { module: task.module.href, input: task.input },
      ...(this.#execArgv && { execArgv: [...this.#execArgv] }),
      transferList: [...(task.transfer ?? [])],
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    });
    let stop: (() => void) | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        worker.on('message', (message: { output: unknown } | { error: WireError }) => {
          if ('error' in message) reject(fromWire(message.error));
          else resolve(message.output);
        });
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`the thread of ${task.module.pathname} ended with code ${code}`)));
        stop = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', stop, { once: true });
      });
    } finally {
      if (stop) signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
  }
}
