import { printed, sprint, sprintf } from './format.js';
import { takes, textOf } from './functions.js';
import type { FunctionEntry, FunctionTable } from './functions.js';
import { TemplateMap, TemplateStruct, isList, isTrue, typeName } from './value.js';
import type { Value } from './value.js';

/**
 * The functions of the language itself; `and` and `or` are the evaluator's, since they look at no more arguments than needed.
 * Source: https://pkg.go.dev/text/template#hdr-Functions.
 */
export const BUILTINS: FunctionTable = {
  not: takes(1, 1, (value) => !isTrue(value)),
  len: takes(1, 1, (value) => BigInt(lengthOf(value))),
  index: takes(1, Infinity, (value, ...keys) => keys.reduce(indexed, value)),
  slice: takes(1, 4, sliced),
  print: takes(0, Infinity, (...values) => sprint(values)),
  println: takes(0, Infinity, (...values) => `${values.map(printed).join(' ')}\n`),
  printf: takes(1, Infinity, (format, ...values) => sprintf(textOf(format), values)),
  html: takes(0, Infinity, (...values) => escapeHtml(joined(values))),
  js: takes(0, Infinity, (...values) => escapeScript(joined(values))),
  urlquery: takes(0, Infinity, (...values) => escapeQuery(joined(values))),
  eq: takes(2, Infinity, (first, ...others) => others.some((other) => equal(first, other))),
  ne: takes(2, 2, (a, b) => !equal(a, b)),
  lt: compares((order) => order < 0),
  le: compares((order) => order <= 0),
  gt: compares((order) => order > 0),
  ge: compares((order) => order >= 0),
};

function joined(values: readonly Value[]): string {
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : sprint(values);
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isList(value)) return value.length;
  if (value instanceof TemplateMap) return value.entries.size;
  throw new Error(`len of type ${typeName(value)}`);
}

function indexed(value: Value, key: Value): Value {
  if (value instanceof TemplateMap) return value.get(textOf(key));
  if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`);
  if (!isList(value) && typeof value !== 'string') throw new Error(`can't index item of type ${typeName(value)}`);
  const items = typeof value === 'string' ? Buffer.from(value) : value;
  if (key < 0n || key >= BigInt(items.length)) throw new Error(`index out of range: ${key}`);
  const item = items[Number(key)];
  return typeof item === 'number' && typeof value === 'string' ? BigInt(item) : item;
}

function sliced(value: Value, ...bounds: readonly Value[]): Value {
  if (!isList(value) && typeof value !== 'string') throw new Error(`can't slice item of type ${typeName(value)}`);
  const items = typeof value === 'string' ? Buffer.from(value) : value;
  const [from = 0, to = items.length] = bounds.map((bound) => {
    if (typeof bound !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(bound)}`);
    if (bound < 0n || bound > BigInt(items.length)) throw new Error(`index out of range: ${bound}`);
    return Number(bound);
  });
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  return typeof value === 'string' ? Buffer.from(value).subarray(from, to).toString('utf8') : value.slice(from, to);
}

function equal(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return a === b;
  assertBasic(a);
  assertBasic(b);
  const [x, y] = [numberOf(a), numberOf(b)];
  if (typeof x !== typeof y) throw new Error('incompatible types for comparison');
  return x === y;
}

function compares(holds: (order: number) => boolean): FunctionEntry {
  return takes(2, 2, (a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (typeof x === 'boolean' || typeof x === 'object' || x === undefined) throw new Error('invalid type for comparison');
    if (typeof x !== typeof y || y === undefined) throw new Error('incompatible types for comparison');
    if (x !== x || y !== y) return false;
    return holds(x < y ? -1 : x > y ? 1 : 0);
  });
}

/** What is a number and more, a duration, counts as its number. */
function numberOf(value: Value): Value {
  return value instanceof TemplateStruct && value.number !== undefined ? value.number : value;
}

function assertBasic(value: Value): void {
  if (typeof numberOf(value) === 'object') throw new Error('invalid type for comparison');
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;', '\0': '\ufffd' };

/** A text for inside HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\0]/g, (c) => HTML[c] ?? c);
}

function escapeScript(text: string): string {
  return text.replace(/[\\'"]/g, '\\$&').replace(/[<>&=\p{Cc}\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** A text for inside the query of an address. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString('utf8')).replaceAll('%20', '+').replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
