import type { NamedConfig } from '../../plugin/plugin-config.js';
import type { ReceiverConfig } from '../config.js';
import { withFiles } from '../files.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { ignoredKeys } from '../ignored.js';
import { optional, text } from '../values.js';
import { z } from 'zod';

const CHANNELS = /^(.+)_configs$/;

/** Reads `receivers:`. Each entry of a list `<kind>_configs` is a channel; whether there is such a notifier shows when it is opened. */
export function readReceivers(section: Section): ReceiverConfig[] {
  const receivers = section.read(optional(z.array(z.record(z.string(), z.unknown())))) ?? [];
  const read = receivers.map((receiver, i) => readReceiver(section.inner(i), receiver));
  read.forEach(({ name }, i) => {
    if (read.findIndex((other) => other.name === name) !== i) {
      throw section.inner(i, 'name').error(`there is a receiver ${JSON.stringify(name)} already`);
    }
  });
  return read;
}

function readReceiver(section: Section, receiver: Readonly<Record<string, unknown>>): ReceiverConfig {
  const lists = Object.keys(receiver).filter((key) => CHANNELS.test(key));
  const { name } = section.read(keys({ name: text, ...ignoredKeys(lists) }));
  const channels = lists.flatMap((key) => {
    const list = section.inner(key);
    const entries = list.read(optional(z.array(z.unknown()))) ?? [];
    return entries.map((_, i): NamedConfig => {
      const entry = list.inner(i);
      return { kind: CHANNELS.exec(key)?.[1] ?? key, config: withFiles(entry), at: entry.at };
    });
  });
  return { name, channels };
}
