import { ConfigError, InvariantError, MetricsDashboardError, PluginError } from '@metrics-dashboard/sdk';
import type { Host, Kind, PointName, PointTypes } from '@metrics-dashboard/sdk';
import { checked, configErrorAt, placed } from './config-place.js';
import type { Contributions } from './contributions.js';
import type { NamedConfig } from './plugin-config.js';

/** The points whose contributions are opened from the configuration. */
export type OpenedPoint = Exclude<PointName, 'parser' | 'aggregation'>;

/** What a point's kinds open. */
export type InstanceOf<Point extends OpenedPoint> = Awaited<ReturnType<PointTypes[Point]['open']>>;

/** A kind that is there, with a configuration that its schema has passed. */
export interface CheckedKind {
  readonly kind: Kind<unknown, unknown>;
  readonly plugin: string;
  readonly config: unknown;
}

/**
 * Checks what the configuration names, and opens nothing. Throws a `ConfigError` at the place in the configuration for an
 * unknown kind, with the known ones, and for a configuration that the kind's own schema refuses.
 */
export async function checkKind(contributions: Contributions, point: OpenedPoint, named: NamedConfig): Promise<CheckedKind> {
  const kind: Kind<unknown, unknown> | undefined = contributions.find(point, named.kind);
  const plugin = contributions.ownerOf(point, named.kind);
  if (kind === undefined || plugin === undefined) throw unknownKind(contributions, point, named);
  return { kind, plugin, config: await checked(kind.config, named.config ?? {}, named.at) };
}

/**
 * Opens what the configuration names, once `checkKind` has passed it.
 * A storage gets the folder of its kind's name, every other the folder of its plugin.
 * Throws as `checkKind` does, and a `PluginError` when `open` throws anything that is not an error of the house.
 */
export async function openKind<Point extends OpenedPoint>(
  contributions: Contributions,
  point: Point,
  named: NamedConfig,
  hostFor: (plugin: string, folder?: string) => Host,
): Promise<InstanceOf<Point>> {
  const { kind, plugin, config } = await checkKind(contributions, point, named);
  const host = hostFor(plugin, point === 'storage' ? named.kind : undefined);
  try {
    // The map of contributions is keyed by point, so what a point's kind opens has that point's type.
    return (await kind.open(config, host)) as InstanceOf<Point>;
  } catch (error) {
    throw asOpenError(error, plugin, point, named);
  }
}

function unknownKind(contributions: Contributions, point: PointName, named: NamedConfig): Error {
  const known = contributions.names(point).join(', ') || 'none';
  return configErrorAt(named.at, `unknown ${point} ${JSON.stringify(named.kind)}, known are ${known}`);
}

function asOpenError(error: unknown, plugin: string, point: PointName, named: NamedConfig): Error {
  if (error instanceof ConfigError) return placed(error, named.at);
  if (error instanceof MetricsDashboardError && !(error instanceof InvariantError)) return error;
  return new PluginError(plugin, `open the ${point} ${JSON.stringify(named.kind)}`, { cause: error });
}
