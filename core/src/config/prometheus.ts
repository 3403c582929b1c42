import { assertKnown } from './ignored.js';
import type { KnownKeys } from './ignored.js';
import type { Section } from './section.js';

// What a prometheus.yml or an alertmanager.yml may say that nothing here acts on. A key that is listed is a warning
// with file and line, any other an error.
// Sources: https://prometheus.io/docs/prometheus/latest/configuration/configuration/
//          https://prometheus.io/docs/alerting/latest/configuration/

const TLS = named('ca ca_file cert cert_file key key_file server_name insecure_skip_verify min_version max_version');

const HTTP = {
  basic_auth: named('username username_file password password_file'),
  authorization: named('type credentials credentials_file'),
  oauth2: {
    ...named(
      'client_id client_secret client_secret_file client_certificate_key client_certificate_key_file client_certificate_key_id ' +
        'signature_algorithm grant_type iss audience claims scopes token_url endpoint_params proxy_url no_proxy proxy_from_environment ' +
        'proxy_connect_header',
    ),
    tls_config: TLS,
  },
  tls_config: TLS,
  ...named(
    'bearer_token bearer_token_file follow_redirects enable_http2 proxy_url no_proxy proxy_from_environment proxy_connect_header http_headers',
  ),
};

const RELABEL: KnownKeys = [named('source_labels separator target_label regex modulus replacement action')];

/** Top-level keys that are known and not acted on, with what may stand below them. */
const NOT_ACTED_ON: Readonly<Record<string, KnownKeys>> = {
  runtime: named('gogc'),
  remote_write: [
    {
      ...HTTP,
      ...named(
        'url remote_timeout headers name send_exemplars send_native_histograms round_robin_dns protobuf_message sigv4 azuread google_iam',
      ),
      write_relabel_configs: RELABEL,
      queue_config: named(
        'capacity max_shards min_shards max_samples_per_send batch_send_deadline min_backoff max_backoff retry_on_http_429 sample_age_limit',
      ),
      metadata_config: named('send send_interval max_samples_per_send'),
    },
  ],
  remote_read: [
    { ...HTTP, ...named('url name required_matchers remote_timeout headers read_recent filter_external_labels chunked_read_limit') },
  ],
  tracing: { ...named('client_type endpoint sampling_fraction insecure headers compression timeout http_headers'), tls_config: TLS },

};

/** The names of the top-level keys that are known and not acted on. */
export const NOT_ACTED_ON_KEYS: readonly string[] = Object.keys(NOT_ACTED_ON);

/** Throws a `ConfigError` for a key that nobody knows, at any depth below them. */
export function assertPrometheusKeys(root: Section): void {
  for (const [key, known] of Object.entries(NOT_ACTED_ON)) assertKnown(root.inner(key), known);
}

function named(list: string, suffix = ''): Record<string, true> {
  return Object.fromEntries(list.split(' ').map((name) => [name + suffix, true]));
}
