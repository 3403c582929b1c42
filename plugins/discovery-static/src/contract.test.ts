import { describe, it } from 'vitest';
import { openKind, testDiscovery, testHost } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';

describe('the contract of a discovery', () => {
  const config = [{ targets: ['a:1', 'b:2'], labels: { env: 'prod' } }, { targets: ['c:3'] }];
  const groups = [
    { source: 'static_configs[0]', targets: ['a:1', 'b:2'], labels: { env: 'prod' } },
    { source: 'static_configs[1]', targets: ['c:3'], labels: {} },
  ];
  const bench = async () => ({
    discovery: await openKind(plugin, 'discovery', config, testHost()),
    groups,
    close: () => Promise.resolve(),
  });
  for (const test of testDiscovery(bench)) it(test.name, () => test.run());
});
