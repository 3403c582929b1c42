import type { Duration, Role } from '@metrics-dashboard/sdk';
import type { EngineLimits } from '../engine/engine.js';
import type { RelabelRule } from '../ingest/relabel.js';

/** The whole configuration: frozen, checked, with every default filled in. Made at the edge, so nothing inside asks «is it set?». */
export interface Config {
  /** undefined: there is no file, and these are the defaults. */
  readonly file: string | undefined;
  readonly global: GlobalConfig;
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly storage: StorageConfig;
  readonly limits: LimitsConfig;
  readonly auth: AuthConfig | undefined;
  readonly receivers: readonly ReceiverConfig[];
  readonly plugins: readonly PluginConfig[];
  readonly selfScrape: boolean;
  /** What a person should know: known keys that are not acted on, with file and line. */
  readonly warnings: readonly string[];
}

export interface GlobalConfig {
  readonly scrapeInterval: Duration;
  readonly scrapeTimeout: Duration;
  readonly evaluationInterval: Duration;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly nameValidation: 'utf8' | 'legacy';
}

/** One job of `scrape_configs`. */
export interface ScrapeConfig {
  readonly jobName: string;
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly scheme: 'http' | 'https';
  readonly metricsPath: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly sampleLimit: number;
  readonly bodySizeLimit: number;
  readonly nameValidation: 'utf8' | 'legacy';
  readonly fallbackContentType: string | undefined;
  /** Of targets, before the scrape. */
  readonly relabel: readonly RelabelRule[];
  /** Of samples, after it. */
  readonly metricRelabel: readonly RelabelRule[];
  /** What finds targets: `static_configs` is the kind `static`, `<kind>_sd_configs` the others. */
  readonly discoveries: readonly NamedConfig[];
  /** What fetches them; `http` unless the job says otherwise (`scraper: { kind: …, … }`). */
  readonly scraper: NamedConfig;
}

/** A kind, with a configuration its plugin's schema has yet to check, and where that stands in the file. */
export interface NamedConfig {
  readonly kind: string;
  readonly config: unknown;
  readonly at: ConfigPlace;
}

/** Where something stands, for errors that are found later than at reading. */
export interface ConfigPlace {
  readonly file: string | undefined;
  /** `scrape_configs[0].static_configs` */
  readonly path: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface StorageConfig {
  /** The kind of the storage plugin; its own keys are checked by it. `retention`, `out_of_order_window` and `rollups` are among them. */
  readonly backend: NamedConfig;
}

export interface LimitsConfig extends EngineLimits {
  readonly variableOptions: number;
}

export interface AuthConfig {
  readonly anonymous: Role | 'none';
  /** The providers to ask, in order; `tokens` and `users` are the kind `static`. */
  readonly providers: readonly NamedConfig[];
}

/** A receiver of alerts: a named list of channels. */
export interface ReceiverConfig {
  readonly name: string;
  readonly channels: readonly NamedConfig[];
}

export interface PluginConfig {
  /** A package's name, or a path to a folder or a file, relative to the configuration file. */
  readonly specifier: string;
  readonly config: unknown;
  readonly at: ConfigPlace;
}
