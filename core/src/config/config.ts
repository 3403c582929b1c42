import type { Duration, Role } from '@metrics-dashboard/sdk';
import type { AlertingConfig } from '../alerting/alerting-config.js';
import type { EngineLimits } from '../engine/engine.js';
import type { NamedConfig, PluginConfig } from '../plugin/plugin-config.js';
import type { RuleGroup } from '../rules/rule.js';
import type { ScrapeConfig } from '../scrape/scrape-config.js';

/**
 * The whole configuration: frozen, checked, with every default filled in. Made at the edge, so nothing inside asks
 * «is it set?». Only the composition root and the API see all of it; every other room takes its own section.
 */
export interface Config {
  /** undefined: there is no file, and these are the defaults. */
  readonly file: string | undefined;
  readonly global: GlobalConfig;
  readonly scrapeConfigs: readonly ScrapeConfig[];
  /** Of `rule_files`. */
  readonly ruleGroups: readonly RuleGroup[];
  /** How long the history of alert instances goes back. */
  readonly alertHistoryRetention: Duration;
  readonly storage: StorageConfig;
  readonly limits: LimitsConfig;
  readonly otlp: OtlpConfig;
  readonly auth: AuthConfig | undefined;
  /** Alertmanager's sections. */
  readonly alerting: AlertingConfig;
  readonly plugins: readonly PluginConfig[];
  /** Files that give dashboards, absolute; patterns among them. */
  readonly dashboards: readonly string[];
  readonly selfScrape: boolean;
  /** What a person should know: known keys that are not acted on, with file and line. */
  readonly warnings: readonly string[];
}

export interface GlobalConfig {
  readonly scrapeInterval: Duration;
  readonly scrapeTimeout: Duration;
  readonly evaluationInterval: Duration;
  /** How far in the past rules are evaluated whose group does not say. */
  readonly ruleQueryOffset: Duration;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly nameValidation: 'utf8' | 'legacy';
}

export interface StorageConfig {
  /** The kind of the storage plugin; its own keys are checked by it. `retention`, `out_of_order_window` and `rollups` are among them. */
  readonly backend: NamedConfig;
}

export interface LimitsConfig extends EngineLimits {
  readonly variableOptions: number;
}

/** `otlp:`, how metrics of OTLP are taken in. */
export interface OtlpConfig {
  /** Attributes of a resource that become labels of each of its series. */
  readonly promoteResourceAttributes: readonly string[];
}

export interface AuthConfig {
  readonly anonymous: Role | 'none';
  /** The providers to ask, in order; `tokens` and `users` are the kind `static`. */
  readonly providers: readonly NamedConfig[];
}
