import type { Logger, NotifierChannel } from '@metrics-dashboard/sdk';
import { openKind, sampleNotification, silentLogger, testHost, testLocalNotifier } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import plugin from './index.js';

/** The channel, and the lines it logs. */
async function open(config: unknown): Promise<{ channel: NotifierChannel; lines: string[] }> {
  const lines: string[] = [];
  const log: Logger = { ...silentLogger, info: (message) => void lines.push(message) };
  return { channel: await openKind(plugin, 'notifier', config, testHost({ log })), lines };
}

describe('the console notifier', () => {
  const bench = async (): Promise<{ channel: NotifierChannel; taken(): number; close(): Promise<void> }> => {
    const { channel } = await open({});
    let sent = 0;
    const counting: NotifierChannel = { send: async (notification, signal) => channel.send(notification, signal).then(() => void sent++) };
    return { channel: counting, taken: () => sent, close: async () => {} };
  };
  for (const { name, run } of testLocalNotifier(bench)) it(name, run);

  it('logs one line an alert, behind the prefix', async () => {
    const { channel, lines } = await open({ prefix: 'ALERT ' });
    await channel.send(sampleNotification(), new AbortController().signal);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^ALERT firing \{alertname="HighLatency"/);
  });

  it('refuses a key that it does not know, by name', async () => {
    await expect(open({ prefixx: '' })).rejects.toThrow('unknown key "prefixx", known is prefix');
  });
});
