import { ConfigError, sideOf } from '@metrics-dashboard/sdk';
import type { PluginSide } from '@metrics-dashboard/sdk';
import { mergeErrors } from '../plugin/config-place.js';
import type { Contributions } from '../plugin/contributions.js';
import { checkKind } from '../plugin/open-kind.js';
import type { OpenedPoint } from '../plugin/open-kind.js';
import type { NamedConfig } from '../plugin/plugin-config.js';
import type { Config } from './config.js';

/**
 * Checks every kind that a configuration names, and its own configuration, as far as the plugins of its side are loaded.
 * Opens nothing. Throws one `ConfigError` that tells every mistake with its place.
 */
export async function assertKinds(config: Config, loaded: Partial<Record<PluginSide, Contributions>>): Promise<void> {
  const errors: ConfigError[] = [];
  for (const [point, named] of kindsOf(config)) {
    const contributions = loaded[sideOf(point)];
    if (contributions === undefined) continue;
    try {
      await checkKind(contributions, point, named);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw mergeErrors(errors);
}

function kindsOf({ storage, scrapeConfigs, alerting, auth }: Config): (readonly [OpenedPoint, NamedConfig])[] {
  const of = (point: OpenedPoint, kinds: readonly NamedConfig[]) => kinds.map((named) => [point, named] as const);
  return [
    ...of('storage', [storage.backend]),
    ...scrapeConfigs.flatMap(({ discoveries, scraper }) => [...of('discovery', discoveries), ...of('scraper', [scraper])]),
    ...alerting.relay.alertmanagers.flatMap(({ discoveries }) => of('discovery', discoveries)),
    ...alerting.receivers.flatMap(({ channels }) => of('notifier', channels)),
    ...of('auth', auth?.providers ?? []),
  ];
}
