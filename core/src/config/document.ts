import { readFile } from 'node:fs/promises';
import { formatIssuePath } from '@metrics-dashboard/sdk';
import type { Position } from '@metrics-dashboard/sdk';
import { LineCounter, isAlias, isMap, isScalar, isSeq, parse, parseDocument } from 'yaml';
import type { Alias, Document, Pair, Scalar, YAMLMap } from 'yaml';
import { configErrorAt, unplaced } from '../plugin/config-place.js';
import type { ConfigPlace } from '../plugin/plugin-config.js';
import { expandVariables, isPlainReference } from './environment.js';
import type { Environment } from './environment.js';
import type { Path } from './path.js';

/** A configuration file as plain values, each of which knows where it stands. */
export class ConfigDocument {
  /** The file; undefined when there is none, and then the document is empty. */
  readonly file: string | undefined;
  readonly value: unknown;
  readonly #keys: ReadonlyMap<string, Position>;
  readonly #values: ReadonlyMap<string, Position>;
  readonly #inOrder: readonly (readonly [path: string, position: Position])[];
  readonly #orderOf: ReadonlyMap<string, number>;

  constructor(file: string | undefined, content: Content) {
    this.file = file;
    this.value = content.value;
    this.#keys = content.keys;
    this.#values = content.values;
    this.#inOrder = [...content.values];
    this.#orderOf = new Map(this.#inOrder.map(([path], i) => [path, i]));
  }

  /** Where a value begins; where it is missing, where the nearest thing around it does. `parts` tells of all inside. */
  at(path: Path): ConfigPlace {
    return { ...this.#place(path, this.#values), parts: this.#partsOf(formatIssuePath(path)) };
  }

  /** Where a key stands. */
  atKey(path: Path): ConfigPlace {
    return this.#place(path, this.#keys);
  }

  #place(path: Path, positions: ReadonlyMap<string, Position>): ConfigPlace {
    const own = positions.get(formatIssuePath(path));
    const position = own ?? this.#nearest(path);
    return { file: this.file, path: formatIssuePath(path), line: position?.line, column: position?.column };
  }

  #nearest(path: Path): Position | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const position = this.#values.get(formatIssuePath(path.slice(0, length)));
      if (position !== undefined) return position;
    }
    return undefined;
  }

  /** What is inside a value was noted right after the value itself. */
  #partsOf(path: string): Readonly<Record<string, Position>> {
    const parts: Record<string, Position> = {};
    for (let i = (this.#orderOf.get(path) ?? this.#inOrder.length) + 1; i < this.#inOrder.length; i += 1) {
      const [inner, position] = this.#inOrder[i] ?? ['', undefined];
      const isInside = inner.startsWith(path) && (path === '' || /^[.[]/.test(inner.slice(path.length)));
      if (!isInside || position === undefined) break;
      parts[inner.slice(path.length).replace(/^\./, '')] = position;
    }
    return parts;
  }
}

interface Content {
  readonly value: unknown;
  readonly keys: ReadonlyMap<string, Position>;
  readonly values: ReadonlyMap<string, Position>;
}

/** The document when there is no file. */
export const EMPTY_DOCUMENT = new ConfigDocument(undefined, { value: {}, keys: new Map(), values: new Map() });

/** Reads a file. Throws a `ConfigError` with the place of what can't be read. */
export async function readDocument(file: string, environment: Environment): Promise<ConfigDocument> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw configErrorAt({ ...unplaced(''), file }, 'read the configuration', error);
  });
  return parseConfig(text, file, environment);
}

/** The same, of a text that is at hand. Without an environment, `$` means nothing. */
export function parseConfig(text: string, file: string, environment: Environment | undefined): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = error.code === 'DUPLICATE_KEY' ? 'this key is there twice' : lowerFirst(error.message);
    throw configErrorAt({ file, path: '', line, column: col }, message);
  }
  return new ConfigDocument(file, new Converter(document, lines, file, environment).convert());
}

/** Under these keys a scalar is the text as it is written: the label value 1.10 is not 1.1. */
const TEXT_KEYS: ReadonlySet<string | number> = new Set([
  'labels', 'expr', 'record', 'alert', 'external_labels', 'annotations', 'params', 'regex', 'replacement', 'separator', 'source_labels', 'target_label',
  'job_name', 'targets', 'retention', 'resolution', 'out_of_order_window', 'out_of_order_time_window', 'name', 'username', 'password', 'credentials', 'bearer_token', 'token', 'hash', 'password_hash',
  'match', 'match_re', 'source_match', 'source_match_re', 'target_match', 'target_match_re', 'group_by', 'equal', 'receiver', 'weekdays', 'months', 'years',
  'http_headers', 'proxy_connect_header', 'endpoint_params', 'scopes', 'client_id', 'client_secret',
]);

/** More values than this, aliases followed, are an attack or an accident. */
const MAX_VALUES = 200_000;
const MAX_DEPTH = 100;

/** Turns the nodes of a document into values, and notes where each stands. */
class Converter {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #file: string;
  readonly #environment: Environment | undefined;
  readonly #keys = new Map<string, Position>();
  readonly #values = new Map<string, Position>();

  constructor(document: Document, lines: LineCounter, file: string, environment: Environment | undefined) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
    this.#environment = environment;
  }

  convert(): Content {
    return { value: this.#value(this.#document.contents, []) ?? {}, keys: this.#keys, values: this.#values };
  }

  #value(node: unknown, path: Path): unknown {
    this.#note(node, path, this.#values);
    if (this.#values.size > MAX_VALUES || path.length > MAX_DEPTH) throw this.#error(node, path, 'is too large or too deep');
    if (isAlias(node)) return this.#value(this.#target(node, path), path);
    if (isScalar(node)) return this.#scalar(node, path);
    if (isSeq(node)) return node.items.map((item, i) => this.#value(item, [...path, i]));
    if (isMap(node)) return this.#map(node, path);
    return null;
  }

  #map(node: YAMLMap, path: Path): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const pair of node.items) if (isMergeKey(pair)) Object.assign(result, this.#merged(pair, path));
    for (const pair of node.items) {
      if (isMergeKey(pair)) continue;
      const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined;
      if (key === undefined) throw this.#error(pair.key, path, 'a key is not a plain text');
      this.#note(pair.key, [...path, key], this.#keys);
      // Assigned as a property of its own, whatever its name.
      Object.defineProperty(result, key, { value: this.#value(pair.value, [...path, key]), enumerable: true, writable: true, configurable: true });
    }
    return result;
  }

  /** `<<: *defaults`, or a list of such, of which the first counts. */
  #merged(pair: Pair, path: Path): Record<string, unknown> {
    const sources = isSeq(pair.value) ? [...pair.value.items].reverse() : [pair.value];
    const maps = sources.map((source) => (isAlias(source) ? this.#target(source, path) : source));
    return Object.assign({}, ...maps.map((map) => {
      if (!isMap(map)) throw this.#error(pair.key, path, '"<<" takes a mapping or a list of mappings');
      return this.#map(map, path);
    })) as Record<string, unknown>;
  }

  #target(alias: Alias, path: Path): unknown {
    const target = alias.resolve(this.#document);
    if (target === undefined) throw this.#error(alias, path, `there is no anchor "&${alias.source}" before this`);
    return target;
  }

  #scalar(node: Scalar, path: Path): unknown {
    const isText = path.some((segment) => TEXT_KEYS.has(segment)) && node.value !== null;
    const value = isText && typeof node.value !== 'string' ? (node.source ?? String(node.value)) : node.value;
    if (typeof value !== 'string' || this.#environment === undefined) return value;
    const expanded = expandVariables(value, path, this.#environment, (message) => this.#error(node, path, message));
    const isRetyped = !isText && node.type === 'PLAIN' && isPlainReference(value) && expanded !== value;
    return isRetyped ? scalarOf(expanded) : expanded;
  }

  #note(node: unknown, path: Path, positions: Map<string, Position>): void {
    const position = this.#position(node);
    const key = formatIssuePath(path);
    if (position !== undefined && !positions.has(key)) positions.set(key, position);
  }

  #position(node: unknown): Position | undefined {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    if (!range) return undefined;
    const { line, col } = this.#lines.linePos(range[0]);
    return { line, column: col };
  }

  #error(node: unknown, path: Path, message: string): Error {
    const position = this.#position(node);
    return configErrorAt({ file: this.#file, path: formatIssuePath(path), line: position?.line, column: position?.column }, message);
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}

/** A variable that holds a number or a truth value stands for one. */
function scalarOf(text: string): unknown {
  if (!/^(?:true|false|[-+.\d][\w.+-]*)$/.test(text)) return text;
  const value: unknown = parse(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
