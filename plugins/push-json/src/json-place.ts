import type { Position } from '@metrics-dashboard/sdk';

/** The way to a value: names of members and places in lists. */
export type JsonPath = readonly (string | number)[];

/** `metrics[0].samples[2].labels["a b"]`; the whole document is `$`. */
export function formatPath(path: JsonPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_]\w*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === '' ? '$' : text;
}

/** Where the value of a path begins in a text that is well-formed JSON; where the way ends, when it has no such value. */
export function placeOf(text: string, path: JsonPath): Position {
  let at = skipBlanks(text, 0);
  for (const step of path) {
    const next = typeof step === 'number' ? findElement(text, at, step) : findMember(text, at, step);
    if (next === undefined) break;
    at = next;
  }
  return positionAt(text, at);
}

/** Line and column, both from 1. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

function findMember(text: string, start: number, name: string): number | undefined {
  if (text[start] !== '{') return undefined;
  let at = skipBlanks(text, start + 1);
  while (text[at] === '"') {
    const nameEnd = skipString(text, at);
    const found: unknown = JSON.parse(text.slice(at, nameEnd));
    at = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    if (found === name) return at;
    at = skipBlanks(text, skipBlanks(text, skipValue(text, at)) + 1);
  }
  return undefined;
}

function findElement(text: string, start: number, index: number): number | undefined {
  if (text[start] !== '[') return undefined;
  let at = skipBlanks(text, start + 1);
  for (let i = 0; i < index && at < text.length; i++) at = skipBlanks(text, skipBlanks(text, skipValue(text, at)) + 1);
  return at < text.length ? at : undefined;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at++;
  return at;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text[at] ?? '';
    if (c === '"') at = skipString(text, at) - 1;
    else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
    if (depth < 0 || (depth === 0 && c === ',')) return at;
    if (depth === 0 && '"}]'.includes(c)) return at + 1;
  }
  return text.length;
}
