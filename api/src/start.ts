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
}

/** The whole product, running. */
export interface Running {
  readonly app: App;
  readonly server: Server;
  /** Resolved when the program is ready; rejects when it can't become so. */
  readonly ready: Promise<void>;
  /** Whether it has been told to stop. */
  isClosing(): boolean;
  /** Stops answering, then stops. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the product. The port is open first, so who waits for it learns that it is not ready yet; then the program
 * opens its data. Rejects with a `ConfigError` when the configuration is wrong or the port can't be had; then nothing is left open.
 */
export async function start(options: StartOptions): Promise<Running> {
  const app = await createApp(options);
  const server = await openServer({ app, listen: options.listen, uiFolder: options.uiFolder, flags: options.flags }).catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    try {
      await server.close();
    } finally {
      await app.close();
    }
  };
  return {
    app,
    server,
    ready: app.start(server.listening),
    isClosing: () => closing !== undefined,
    close: () => (closing ??= close()),
  };
}
