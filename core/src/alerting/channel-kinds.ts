import type { Kind, NotifierChannel } from '@metrics-dashboard/sdk';
import type { Contributions } from '../plugin/contributions.js';
import { isHidden, namesFile } from './shown-config.js';

/** A kind of notifier that a receiver can be made of. */
export interface ChannelKind {
  readonly kind: string;
  /** The plugin that offers it. */
  readonly plugin: string;
  /** A JSON schema of its configuration; undefined where its plugin has none. */
  readonly configSchema: Readonly<Record<string, unknown>> | undefined;
}

/** By name. */
export function channelKinds(contributions: Contributions): readonly ChannelKind[] {
  return contributions.names('notifier').map((kind) => {
    const plugin = contributions.ownerOf('notifier', kind) ?? '';
    return { kind, plugin, configSchema: schemaOf(contributions.find('notifier', kind)) };
  });
}

const TARGET = 'draft-2020-12';

function schemaOf(kind: Kind<unknown, NotifierChannel> | undefined): ChannelKind['configSchema'] {
  try {
    const schema = kind?.config['~standard'].jsonSchema?.input({ target: TARGET });
    return schema && (forReceiversMadeHere(schema) as Readonly<Record<string, unknown>>);
  } catch {
    // A library throws for what JSON schema has no words for. The plugin's own schema checks all the same.
    return undefined;
  }
}

/** Without what names files of the server, which a receiver made by the API may not; and it says what is secret. */
function forReceiversMadeHere(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forReceiversMadeHere);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, inner]: [string, unknown]) => [key, key === 'properties' ? propertiesOf(inner) : forReceiversMadeHere(inner)]));
}

function propertiesOf(properties: unknown): unknown {
  const entries = Object.entries(properties ?? {}).filter(([name]) => !namesFile(name));
  return Object.fromEntries(entries.map(([name, inner]: [string, unknown]) => [name, isHidden(name) && isObject(inner) ? { ...inner, writeOnly: true } : forReceiversMadeHere(inner)]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
