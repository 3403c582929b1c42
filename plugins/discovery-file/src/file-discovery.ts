import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ParseError, pollGroups, readTargetGroups } from '@metrics-dashboard/sdk';
import type { Host, TargetDiscovery, TargetGroup } from '@metrics-dashboard/sdk';
import type { FileConfig } from './config.js';
import { FolderChanges } from './folder-changes.js';

/** A file of targets is small; one that is not is something else. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads files of target groups, and again when they change. A file that can't be read keeps its last set. */
export class FileDiscovery implements TargetDiscovery {
  readonly #patterns: readonly string[];
  readonly #every: number;
  readonly #host: Host;

  constructor({ files, refresh_interval: every }: FileConfig, host: Host) {
    this.#patterns = files.map((file) => resolve(file));
    this.#every = every;
    this.#host = host;
  }

  async *watch(signal: AbortSignal): AsyncGenerator<readonly TargetGroup[]> {
    const folders = [...new Set(this.#patterns.map((pattern) => dirname(pattern)))];
    const changes = new FolderChanges();
    const source = {
      every: this.#every,
      parts: () => {
        // Before the files are read, so that no change falls between; again each time, as a folder may be new.
        for (const folder of folders) changes.follow(folder);
        return filesOf(this.#patterns);
      },
      read: groupsIn,
      changed: (stop: AbortSignal) => changes.next(stop),
    };
    try {
      yield* pollGroups(source, this.#host, signal);
    } finally {
      changes.close();
    }
  }
}

/** The files that the patterns name, each once, in order. One that is named without a pattern counts even where there is none. */
async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (!/[*?[]/.test(basename(pattern))) {
      found.add(pattern);
      continue;
    }
    const matches = matcherOf(basename(pattern));
    const names = await readdir(dirname(pattern)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names.sort()) if (matches.test(name)) found.add(join(dirname(pattern), name));
  }
  return [...found];
}

/** `*` is any text, `?` any character, `[a-c]` one of some: all inside one name. */
function matcherOf(pattern: string): RegExp {
  const source = pattern.replace(/\[\^?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('[')) return part.replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}

async function groupsIn(file: string): Promise<TargetGroup[]> {
  const bytes = await readFile(file);
  if (bytes.length > MOST_BYTES) throw new ParseError(`${bytes.length} bytes are too many for a file of targets`);
  const text = bytes.toString('utf8');
  return readTargetGroups(/\.json$/i.test(file) ? jsonOf(text) : yamlOf(text), file, { __meta_filepath: file });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParseError(`is no JSON: ${String(cause instanceof Error ? cause.message : cause)}`, { cause });
  }
}

function yamlOf(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error', maxAliasCount: 100 });
  } catch (cause) {
    throw new ParseError(`is no YAML: ${String(cause instanceof Error ? cause.message : cause)}`, { cause });
  }
}
