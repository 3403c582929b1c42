import type { AppOptions } from './app.js';
import { messageCompiler } from './alerting/message-templates.js';
import { compose } from './container.js';
import type { Config } from './config/config.js';
import { assertKinds } from './config/kinds.js';
import { loadPlugins } from './plugin/loader.js';
import type { LoadedPlugins } from './plugin/loader.js';
import { isReservedFunction } from './query/language/names.js';
import { readConfigFor } from './running-app.js';
import { TOKENS } from './tokens.js';

/**
 * Checks a configuration as a start would, with the plugins of both sides, and opens nothing: no port, no folder, no kind.
 * Resolves with the configuration; rejects with a `ConfigError` that tells every mistake, and a `PluginError` as `createApp`.
 */
export async function checkConfig(options: AppOptions): Promise<Config> {
  const config = await readConfigFor(options);
  const container = compose(options, config);
  const scope = container.resolve(TOKENS.scope);
  const load = async (side: 'main' | 'engine', plugins: AppOptions['plugins']): Promise<LoadedPlugins> =>
    scope.own(
      await loadPlugins({
        plugins,
        side,
        policy: options.pluginPolicy,
        hostFor: container.resolve(TOKENS.hosts),
        log: options.log,
        clock: options.clock,
        isReservedName: isReservedFunction,
      }),
    );
  try {
    const main = await load('main', [...options.plugins, ...config.plugins]);
    const engine = await load('engine', main.usable);
    await assertKinds(config, { main: main.contributions, engine: engine.contributions });
    messageCompiler(config.alerting.templates, options.clock);
    return config;
  } finally {
    await scope.close();
  }
}
