import { PluginError, isPointName } from '@metrics-dashboard/sdk';
import type { Contribution, PointName } from '@metrics-dashboard/sdk';

/** The functions a value must have to be offered at a point. */
const OWED: Readonly<Record<PointName, readonly string[]>> = {
  storage: ['open'],
  scraper: ['open'],
  discovery: ['open'],
  notifier: ['open'],
  auth: ['open'],
  parser: ['parse', 'labels'],
  aggregation: ['create'],
};

const AGGREGATION_NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Checks what a plugin offers: plugins may be written without types. Throws a `PluginError` for what is no
 * contribution, is not announced by the manifest where there is one, or is an aggregation under a name that the
 * query language has already.
 */
export function checkContributions(
  plugin: string,
  offered: unknown,
  announced: readonly PointName[] | undefined,
  isReservedName: (name: string) => boolean,
): readonly Contribution[] {
  if (!Array.isArray(offered)) throw new PluginError(plugin, 'activate did not return a list of contributions');
  return offered.map((candidate: unknown) => {
    if (!isContribution(candidate)) throw new PluginError(plugin, 'offers something that points.<point>.of did not make');
    const { point, name } = candidate;
    const what = `the ${point} ${JSON.stringify(name)}`;
    if (announced !== undefined && !announced.includes(point)) {
      throw new PluginError(plugin, `offers ${what}, but "contributes" in its package.json names only ${announced.join(', ')}`);
    }
    const missing = missingIn(candidate);
    if (missing !== undefined) throw new PluginError(plugin, `${what} lacks ${missing}`);
    if (point === 'aggregation') assertAggregationName(plugin, name, isReservedName);
    return candidate;
  });
}

function isContribution(value: unknown): value is Contribution {
  if (typeof value !== 'object' || value === null) return false;
  const { point, name, value: inner } = value as Partial<Record<string, unknown>>;
  const isNamed = typeof point === 'string' && isPointName(point) && typeof name === 'string' && name !== '';
  return isNamed && typeof inner === 'object' && inner !== null;
}

function missingIn({ point, value }: Contribution): string | undefined {
  const members = new Map(['config', ...OWED[point]].map((name) => [name, Reflect.get(value, name) as unknown]));
  const missing = OWED[point].find((name) => typeof members.get(name) !== 'function');
  if (missing !== undefined) return `the function ${missing}`;
  const hasSchema = ['object', 'function'].includes(typeof members.get('config'));
  return OWED[point].includes('open') && !hasSchema ? 'a schema as its config' : undefined;
}

function assertAggregationName(plugin: string, name: string, isReservedName: (name: string) => boolean): void {
  if (!AGGREGATION_NAME.test(name)) {
    throw new PluginError(plugin, `offers the aggregation ${JSON.stringify(name)}, expected a name of lower case letters, digits and "_"`);
  }
  if (isReservedName(name)) {
    throw new PluginError(plugin, `offers the aggregation ${JSON.stringify(name)}, a name that the query language has already`);
  }
}
