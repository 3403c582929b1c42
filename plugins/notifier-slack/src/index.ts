import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { NotifierChannel } from '@metrics-dashboard/sdk';
import { slackConfig } from './config.js';
import type { SlackConfig } from './config.js';
import { SlackChannel } from './slack-channel.js';

/** The notifier `slack`: a receiver's `slack_configs`. */
const slack = defineKind<SlackConfig, NotifierChannel>({
  kind: 'slack',
  config: slackConfig,
  open: (config, host) => new SlackChannel(config, host.clock),
});

export default definePlugin({
  id: 'notifier-slack',
  sdk: '^0.1.0',
  activate: () => [points.notifier.of(slack)],
});
