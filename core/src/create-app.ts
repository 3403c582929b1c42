import type { App, AppOptions } from './app.js';
import { compose, composeApp } from './container.js';
import { loadPlugins } from './plugin/loader.js';
import { catchStrayErrors } from './plugin/stray-errors.js';
import { readConfigFor } from './running-app.js';
import { processMetrics } from './runtime/self-metrics.js';
import { TOKENS } from './tokens.js';

/**
 * Puts the program together: reads the configuration, loads the plugins of the main side, and opens who may come in and
 * what is notified. Nothing is scraped and no data is touched before `start`.
 * Rejects with a `ConfigError` for a configuration that is wrong and a plugin that is not there, with a `PluginError` for
 * one that breaks where the policy is to abort; then nothing is left open.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const config = await readConfigFor(options);
  const container = compose(options, config);
  const scope = container.resolve(TOKENS.scope);
  const metrics = container.resolve(TOKENS.metrics);
  try {
    scope.own(processMetrics(metrics, options.clock));
    const locations = new Map<string, string>();
    scope.own(catchStrayErrors({ log: options.log, metrics, locations }));
    const plugins = await loadPlugins({
      plugins: [...options.plugins, ...config.plugins],
      side: 'main',
      policy: options.pluginPolicy,
      hostFor: container.resolve(TOKENS.hosts),
      log: options.log,
      clock: options.clock,
      onLocated: (plugin, location) => locations.set(location, plugin),
    });
    scope.own(plugins);
    const app = composeApp(container, plugins);
    await app.prepare();
    return app;
  } catch (error) {
    await scope.close();
    throw error;
  }
}
