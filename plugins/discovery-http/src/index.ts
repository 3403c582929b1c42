import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { TargetDiscovery } from '@metrics-dashboard/sdk';
import { httpDiscoveryConfig } from './config.js';
import type { HttpDiscoveryConfig } from './config.js';
import { HttpDiscovery } from './http-discovery.js';

/** The discovery `http`: an endpoint is asked for target groups, again and again. */
const httpDiscovery = defineKind<HttpDiscoveryConfig, TargetDiscovery>({
  kind: 'http',
  config: httpDiscoveryConfig,
  open: (config, host) => new HttpDiscovery(config, host),
});

export default definePlugin({
  id: 'discovery-http',
  sdk: '^0.1.0',
  activate: () => [points.discovery.of(httpDiscovery)],
});
