import type { Duration } from '@metrics-dashboard/sdk';
import { withFiles } from '../files.js';
import type { Section } from '../section.js';
import { positiveDuration, withDefault } from '../values.js';

/** What `global:` says for the channels of one kind: the channel's own key by the global one. */
const CHANNEL_DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: {
    smtp_from: 'from',
    smtp_smarthost: 'smarthost',
    smtp_hello: 'hello',
    smtp_auth_username: 'auth_username',
    smtp_auth_password: 'auth_password',
    smtp_auth_password_file: 'auth_password_file',
    smtp_require_tls: 'require_tls',
    smtp_tls_config: 'tls_config',
  },
  slack: { slack_api_url: 'api_url', slack_api_url_file: 'api_url_file', http_config: 'http_config' },
  webhook: { http_config: 'http_config' },
};

/** The keys of Alertmanager's `global:` that are acted on. */
export const ALERTING_GLOBAL_KEYS: readonly string[] = ['resolve_timeout', ...new Set(Object.values(CHANNEL_DEFAULTS).flatMap((keys) => Object.keys(keys)))];

const DEFAULT_TIMEOUT = 5 * 60_000;

/** What `global:` says of alerting. */
export interface AlertingGlobal {
  readonly resolveTimeout: Duration;
  /** A channel's own configuration with what `global:` says for its kind where it does not say it itself. */
  withDefaults(kind: string, own: unknown): unknown;
}

/** Reads Alertmanager's part of `global:`. */
export function readAlertingGlobal(section: Section): AlertingGlobal {
  const resolveTimeout = section.inner('resolve_timeout').read(withDefault(positiveDuration, DEFAULT_TIMEOUT));
  return {
    resolveTimeout,
    withDefaults: (kind, own) => {
      const defaults = Object.entries(CHANNEL_DEFAULTS[kind] ?? {}).flatMap(([global, key]) => {
        const inner = section.inner(global);
        return inner.value === undefined || inner.value === null || isSaid(own, key) ? [] : [[key, withFiles(inner)] as const];
      });
      return typeof own === 'object' && own !== null && !Array.isArray(own) ? { ...Object.fromEntries(defaults), ...own } : own;
    },
  };
}

/** Of a text and a file that holds it, one is enough. */
function isSaid(own: unknown, key: string): boolean {
  const base = key.replace(/_file$/, '');
  return typeof own === 'object' && own !== null && (Object.hasOwn(own, base) || Object.hasOwn(own, `${base}_file`));
}
