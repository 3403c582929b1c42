import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { NotifierChannel } from '@metrics-dashboard/sdk';
import { AlertmanagerChannel } from './alertmanager-channel.js';
import { alertmanagerConfig, webhookConfig } from './config.js';
import type { AlertmanagerConfig, WebhookConfig } from './config.js';
import { WebhookChannel } from './webhook-channel.js';

/** The notifier `webhook`: a receiver's `webhook_configs`. */
export const webhook = defineKind<WebhookConfig, NotifierChannel>({
  kind: 'webhook',
  config: webhookConfig,
  open: (config, host) => new WebhookChannel(config, host.clock),
});

/** The notifier `alertmanager`: a receiver's `alertmanager_configs`, and what `alerting.alertmanagers` finds. */
const alertmanager = defineKind<AlertmanagerConfig, NotifierChannel>({
  kind: 'alertmanager',
  config: alertmanagerConfig,
  open: (config, host) => new AlertmanagerChannel(config, host.clock),
});

export default definePlugin({
  id: 'notifier-webhook',
  sdk: '^0.1.0',
  activate: () => [points.notifier.of(webhook), points.notifier.of(alertmanager)],
});
