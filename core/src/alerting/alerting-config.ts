import type { Duration } from '@metrics-dashboard/sdk';
import type { RelabelRule } from '../ingest/relabel.js';
import type { ConfigPlace, NamedConfig } from '../plugin/plugin-config.js';
import type { InhibitRule } from './inhibitor.js';
import type { RouteConfig } from './route.js';
import type { NamedIntervals } from './time-interval.js';

/** A receiver: a named list of channels. */
export interface Receiver {
  readonly name: string;
  readonly channels: readonly NamedConfig[];
}

/** A file of `templates:`, as it was when the configuration was read. */
export interface TemplateFile {
  readonly file: string;
  readonly text: string;
}

/** An entry of `alerting.alertmanagers`: programs that are sent the alerts of our rules as well. */
export interface AlertmanagersConfig {
  readonly discoveries: readonly NamedConfig[];
  readonly scheme: 'http' | 'https';
  readonly pathPrefix: string;
  readonly timeout: Duration;
  /** Of what was discovered. */
  readonly relabel: readonly RelabelRule[];
  /** Of the alerts that are sent there, after those of all. */
  readonly alertRelabel: readonly RelabelRule[];
  /** The options of HTTP, as they stand there. */
  readonly http: Readonly<Record<string, unknown>>;
  readonly at: ConfigPlace;
}

/** `alerting:` of Prometheus. */
export interface RelayConfig {
  /** Of all alerts that are sent on. */
  readonly alertRelabel: readonly RelabelRule[];
  readonly alertmanagers: readonly AlertmanagersConfig[];
}

/** What the configuration says of alerting: Alertmanager's sections, checked, with references that lead somewhere. */
export interface AlertingConfig {
  /** How long an alert from outside lives that does not say when it ends. */
  readonly resolveTimeout: Duration;
  /** The root of the routing tree; undefined: alerts are kept and shown, and nobody is told but by rules with receivers of their own. */
  readonly route: RouteConfig | undefined;
  readonly receivers: readonly Receiver[];
  readonly inhibitRules: readonly InhibitRule[];
  readonly timeIntervals: NamedIntervals;
  readonly templates: readonly TemplateFile[];
  readonly relay: RelayConfig;
  /** How long the history of notifications goes back. */
  readonly notificationRetention: Duration;
}
