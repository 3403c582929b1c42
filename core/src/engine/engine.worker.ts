// The thread door of the engine.
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '@metrics-dashboard/sdk';
import type { EngineThreadData } from './engine-calls.js';
import { runEngineThread } from './engine-thread.js';

if (parentPort === null) throw new InvariantError('the engine worker is started as a thread');
// worker-engine.ts alone starts this, with these data.
await runEngineThread(parentPort, workerData as EngineThreadData);
