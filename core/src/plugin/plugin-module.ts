import { PluginError } from '@metrics-dashboard/sdk';
import type { Plugin } from '@metrics-dashboard/sdk';
import semver from 'semver';

/** A plugin whose configuration has a type that only its own schema knows. */
export type LoadablePlugin = Plugin<unknown>;

/** The plugin that a module exports as its default. Throws a `PluginError` when it is none, or not the manifest's. */
export function pluginOf(module: unknown, manifestId: string | undefined, specifier: string): LoadablePlugin {
  const name = manifestId ?? specifier;
  const plugin = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (!isPlugin(plugin)) throw new PluginError(name, 'its module does not export as its default what definePlugin gives');
  if (manifestId !== undefined && plugin.id !== manifestId) {
    throw new PluginError(name, `its code says its id is ${JSON.stringify(plugin.id)}, its package.json ${JSON.stringify(manifestId)}`);
  }
  return plugin;
}

/** Throws a `PluginError` when a plugin was written for other versions of the sdk. */
export function assertSdkRange(plugin: string, range: string, sdkVersion: string): void {
  if (semver.validRange(range) === null) {
    throw new PluginError(plugin, `its sdk range ${JSON.stringify(range)} is not a range of versions, expected a form like "^1.0.0"`);
  }
  if (!semver.satisfies(sdkVersion, range, { includePrerelease: true })) {
    throw new PluginError(plugin, `was written for sdk ${range}, this is sdk ${sdkVersion}`);
  }
}

function isPlugin(value: unknown): value is LoadablePlugin {
  if (typeof value !== 'object' || value === null) return false;
  const { id, sdk, activate } = value as Partial<Record<string, unknown>>;
  return typeof id === 'string' && id !== '' && typeof sdk === 'string' && typeof activate === 'function';
}
