import { ConfigError, MetricsDashboardError, PluginError, messageOf, sideOf } from '@metrics-dashboard/sdk';
import type { Clock, Contribution, Duration, Host, Logger, PluginSide } from '@metrics-dashboard/sdk';
import { checked, configErrorAt, mergeErrors, placed } from './config-place.js';
import { checkContributions } from './check-contributions.js';
import { Contributions } from './contributions.js';
import { assertSdkRange, pluginOf } from './plugin-module.js';
import type { LoadablePlugin } from './plugin-module.js';
import type { PluginConfig, PluginPolicy } from './plugin-config.js';
import type { PluginStatus } from './plugin-status.js';
import { resolvePlugin, versionOf } from './resolve.js';
import type { ResolvedPlugin } from './resolve.js';

export interface LoadOptions {
  readonly plugins: readonly PluginConfig[];
  readonly side: PluginSide;
  readonly policy: PluginPolicy;
  /** `unload`, where there is one, is told of each plugin that failed, and of every one at the end. */
  readonly hostFor: ((plugin: string) => Host) & { readonly unload?: (plugin: string) => void };
  readonly log: Logger;
  readonly clock: Clock;
  /** How long a plugin may take to be imported and activated; 10 s unless said otherwise. */
  readonly timeout?: Duration;
  /** Names that PromQL has already, so no aggregation may take them. */
  readonly isReservedName?: (name: string) => boolean;
  /** Told where the code of a plugin is, its folder or its file, before any of it runs; of a file again when its id is known. */
  readonly onLocated?: (plugin: string, location: string) => void;
  /** The version plugins were written for; the installed one unless a test says otherwise. */
  readonly sdkVersion?: string;
}

export interface LoadedPlugins {
  readonly contributions: Contributions;
  /** Of every plugin that contributes on this side, or failed; in the order of the configuration. */
  readonly statuses: readonly PluginStatus[];
  /** Those that did not fail: what fails on one side is left out on the other as well, and told of once. */
  readonly usable: readonly PluginConfig[];
  /** Aborts the signals of all. */
  close(): void;
}

const DEFAULT_TIMEOUT: Duration = 10_000;

/**
 * Loads the plugins of one side. Of a package only the manifest is read when it contributes nothing here; a bare file
 * has no manifest, and is imported on both sides.
 *
 *     resolve ─► manifest ─► import ─► sdk range ─► configuration ─► activate ─► check ─► Contributions
 *
 * A plugin that is not there, or whose configuration is wrong, is a mistake of whoever runs the server, and is thrown as a
 * `ConfigError` with its place. One that throws, hangs, clashes or does not fit is named, and offers nothing: under the
 * policy `abort` the first such `PluginError` is thrown; under `continue` it is logged, shown among the statuses, and the
 * others go on.
 */
export async function loadPlugins(options: LoadOptions): Promise<LoadedPlugins> {
  const sdkVersion = options.sdkVersion ?? versionOf('@metrics-dashboard/sdk', import.meta.url);
  const outcomes = await Promise.all(options.plugins.map((plugin) => attempt(plugin, sdkVersion, options)));
  const contributions = new Contributions();
  const admitted = outcomes.map((outcome, i) => admit(outcome, outcomes.slice(0, i), contributions));
  const failed = admitted.filter((outcome) => outcome.state === 'failed');
  for (const { id } of failed) options.hostFor.unload?.(id);
  const active = admitted.filter((outcome) => outcome.state === 'active');
  const close = (): void => active.forEach(({ id }) => options.hostFor.unload?.(id));
  report(failed, options, close);
  return {
    contributions,
    statuses: admitted.filter(({ state }) => state !== 'elsewhere').map((outcome) => statusOf(outcome, options.side)),
    usable: options.plugins.filter((_, i) => admitted[i]?.state !== 'failed'),
    close,
  };
}

interface Outcome {
  /** `elsewhere`: it contributes nothing on this side. */
  readonly state: 'active' | 'failed' | 'elsewhere';
  /** The specifier, as long as the id is not known. */
  readonly id: string;
  readonly specifier: string;
  readonly version: string;
  readonly contributions: readonly Contribution[];
  readonly error: unknown;
}

async function attempt(config: PluginConfig, sdkVersion: string, options: LoadOptions): Promise<Outcome> {
  const outcome: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
    state: 'failed',
    id: config.specifier,
    specifier: config.specifier,
    version: '',
    contributions: [],
    error: undefined,
  };
  try {
    const found = resolvePlugin(config.specifier, config.from);
    outcome.version = found.version;
    outcome.id = found.manifest?.id ?? config.specifier;
    options.onLocated?.(outcome.id, found.location);
    if (found.manifest !== undefined) {
      assertSdkRange(outcome.id, found.manifest.sdk, sdkVersion);
      if (!found.manifest.contributes.some((point) => sideOf(point) === options.side)) return { ...outcome, state: 'elsewhere' };
    }
    const plugin = await withTimeout(importPlugin(found, config.specifier), outcome.id, 'import it', options);
    if (found.manifest === undefined) options.onLocated?.(plugin.id, found.location);
    outcome.id = plugin.id;
    const offered = await activate(plugin, found, config, sdkVersion, options);
    outcome.contributions = offered.filter(({ point }) => sideOf(point) === options.side);
    outcome.state = outcome.contributions.length === 0 ? 'elsewhere' : 'active';
  } catch (error) {
    outcome.error = error instanceof ConfigError ? placed(error, config.at) : error;
  }
  return outcome;
}

async function importPlugin(found: ResolvedPlugin, specifier: string): Promise<LoadablePlugin> {
  const module: unknown = await import(found.module).catch((error: unknown) => {
    throw new PluginError(found.manifest?.id ?? specifier, 'import it', { cause: error });
  });
  return pluginOf(module, found.manifest?.id, specifier);
}

async function activate(
  plugin: LoadablePlugin,
  found: ResolvedPlugin,
  config: PluginConfig,
  sdkVersion: string,
  options: LoadOptions,
): Promise<readonly Contribution[]> {
  assertSdkRange(plugin.id, plugin.sdk, sdkVersion);
  const own = await configOf(plugin, config);
  const activation = Promise.resolve().then(() => plugin.activate(options.hostFor(plugin.id), own));
  const offered = await withTimeout(activation, plugin.id, 'activate it', options).catch((error: unknown) => {
    throw error instanceof MetricsDashboardError ? error : new PluginError(plugin.id, 'activate it', { cause: error });
  });
  return checkContributions(plugin.id, offered, found.manifest?.contributes, options.isReservedName ?? (() => false));
}

async function configOf(plugin: LoadablePlugin, { config, at }: PluginConfig): Promise<unknown> {
  if (plugin.config !== undefined) return checked(plugin.config, config ?? {}, at);
  if (config !== undefined) throw configErrorAt(at, `plugin ${plugin.id} takes no configuration`);
  return undefined;
}

/** What comes after the timeout is dropped: nobody waits for it any more. */
async function withTimeout<T>(work: Promise<T>, plugin: string, step: string, options: LoadOptions): Promise<T> {
  const timeout = options.timeout ?? DEFAULT_TIMEOUT;
  const done = new AbortController();
  const tooLate = options.clock.sleep(timeout, done.signal).then((): never => {
    throw new PluginError(plugin, `${step}: not done after ${timeout / 1000} s`);
  });
  // When the work wins, the sleep is cut short, and its verdict is of no interest.
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    done.abort();
  }
}

/** Takes over what a plugin offers, unless an earlier one has its id or one of its names. */
function admit(outcome: Outcome, earlier: readonly Outcome[], contributions: Contributions): Outcome {
  if (outcome.state === 'failed') return outcome;
  try {
    const twin = earlier.find(({ id, state }) => id === outcome.id && state !== 'failed');
    if (twin !== undefined) throw new PluginError(outcome.id, `is named twice, as ${twin.specifier} and as ${outcome.specifier}`);
    contributions.add(outcome.id, outcome.contributions);
    return outcome;
  } catch (error) {
    return { ...outcome, state: 'failed', error };
  }
}

function report(failed: readonly Outcome[], options: LoadOptions, close: () => void): void {
  const wrong = failed.map(({ error }) => error).filter((error) => error instanceof ConfigError);
  const [first] = failed;
  if (first !== undefined && (wrong.length > 0 || options.policy === 'abort')) {
    close();
    throw wrong.length > 0 ? mergeErrors(wrong) : first.error;
  }
  for (const { id, error } of failed) options.log.error('plugin left out', { plugin: id, side: options.side, error });
}

function statusOf(outcome: Outcome, side: PluginSide): PluginStatus {
  return {
    id: outcome.id,
    specifier: outcome.specifier,
    version: outcome.version,
    side,
    state: outcome.state === 'failed' ? 'failed' : 'active',
    error: outcome.state === 'failed' ? messageOf(outcome.error) : undefined,
    contributions: outcome.state === 'failed' ? [] : outcome.contributions.map(({ point, name }) => ({ point, name })),
  };
}
