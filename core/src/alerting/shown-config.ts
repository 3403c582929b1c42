import { QueryError } from '@metrics-dashboard/sdk';
import { isSecretName } from '../runtime/secret.js';

/** What a secret is shown as. */
const MASK = '***';

/** Keys whose values are secrets though they do not sound like it: a private key, and headers for a proxy. */
const FURTHER_SECRETS: ReadonlySet<string> = new Set(['key', 'proxy_connect_header']);

/** Whether what stands under a key of a channel's configuration is never shown. */
export function isHidden(key: string): boolean {
  return isSecretName(key) || FURTHER_SECRETS.has(key);
}

/** Whether a key holds names of files. */
export function namesFile(key: string): boolean {
  return /_file$|^files$/.test(key);
}

/** A channel's configuration without its secrets; of addresses, which are secrets of webhooks, the host alone. */
export function shownConfig(config: unknown): unknown {
  return mapTexts(config, (text, { key, hidden }) => (hidden ? MASK : isAddress(key) ? withoutPath(text) : text));
}

/**
 * What somebody sent who has seen only what is shown: what stands there as it is shown is what was there `before`.
 * Throws a `QueryError` when secrets would go to another address than the one that they were given for.
 */
export function restoredConfig(config: unknown, before: unknown): unknown {
  const kept: string[] = [];
  const moved: string[] = [];
  const restored = mapTexts(config, (text, { key, hidden, path }) => {
    const known = valueAt(before, path);
    if ((hidden && text === MASK) || (isAddress(key) && typeof known === 'string' && text === withoutPath(known) && text !== known)) {
      if (hidden) kept.push(path.join('.'));
      return known;
    }
    if (leadsSomewhere(key) && text !== known) moved.push(path.join('.'));
    return text;
  });
  if (kept.length > 0 && moved.length > 0) throw new QueryError(`${kept.join(', ')}: is to be told again, since ${moved.join(', ')} is another now`);
  return restored;
}

interface Place {
  /** The nearest name around it. */
  readonly key: string;
  readonly path: readonly (string | number)[];
  /** Whether it stands under the key of a secret. */
  readonly hidden: boolean;
}

/** Copies plain data with other texts. */
function mapTexts(value: unknown, change: (text: string, place: Place) => unknown, place: Place = { key: '', path: [], hidden: false }): unknown {
  if (typeof value === 'string') return change(value, place);
  if (Array.isArray(value)) return value.map((item, i) => mapTexts(item, change, { ...place, path: [...place.path, i] }));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change, { key, path: [...place.path, key], hidden: place.hidden || isHidden(key) })]),
  );
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}

function isAddress(key: string): boolean {
  return key.endsWith('url');
}

/** Whether what stands under a key says where a channel sends to. */
function leadsSomewhere(key: string): boolean {
  return isAddress(key) || key === 'smarthost';
}

function withoutPath(address: string): string {
  return address.replace(/^(\w+:\/\/)([^/@]*@)?([^/?]*).*$/, `$1$3/${MASK}`);
}
