import type { EventEmitter } from 'node:events';
import type { Logger } from '@metrics-dashboard/sdk';
import type { Running } from '../start.js';
import { describeFailure } from './failure.js';

const STOP = ['SIGINT', 'SIGTERM'] as const;
/** What a shell reports for a program that a signal ended. */
const SIGNALLED = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ties the server to its process until it has stopped; resolves with the exit code. SIGINT and SIGTERM stop it, a second
 * one ends the process at once; SIGHUP reads the configuration again.
 */
export function superviseProcess(running: Running, log: Logger): Promise<number> {
  return new Promise((resolve) => {
    let isStopping = false;
    const onStop = (signal: (typeof STOP)[number]): void => {
      if (isStopping) process.exit(SIGNALLED[signal]);
      isStopping = true;
      log.info('stopping', { signal });
      void stop(running, log).then((code) => {
        for (const remove of removers) remove();
        resolve(code);
      });
    };
    const removers = [
      ...STOP.map((signal) => listen(signal, onStop)),
      listen('SIGHUP', () => void reload(running, log)),
    ];
  });
}

async function stop(running: Running, log: Logger): Promise<number> {
  try {
    await running.close();
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
