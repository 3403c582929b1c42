import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { AuthProvider } from '@metrics-dashboard/sdk';
import { staticConfig } from './config.js';
import type { StaticConfig } from './config.js';
import { StaticProvider } from './static-provider.js';

export { hashPassword, hashToken } from './hash.js';

/** The auth provider `static`: `auth.tokens` and `auth.users` of the configuration. */
export const staticAuth = defineKind<StaticConfig, AuthProvider>({
  kind: 'static',
  config: staticConfig,
  open: (config) => new StaticProvider(config),
});

export default definePlugin({
  id: 'auth-static',
  sdk: '^0.1.0',
  activate: () => [points.auth.of(staticAuth)],
});
