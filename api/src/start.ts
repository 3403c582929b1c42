import { createApp } from '@metrics-dashboard/core';
import type { App, AppOptions } from '@metrics-dashboard/core';
import { openServer } from './server.js';
import type { Server } from './server.js';
import type { Flags } from './http/status.route.js';

export interface StartOptions extends AppOptions {
  /** The folder with the UI's files; undefined: there is none. */
  readonly uiFolder: string | undefined;
  /** The flags of the command line, for people to look up. */
  readonly flags: Flags;
  /** Aborts when the program is told to stop before `start` has resolved; then it rejects with the signal's reason. */
  readonly stopping: AbortSignal;
}

/** The whole product, running. */
export interface Running {
  readonly app: App;
  readonly server: Server;
  /** Resolved when the program is ready; rejects when it can't become so. */
  readonly ready: Promise<void>;
  /** Stops answering, then stops. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the product. The port is open first, so who waits for it learns that it is not ready yet; then the program
 * opens its data. Rejects with a `ConfigError` when the configuration is wrong or the port can't be had; then nothing is left open.
 */
export async function start(options: StartOptions): Promise<Running> {
  const { listen, uiFolder, flags, stopping } = options;
  const app = await createApp(options);
  let server: Server | undefined;
  // Each of the two closes once.
  const close = async (): Promise<void> => {
    try {
      await server?.close();
    } finally {
      await app.close();
    }
  };
  try {
    stopping.throwIfAborted();
    server = await openServer({ app, listen, uiFolder, flags });
    stopping.throwIfAborted();
  } catch (error) {
    await close();
    throw error;
  }
  return { app, server, ready: app.start(server.listening), close };
}
