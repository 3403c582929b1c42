import { totalmem } from 'node:os';
import type { Transferable } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import { InvariantError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Logger } from '@metrics-dashboard/sdk';
import type { PluginStatus } from '../plugin/plugin-status.js';
import { Caller } from '../runtime/channel.js';
import { fromWire } from '../runtime/wire-error.js';
import type { EngineCalls, EngineNote, EngineThreadData } from './engine-calls.js';
import type { EngineLimits } from './engine.js';
import { makeHeart, standsStill } from './heartbeat.js';
import type { EngineOptions } from './local-engine.js';

export interface WorkerEngineOptions extends EngineOptions {
  /** Gives up the opening, a long replay too; what the storage has on disk survives that as it survives any other end. */
  readonly signal?: AbortSignal;
  /** The heap of the engine's thread, in megabytes; half of the machine's memory, 4 GB at most, by default. Past it the thread dies, and not the process. */
  readonly heapMegabytes?: number;
  /** How long the thread may keep its loop to itself before it is taken for hung and replaced; 60 s by default. */
  readonly patience?: Duration;
  /** The module the thread starts with; another one only where the sources are not built. */
  readonly door?: URL;
  /** Node.js arguments of the thread; those of the process by default. */
  readonly execArgv?: readonly string[];
}

/** Unanswered requests at a time, and bytes of bodies among them. */
const UNDER_WAY = { calls: 2048, bytes: 256 * 2 ** 20 };

/** Scrapes of a moment go to the thread together, and share a commit there: at 20 targets a second that saves a quarter of all processor time. */
const GATHERED = { time: 20, calls: 64, bytes: 4 * 2 ** 20 };

/** Far more than anything that gives the loop back as it should; a thread that is about to run out of memory is slow for long. */
const PATIENCE: Duration = 60_000;

/** Samples are in columns outside the heap, and little garbage is made of them: room for more of it is only memory taken. */
const YOUNG_MEGABYTES = 12;

/** A thread with an engine that answers. */
export interface EngineThread {
  readonly worker: Worker;
  readonly caller: Caller<EngineCalls>;
  readonly plugins: readonly PluginStatus[];
  readonly acceptHeader: string;
  /** Its plugins, by where their code is. */
  readonly locations: ReadonlyMap<string, string>;
  /** Resolves with what the thread died of. */
  readonly death: Promise<Error>;
}

/** Starts a thread and waits until its engine is open. Rejects with why it can't be, and then the thread has ended. */
export async function startThread(options: WorkerEngineOptions, limits: EngineLimits, signal: AbortSignal): Promise<EngineThread> {
  signal.throwIfAborted();
  const { plugins, pluginPolicy, storage, dataDir, log, pluginTimeout, patience = PATIENCE } = options;
  const data: EngineThreadData = {
    plugins,
    pluginPolicy,
    storage,
    dataDir,
    limits,
    pluginTimeout,
    heart: makeHeart(),
    patience,
    metrics: options.metrics.share(),
  };
  const worker = new Worker(options.door ?? new URL('./engine.worker.js', import.meta.url), {
    name: 'engine',
    workerData: data,
    ...(options.execArgv && { execArgv: [...options.execArgv] }),
    resourceLimits: {
      maxOldGenerationSizeMb: options.heapMegabytes ?? Math.min(4096, Math.floor(totalmem() / 2 ** 21)),
      maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
    },
  });
  const caller = new Caller<EngineCalls>(portOf(worker), UNDER_WAY, { clock: options.clock, ...GATHERED });
  const death = deathOf(worker, data, options.clock);
  void death.then((error) => caller.fail(() => new UnavailableError('the engine thread died and is being restarted', 1000, { cause: error })));
  const ready = new Promise<Extract<EngineNote, { kind: 'ready' }>>((resolve, reject) => {
    worker.on('message', (note: EngineNote) => {
      if (note.kind === 'ready') resolve(note);
      else if (note.kind === 'not-opened') reject(fromWire(note.error));
      else if (note.kind === 'log') writeLog(log, note);
    });
    void death.then(reject);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return { worker, caller, death, ...(await ready) };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** A thread that hangs is ended: its death is told when it can no longer touch the data. */
function deathOf(worker: Worker, { heart, patience }: EngineThreadData, clock: Clock): Promise<Error> {
  const dead = new AbortController();
  let reason: Error | undefined;
  void standsStill(heart, patience, clock, dead.signal).then((isHung) => {
    if (!isHung) return;
    reason = new InvariantError(`the thread hung, it has not given its loop back for ${patience / 1000} s`);
    void worker.terminate();
  });
  return new Promise((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', (code) => {
      dead.abort();
      resolve(reason ?? new InvariantError(`the thread ended with code ${code}`));
    });
  });
}

function portOf(worker: Worker): ConstructorParameters<typeof Caller>[0] {
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer as Transferable[]),
    on: (event, listener) => worker.on(event, listener),
  };
}

function writeLog(log: Logger, { level, message, fields }: Extract<EngineNote, { kind: 'log' }>): void {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) values[name] = 'error' in field ? fromWire(field.error) : field.value;
  log[level](message, values);
}
