import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { TargetDiscovery } from '@metrics-dashboard/sdk';
import { fileConfig } from './config.js';
import type { FileConfig } from './config.js';
import { FileDiscovery } from './file-discovery.js';

/** The discovery `file`: targets in files of JSON or YAML, which are read again when they change. */
const fileDiscovery = defineKind<FileConfig, TargetDiscovery>({
  kind: 'file',
  config: fileConfig,
  open: (config, host) => new FileDiscovery(config, host),
});

export default definePlugin({
  id: 'discovery-file',
  sdk: '^0.1.0',
  activate: () => [points.discovery.of(fileDiscovery)],
});
