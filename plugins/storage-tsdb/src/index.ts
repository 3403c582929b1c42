import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import { tsdbConfig } from './config.js';
import { openTsdb } from './tsdb.js';

/** The embedded time-series database, `storage: { backend: tsdb }`. */
export const tsdb = defineKind({
  kind: 'tsdb',
  config: tsdbConfig,
  open: (config, host) => openTsdb(config, host),
});

export default definePlugin({
  id: 'storage-tsdb',
  sdk: '^0.1.0',
  activate: () => [points.storage.of(tsdb)],
});
