/** The plugins of the distribution, by the names of their packages, in the order in which they are loaded. */
export const DEFAULT_PLUGINS: readonly string[] = [
  '@metrics-dashboard/storage-tsdb',
  '@metrics-dashboard/aggregation-standard',
  '@metrics-dashboard/exposition-text',
  '@metrics-dashboard/push-remote-write',
  '@metrics-dashboard/push-json',
  '@metrics-dashboard/push-otlp',
  '@metrics-dashboard/scraper-http',
  '@metrics-dashboard/discovery-static',
  '@metrics-dashboard/discovery-file',
  '@metrics-dashboard/discovery-http',
  '@metrics-dashboard/discovery-dns',
  '@metrics-dashboard/notifier-webhook',
  '@metrics-dashboard/notifier-slack',
  '@metrics-dashboard/notifier-email',
  '@metrics-dashboard/auth-static',
];
