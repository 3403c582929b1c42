import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Section } from './section.js';

/**
 * A copy in which the names of files are absolute: what a plugin is handed no longer knows where the configuration is.
 * What stands in a list `files` may be a pattern, and need not be there yet. A key without a value is left out.
 */
export function withFiles(section: Section): unknown {
  const { value, path } = section;
  const key = path.at(-1);
  if (typeof value === 'string' && typeof key === 'string' && key.endsWith('_file')) return existingFile(section, value);
  if (typeof value === 'string' && path.at(-2) === 'files') return resolve(folderOf(section), value);
  if (Array.isArray(value)) return value.map((_, i) => withFiles(section.inner(i)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.keys(value).map((inner) => [inner, withFiles(section.inner(inner))] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== null));
}

/** The absolute name of a file that the configuration names from its own folder. Throws a `ConfigError` when there is none. */
export function existingFile(section: Section, name: string): string {
  const file = resolve(folderOf(section), name);
  if (!existsSync(file)) throw section.error(`there is no file ${file}`);
  return file;
}

function folderOf(section: Section): string {
  return dirname(section.document.file ?? '.');
}
