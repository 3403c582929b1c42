// The thread door of the worker pool: runs one task of a module and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { toWire } from './wire-error.js';

// The pool alone starts this, with what it calls TaskData.
const { module, input } = workerData as { module: string; input: unknown };

try {
  const { run } = (await import(module)) as { run: (input: unknown, signal: AbortSignal) => unknown };
  // Aborting stops the thread, so the signal is one that never fires.
  const output = await run(input, new AbortController().signal);
  parentPort?.postMessage({ output });
} catch (error) {
  parentPort?.postMessage({ error: toWire(error) });
}
