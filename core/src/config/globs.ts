import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * The files that an absolute pattern names, sorted: `*` is any text inside one part of the path, `?` one character,
 * `[a-c]` one of some. A name without a pattern is itself, whether there is such a file or not.
 */
export async function filesMatching(pattern: string): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const last = basename(pattern);
  const folders = await filesMatching(dirname(pattern));
  if (!/[*?[]/.test(last)) return folders.map((folder) => join(folder, last));
  const matches = matcherOf(last);
  const found = await Promise.all(
    folders.map(async (folder) => {
      // What is no folder, or not there, has nothing in it.
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => matches.test(name)).map((name) => join(folder, name));
    }),
  );
  return found.flat().sort();
}

function matcherOf(pattern: string): RegExp {
  const source = pattern.replace(/\[\^?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('[')) return part.replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
