import type { Host } from '../host/host.js';
import type { Schema } from '../schema.js';
import type { AggregationFunction } from './aggregation.js';
import type { AuthProvider } from './auth.js';
import type { TargetDiscovery } from './discovery.js';
import type { NotifierChannel } from './notifier.js';
import type { ExpositionParser } from './parser.js';
import type { Scraper } from './scraper.js';
import type { StorageBackend } from './storage.js';

/** Something a configuration file can name, configure and open. */
export interface Kind<Config, Instance> {
  /** The name the configuration uses: a storage's `backend`, a receiver's `<kind>_configs`, a job's `<kind>_sd_configs`. */
  readonly kind: string;
  readonly config: Schema<Config>;
  /** Called once for each place in the configuration that names the kind. */
  open(config: Config, host: Host): Instance | Promise<Instance>;
}

/**
 * What each extension point takes. The registry is the one place that holds kinds of every configuration type, hence
 * `any`: the loader checks a configuration with the kind's own schema before it hands it to `open`.
 */
export interface PointTypes {
  readonly storage: Kind<any, StorageBackend>;
  readonly scraper: Kind<any, Scraper>;
  readonly discovery: Kind<any, TargetDiscovery>;
  readonly notifier: Kind<any, NotifierChannel>;
  readonly auth: Kind<any, AuthProvider>;
  readonly parser: ExpositionParser;
  readonly aggregation: AggregationFunction;
}

export type PointName = keyof PointTypes;

/** The thread on which a point's contributions work. */
export type PluginSide = 'engine' | 'main';

/** One value offered at one extension point. */
export interface Contribution<Point extends PointName = PointName> {
  readonly point: Point;
  /** The kind's or the function's name: unique within its point. */
  readonly name: string;
  readonly value: PointTypes[Point];
}

/** A place for plugins. `of` is typed by the point, so a parser offered as a notifier does not compile. */
export interface ExtensionPoint<Point extends PointName, Value> {
  readonly name: Point;
  readonly side: PluginSide;
  of<V extends Value>(value: V): Contribution<Point>;
}

export interface Plugin<Config = unknown> {
  /** Equal to the id in the package's manifest. */
  readonly id: string;
  /** The range of sdk versions the plugin was written for, `^1.0.0`. */
  readonly sdk: string;
  /** Of the `config` that stands beside the package in the configuration. Without it, a plugin takes none. */
  readonly config?: Schema<Config>;
  /**
   * Returns what the plugin contributes. May run once on each side: it is pure and starts nothing;
   * what needs resources opens them in `Kind.open`.
   */
  activate(host: Host, config: Config): readonly Contribution[] | Promise<readonly Contribution[]>;
}

/** Gives a plugin its types; a plugin's module exports the result as its default. */
export function definePlugin<Config = undefined>(plugin: Plugin<Config>): Plugin<Config> {
  return plugin;
}

/** Gives a kind its types, so that `open` knows what `config` yields. */
export function defineKind<Config, Instance>(kind: Kind<Config, Instance>): Kind<Config, Instance> {
  return kind;
}

/** The extension points. */
export const points = {
  storage: kindPoint<'storage', StorageBackend>('storage', 'engine'),
  parser: point<'parser', ExpositionParser>('parser', 'engine', (parser) => parser.kind),
  aggregation: point<'aggregation', AggregationFunction>('aggregation', 'engine', (fn) => fn.name),
  scraper: kindPoint<'scraper', Scraper>('scraper', 'main'),
  discovery: kindPoint<'discovery', TargetDiscovery>('discovery', 'main'),
  notifier: kindPoint<'notifier', NotifierChannel>('notifier', 'main'),
  auth: kindPoint<'auth', AuthProvider>('auth', 'main'),
} as const;

/** The side of each point, by name: what a manifest's `contributes` is read with. */
export function sideOf(name: PointName): PluginSide {
  return points[name].side;
}

export function isPointName(name: string): name is PointName {
  return Object.hasOwn(points, name);
}

function point<Point extends 'parser' | 'aggregation', Value extends PointTypes[Point]>(
  name: Point,
  side: PluginSide,
  nameOf: (value: Value) => string,
): ExtensionPoint<Point, Value> {
  return { name, side, of: (value) => ({ point: name, name: nameOf(value), value }) };
}

function kindPoint<Point extends Exclude<PointName, 'parser' | 'aggregation'>, Instance>(
  name: Point,
  side: PluginSide,
): ExtensionPoint<Point, Kind<any, Instance> & PointTypes[Point]> {
  return { name, side, of: (kind) => ({ point: name, name: kind.kind, value: kind }) };
}
