import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { NotifierChannel } from '@metrics-dashboard/sdk';
import { webhookConfig } from './config.js';
import type { WebhookConfig } from './config.js';
import { WebhookChannel } from './webhook-channel.js';

/** The notifier `webhook`: a receiver's `webhook_configs`. */
export const webhook = defineKind<WebhookConfig, NotifierChannel>({
  kind: 'webhook',
  config: webhookConfig,
  open: (config, host) => new WebhookChannel(config, host.clock),
});

export default definePlugin({
  id: 'notifier-webhook',
  sdk: '^0.1.0',
  activate: () => [points.notifier.of(webhook)],
});
