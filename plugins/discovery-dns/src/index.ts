import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { TargetDiscovery } from '@metrics-dashboard/sdk';
import { dnsConfig } from './config.js';
import type { DnsConfig } from './config.js';
import { DnsDiscovery } from './dns-discovery.js';

/** The discovery `dns`: targets are what names resolve to. */
const dnsDiscovery = defineKind<DnsConfig, TargetDiscovery>({
  kind: 'dns',
  config: dnsConfig,
  open: (config, host) => new DnsDiscovery(config, host),
});

export default definePlugin({
  id: 'discovery-dns',
  sdk: '^0.1.0',
  activate: () => [points.discovery.of(dnsDiscovery)],
});
