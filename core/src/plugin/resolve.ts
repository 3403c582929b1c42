import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError, PluginError, isPointName, messageOf } from '@metrics-dashboard/sdk';
import type { PointName } from '@metrics-dashboard/sdk';

/** Where a plugin's code is, and what its package says of it. Found without running any of it. */
export interface ResolvedPlugin {
  /** The `file:` URL to import. */
  readonly module: string;
  /** The package's folder, or the file: what a frame of a stack is recognised by. */
  readonly location: string;
  /** Of the package; empty for a bare file. */
  readonly version: string;
  /** undefined: a bare file, which has none. */
  readonly manifest: PluginManifest | undefined;
}

/** The field `metrics-dashboard` of a plugin's package.json. */
export interface PluginManifest {
  readonly id: string;
  readonly sdk: string;
  readonly contributes: readonly PointName[];
}

/** The program runs from its sources in tests of the house alone; then its own packages are loaded from theirs. */
const CONDITIONS: ReadonlySet<string> = new Set([
  ...(import.meta.url.endsWith('.ts') ? ['source'] : []),
  'node',
  'import',
  'default',
]);

/**
 * Finds a plugin from the place that names it. Throws a `ConfigError` where there is none, which whoever named it must
 * mend, and a `PluginError` for a package that says of itself what makes no sense.
 */
export function resolvePlugin(specifier: string, from: string): ResolvedPlugin {
  if (!isPath(specifier)) return packageIn(installedFolder(specifier, from), specifier);
  const path = fileURLToPath(new URL(specifier.startsWith('file:') ? specifier : pathToFileURLText(specifier), from));
  if (!existsSync(path)) throw new ConfigError(`plugin ${specifier}: there is no file or folder ${path}`);
  if (statSync(path).isDirectory()) return packageIn(realpathSync(path), specifier);
  const file = realpathSync(path);
  return { module: pathToFileURL(file).href, location: file, version: '', manifest: undefined };
}

/** The version of an installed package, as seen from a module. */
export function versionOf(packageName: string, from: string): string {
  return textOf(readPackage(installedFolder(packageName, from), packageName)['version']);
}

function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|file:)/.test(specifier);
}

/** A path may hold characters that mean something in a URL. */
function pathToFileURLText(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A package that is not installed where it is named may be installed beside the program. */
function installedFolder(name: string, from: string): string {
  const folder = packageFolder(name, from) ?? packageFolder(name, import.meta.url);
  if (folder !== undefined) return folder;
  throw new ConfigError(
    `plugin ${name}: there is no package of this name in the node_modules of ${dirname(fileURLToPath(from))} or above; install it, or name a path that starts with "./"`,
  );
}

/** Looks in the `node_modules` of every folder from the module's upwards, as an import there would. */
function packageFolder(name: string, from: string): string | undefined {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

function packageIn(folder: string, specifier: string): ResolvedPlugin {
  const contents = readPackage(folder, specifier);
  const manifest = readManifest(contents['metrics-dashboard'], specifier);
  const entry = entryOf(contents, specifier);
  return {
    module: pathToFileURL(join(folder, entry)).href,
    location: folder,
    version: textOf(contents['version']),
    manifest,
  };
}

function readPackage(folder: string, specifier: string): Record<string, unknown> {
  try {
    const contents: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return asRecord(contents) ?? {};
  } catch (error) {
    throw new ConfigError(`plugin ${specifier}: read ${join(folder, 'package.json')}: ${messageOf(error)}`);
  }
}

function readManifest(field: unknown, specifier: string): PluginManifest {
  const record = asRecord(field);
  if (record === undefined) throw new ConfigError(`plugin ${specifier}: its package.json has no field "metrics-dashboard", so it is not a plugin`);
  const { id, sdk, contributes } = record;
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(id)) {
    throw new PluginError(specifier, `"metrics-dashboard".id in its package.json is ${JSON.stringify(id)}, expected lower case letters, digits and dashes`);
  }
  if (typeof sdk !== 'string') {
    throw new PluginError(id, `"metrics-dashboard".sdk in its package.json is ${JSON.stringify(sdk)}, expected a range of versions like "^1.0.0"`);
  }
  return { id, sdk, contributes: readPoints(contributes, id) };
}

function readPoints(contributes: unknown, id: string): PointName[] {
  if (!Array.isArray(contributes) || contributes.length === 0) {
    throw new PluginError(id, '"metrics-dashboard".contributes in its package.json is not a list of extension points');
  }
  return contributes.map((name: unknown) => {
    if (typeof name === 'string' && isPointName(name)) return name;
    throw new PluginError(id, `"metrics-dashboard".contributes in its package.json names the unknown extension point ${JSON.stringify(name)}`);
  });
}

/** The module behind the package's name: `exports` where there is one, else `main`. Source: https://nodejs.org/api/packages.html. */
function entryOf(contents: Record<string, unknown>, specifier: string): string {
  const { exports, main } = contents;
  if (exports === undefined) return typeof main === 'string' ? main : 'index.js';
  const record = asRecord(exports);
  const isBySubpath = record !== undefined && Object.keys(record).some((key) => key.startsWith('.'));
  const entry = targetOf(isBySubpath ? record['.'] : exports);
  if (entry === undefined) throw new PluginError(specifier, 'the "exports" of its package.json offer nothing to import as "."');
  return entry;
}

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(targetOf).find((found) => found !== undefined);
  for (const [condition, inner] of Object.entries(asRecord(target) ?? {})) {
    const found = CONDITIONS.has(condition) ? targetOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
