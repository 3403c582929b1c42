import type { EventEmitter } from 'node:events';
import type { Logger } from '@metrics-dashboard/sdk';
import type { Running } from '../start.js';
import { describeFailure } from './failure.js';

const STOP = ['SIGINT', 'SIGTERM'] as const;
/** What a shell reports for a program that a signal ended. */
const SIGNALLED = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Supervised {
  /** Starts the server. When the signal aborts, nobody waits for the outcome any more: it leaves nothing open. */
  readonly start: (stopping: AbortSignal) => Promise<Running>;
  /** Called when the server is ready. */
  readonly onReady: (running: Running) => void;
  readonly log: Logger;
}

/**
 * Ties a server to its process, from before it starts until it has stopped. SIGINT and SIGTERM stop it, also in the middle
 * of its start; a second one ends the process at once, with 130 or 143. SIGHUP reads the configuration again.
 * Resolves with the exit code: 0 when it was stopped, 1 when not everything could be closed. Rejects when it can't start,
 * and then nothing is left open.
 */
export async function superviseProcess({ start, onReady, log }: Supervised): Promise<number> {
  const stopping = new AbortController();
  const told = new Promise<undefined>((resolve) => stopping.signal.addEventListener('abort', () => resolve(undefined), { once: true }));
  let running: Running | undefined;
  const onStop = (signal: (typeof STOP)[number]): void => {
    if (stopping.signal.aborted) process.exit(SIGNALLED[signal]);
    log.info('stopping', { signal });
    stopping.abort();
  };
  const removers = [
    ...STOP.map((signal) => listen(signal, onStop)),
    listen('SIGHUP', () => running && void reload(running, log)),
  ];
  try {
    running = await Promise.race([start(stopping.signal), told]);
    if (running !== undefined) await Promise.race([becomeReady(running), told]);
    if (running !== undefined && !stopping.signal.aborted) onReady(running);
    await told;
    return await stop(running, log);
  } finally {
    for (const remove of removers) remove();
  }
}

/** A start that fails leaves nothing open. */
async function becomeReady(running: Running): Promise<void> {
  try {
    await running.ready;
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function stop(running: Running | undefined, log: Logger): Promise<number> {
  try {
    await running?.close();
    log.info('stopped');
    return 0;
  } catch (error) {
    log.error('not everything could be closed', { error });
    return 1;
  }
}

async function reload({ app }: Running, log: Logger): Promise<void> {
  try {
    await app.reload();
    log.info('configuration read again');
  } catch (error) {
    log.error('configuration not read again, the one before stays in force', { error: describeFailure(error) });
  }
}

/** Adds a listener, and gives what removes it. */
function listen<Argument>(event: string, listener: (argument: Argument) => void): () => void {
  const events: EventEmitter = process;
  events.on(event, listener);
  return () => void events.off(event, listener);
}
