import { z } from 'zod';
import type { Receiver } from '../../alerting/alerting-config.js';
import type { NamedConfig } from '../../plugin/plugin-config.js';
import { withFiles } from '../files.js';
import { ignoredKeys } from '../ignored.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { optional, text } from '../values.js';
import type { AlertingGlobal } from './alerting-global.js';

const CHANNELS = /^(.+)_configs$/;

/** Reads `receivers:`. Each entry of a list `<kind>_configs` is a channel; whether there is such a notifier shows when it is opened. */
export function readReceivers(section: Section, global: AlertingGlobal): readonly Receiver[] {
  const receivers = section.read(optional(z.array(z.record(z.string(), z.unknown())))) ?? [];
  const read = receivers.map((receiver, i) => readReceiver(section.inner(i), receiver, global));
  read.forEach(({ name }, i) => {
    if (read.findIndex((other) => other.name === name) !== i) {
      throw section.inner(i, 'name').error(`there is a receiver ${JSON.stringify(name)} already`);
    }
  });
  return read;
}

function readReceiver(section: Section, receiver: Readonly<Record<string, unknown>>, global: AlertingGlobal): Receiver {
  const lists = Object.keys(receiver).filter((key) => CHANNELS.test(key));
  const { name } = section.read(keys({ name: text, ...ignoredKeys(lists) }));
  const channels = lists.flatMap((key) => {
    const list = section.inner(key);
    const kind = CHANNELS.exec(key)?.[1] ?? key;
    const entries = list.read(optional(z.array(z.unknown()))) ?? [];
    return entries.map((_, i): NamedConfig => {
      const entry = list.inner(i);
      return { kind, config: global.withDefaults(kind, withFiles(entry)), at: entry.at };
    });
  });
  return { name, channels };
}
