import type { Duration } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import type { AlertingConfig, AlertmanagersConfig } from '../../alerting/alerting-config.js';
import { withFiles } from '../files.js';
import { ignoredKeys } from '../ignored.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { optional, positiveDuration, text, withDefault } from '../values.js';
import { readRelabel } from './relabel.js';
import { DISCOVERY, readDiscoveries } from './scrape.js';

/** The options of HTTP; the notifier checks them. */
const HTTP = [
  'basic_auth', 'authorization', 'oauth2', 'tls_config', 'bearer_token', 'bearer_token_file', 'follow_redirects', 'enable_http2', 'proxy_url', 'no_proxy',
  'proxy_from_environment', 'proxy_connect_header', 'http_headers',
] as const;

const DAY = 24 * 3600_000;

const whole = keys({
  notification_retention: withDefault(positiveDuration, 30 * DAY),
  alert_history_retention: withDefault(positiveDuration, 90 * DAY),
  ...ignoredKeys(['alert_relabel_configs', 'alertmanagers']),
});

/** What stands in `alerting:`. */
export interface AlertingSection extends Pick<AlertingConfig, 'relay' | 'notificationRetention'> {
  /** How long the history of alert instances goes back. */
  readonly alertHistoryRetention: Duration;
}

const entry = {
  scheme: withDefault(z.enum(['http', 'https']), 'http'),
  path_prefix: withDefault(text, ''),
  timeout: withDefault(positiveDuration, 10_000),
  /** The first version is gone from Alertmanager itself. */
  api_version: withDefault(z.literal('v2'), 'v2'),
  ...ignoredKeys(['static_configs', 'relabel_configs', 'alert_relabel_configs', ...HTTP]),
};

/** Reads `alerting:`: whom the alerts of our rules are sent to as well, and how long what was goes back. */
export function readAlertingSection(section: Section): AlertingSection {
  if (section.value === undefined || section.value === null) return { relay: { alertRelabel: [], alertmanagers: [] }, notificationRetention: 30 * DAY, alertHistoryRetention: 90 * DAY };
  const { notification_retention: notificationRetention, alert_history_retention: alertHistoryRetention } = section.read(whole);
  const list = section.inner('alertmanagers');
  const entries = list.read(optional(z.array(z.record(z.string(), z.unknown())))) ?? [];
  const relay = {
    alertRelabel: readRelabel(section.inner('alert_relabel_configs')),
    alertmanagers: entries.map((given, i) => readAlertmanagers(list.inner(i), Object.keys(given))),
  };
  return { relay, notificationRetention, alertHistoryRetention };
}

function readAlertmanagers(section: Section, given: readonly string[]): AlertmanagersConfig {
  const discoveryKeys = given.filter((key) => DISCOVERY.test(key));
  const read = section.read(keys({ ...entry, ...ignoredKeys(discoveryKeys) }));
  const options = HTTP.filter((key) => (section.inner(key).value ?? null) !== null);
  return {
    discoveries: readDiscoveries(section, discoveryKeys),
    scheme: read.scheme,
    pathPrefix: read.path_prefix === '' ? '' : `/${read.path_prefix.replace(/^\/+|\/+$/g, '')}`,
    timeout: read.timeout,
    relabel: readRelabel(section.inner('relabel_configs')),
    alertRelabel: readRelabel(section.inner('alert_relabel_configs')),
    http: Object.fromEntries(options.map((key) => [key, withFiles(section.inner(key))])),
    at: section.at,
  };
}
