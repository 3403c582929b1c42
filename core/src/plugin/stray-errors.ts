import { fileURLToPath } from 'node:url';
import { messageOf } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { Counter } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Closeable } from '../runtime/lifecycle.js';

export interface StrayErrorOptions {
  readonly log: Logger;
  readonly metrics: Registry;
  /** The ids of plugins, by where their code is; looked at when something was thrown. */
  readonly locations: ReadonlyMap<string, string>;
}

/**
 * Catches what is thrown where nobody calls: in timers, listeners and promises that nobody awaits. When the stack leads
 * into a plugin's folder, the error is logged under the plugin's name. The process stays up either way: the data plane is
 * in another thread, and what was acknowledged is on disk. Closing takes the handlers off.
 */
export function catchStrayErrors(options: StrayErrorOptions): Closeable {
  const count = new Counter({
    name: 'metrics_dashboard_stray_errors_total',
    help: 'Errors that were thrown where nobody called, by plugin; empty where it is none.',
    labelNames: ['plugin'],
    registers: [options.metrics],
  });
  const onError = (thrown: unknown): void => {
    const error = thrown instanceof Error ? thrown : messageOf(thrown);
    const plugin = pluginOfStack(thrown, options.locations);
    count.inc({ plugin: plugin ?? '' });
    if (plugin === undefined) options.log.error('something threw where nobody called it, going on', { error });
    else options.log.error('a plugin threw where nobody called it, going on', { plugin, error });
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    close: () => {
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
    },
  };
}

/** The plugin in whose folder, or file, the uppermost frame of the stack is that lies in any. */
export function pluginOfStack(error: unknown, locations: ReadonlyMap<string, string>): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    const file = fileOfFrame(line);
    if (file === undefined) continue;
    // Of folders inside each other, the innermost is meant.
    const [owner] = [...locations]
      .filter(([location]) => file === location || file.startsWith(`${location}/`))
      .sort(([a], [b]) => b.length - a.length);
    if (owner !== undefined) return owner[1];
  }
  return undefined;
}

/** `    at fail (file:///x/index.js:3:9)`, or a path instead of the URL. */
function fileOfFrame(line: string): string | undefined {
  const place = /^\s+at (?:.*\()?(.+?):\d+(?::\d+)?\)?$/.exec(line)?.[1];
  if (place === undefined) return undefined;
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}
