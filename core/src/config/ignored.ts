import { anything } from './values.js';
import { unknownKeys } from './section.js';
import type { Section } from './section.js';

/** Keys that are known and not acted on, for a schema. */
export function ignoredKeys<Key extends string>(names: readonly Key[]): Record<Key, typeof anything> {
  return Object.fromEntries(names.map((name) => [name, anything])) as Record<Key, typeof anything>;
}

/** Warns of each such key that the document sets. */
export function warnIgnored(section: Section, names: readonly string[]): void {
  for (const name of names) {
    const inner = section.inner(name);
    if (isSet(inner.value)) inner.warn('is known and not acted on');
  }
}

/**
 * The keys that a part of the document may have: `true` is anything, a list is a list of such parts, and the key `*`
 * stands for every name.
 */
export type KnownKeys = true | readonly [KnownKeys] | { readonly [key: string]: KnownKeys };

/** Throws a `ConfigError` for a key that is not known; what the values are is not looked at. */
export function assertKnown(section: Section, known: KnownKeys): void {
  const { value } = section;
  if (known === true || value === null || value === undefined) return;
  if (isListOf(known)) {
    if (!Array.isArray(value)) throw section.error('expected a list');
    value.forEach((_, i) => assertKnown(section.inner(i), known[0]));
    return;
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw section.error('expected a mapping');
  for (const key of Object.keys(value)) {
    const inner = known[key] ?? known['*'];
    if (inner === undefined) throw section.inner(key).keyError(unknownKeys([key], Object.keys(known)));
    assertKnown(section.inner(key), inner);
  }
}

function isListOf(known: KnownKeys): known is readonly [KnownKeys] {
  return Array.isArray(known);
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value === 'object' ? Object.keys(value).length > 0 : true;
}
