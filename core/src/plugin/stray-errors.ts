import { fileURLToPath } from 'node:url';
import { messageOf } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { Counter } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Closeable } from '../runtime/lifecycle.js';

export interface StrayErrorOptions {
  readonly log: Logger;
  readonly metrics: Registry;
  /** Where the code of each plugin is, by its id: asked when something was thrown. */
  readonly locations: () => ReadonlyMap<string, string>;
}

/**
 * Catches what plugins throw where nobody calls them: in their own timers, listeners and promises nobody awaits. When
 * the stack leads into a plugin's folder, the error is logged under the plugin's name and counted, and the process
 * stays up. Anything else ends the process, as it would without this.
 * Closing takes the handlers off.
 */
export function catchStrayErrors(options: StrayErrorOptions): Closeable {
  const count = new Counter({
    name: 'metrics_dashboard_plugin_stray_errors_total',
    help: 'Errors that a plugin threw where nobody called it.',
    labelNames: ['plugin'],
    registers: [options.metrics],
  });
  const onError = (error: unknown): void => {
    const plugin = pluginOfStack(error, options.locations());
    if (plugin === undefined) return leave(error);
    count.inc({ plugin });
    options.log.error('a plugin threw where nobody called it', { plugin, error: error instanceof Error ? error : messageOf(error) });
  };
  // Where another listener stands beside this one, it decides what becomes of errors that are no plugin's.
  const leave = (error: unknown): void => {
    if (process.listenerCount('uncaughtException') > 1) return;
    throw error;
  };
  process.on('uncaughtException', onError);
  return { close: () => void process.off('uncaughtException', onError) };
}

/** The plugin in whose folder, or file, the uppermost frame of the stack is that lies in any. */
export function pluginOfStack(error: unknown, locations: ReadonlyMap<string, string>): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    const file = fileOfFrame(line);
    if (file === undefined) continue;
    // Of folders inside each other, the innermost is meant.
    const [owner] = [...locations]
      .filter(([, location]) => file === location || file.startsWith(`${location}/`))
      .sort(([, a], [, b]) => b.length - a.length);
    if (owner !== undefined) return owner[0];
  }
  return undefined;
}

/** `    at fail (file:///x/index.js:3:9)`, or a path instead of the URL. */
function fileOfFrame(line: string): string | undefined {
  const place = /^\s+at (?:.*\()?(.+?):\d+(?::\d+)?\)?$/.exec(line)?.[1];
  if (place === undefined) return undefined;
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}
