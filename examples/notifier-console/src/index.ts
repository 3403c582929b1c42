import { defineKind, definePlugin, points, schemaFrom } from '@metrics-dashboard/sdk';
import type { NotifierChannel, Notification } from '@metrics-dashboard/sdk';

/** `console_configs: [{ prefix: … }]` of a receiver. */
interface ConsoleConfig {
  /** Stands in front of each line. */
  readonly prefix: string;
}

/** Writes each notification into the server's log, one line an alert. */
const consoleNotifier = defineKind<ConsoleConfig, NotifierChannel>({
  kind: 'console',
  config: schemaFrom(readConfig),
  open: ({ prefix }, host) => ({
    async send(notification, signal) {
      signal.throwIfAborted();
      for (const line of linesOf(notification)) host.log.info(`${prefix}${line}`);
    },
  }),
});

export default definePlugin({
  id: 'notifier-console',
  sdk: '^0.1.0',
  activate: () => [points.notifier.of(consoleNotifier)],
});

function readConfig(value: unknown): ConsoleConfig {
  const { prefix = '', ...rest } = Object(value ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(rest);
  if (unknown.length > 0) throw new Error(`unknown key ${JSON.stringify(unknown[0])}, known is prefix`);
  if (typeof prefix !== 'string') throw new Error(`prefix is ${JSON.stringify(prefix)}, expected a text`);
  return { prefix };
}

function linesOf(notification: Notification): string[] {
  return notification.alerts.map((alert) => {
    const summary = alert.annotations['summary'] ?? '';
    return `${alert.status} ${alert.labels.toString()} ${summary}`.trimEnd();
  });
}
