import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { NotifierChannel } from '@metrics-dashboard/sdk';
import { emailConfig } from './config.js';
import type { EmailConfig } from './config.js';
import { EmailChannel } from './email-channel.js';

/** The notifier `email`: a receiver's `email_configs`. */
const email = defineKind<EmailConfig, NotifierChannel>({
  kind: 'email',
  config: emailConfig,
  open: (config, host) => new EmailChannel(config, host.clock, host.log),
});

export default definePlugin({
  id: 'notifier-email',
  sdk: '^0.1.0',
  activate: () => [points.notifier.of(email)],
});
