import { Labels, METRIC_NAME, ParseError } from '@metrics-dashboard/sdk';
import { labelsOf } from './names.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where the bytes of a key stand, until the next one is written. */
export interface WrittenKey {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/**
 * A key is what its sender wrote of a series, so that nothing is translated or sorted for a series that is known:
 *
 *     m4:name  l3:job5:shop …  a10:http.route2:/a …  l2:le3:0.5
 *
 * `m` is the metric's name, `l` a label that is one already, `a` an attribute that becomes one, `f` why this can be no
 * series; each text has its length before it. A sender keeps the order of its attributes.
 */
export class KeyWriter {
  #scratch = new Uint8Array(1024);

  /** The bytes of some parts. */
  write(parts: string): WrittenKey {
    if (parts.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(parts.length * 6);
    return { bytes: this.#scratch, end: encoder.encodeInto(parts, this.#scratch).written };
  }
}

export function metricPart(name: string): string {
  return `m${name.length}:${name}`;
}

export function labelPart(name: string, value: string): string {
  return `l${name.length}:${name}${value.length}:${value}`;
}

export function attributePart(name: string, value: string): string {
  return `a${name.length}:${name}${value.length}:${value}`;
}

export function faultPart(message: string): string {
  return `f${message.length}:${message}`;
}

/** The labels of a key; of two labels of one name the later one. Throws a `ParseError` for what can't be a series. */
export function readKey(bytes: Uint8Array, start: number, end: number): Labels {
  const text = decoder.decode(bytes.subarray(start, end));
  const labels: [string, string][] = [];
  const attributes: [string, string][] = [];
  const afterAttributes: [string, string][] = [];
  let at = 0;
  const next = (): string => {
    const colon = text.indexOf(':', at);
    const from = colon + 1;
    const to = from + Number(text.slice(at, colon));
    at = to;
    return text.slice(from, to);
  };
  while (at < text.length) {
    const kind = text[at++];
    if (kind === 'f') throw new ParseError(next(), { offset: start });
    if (kind === 'm') labels.push([METRIC_NAME, next()]);
    else if (kind === 'a') attributes.push([next(), next()]);
    else (attributes.length === 0 ? labels : afterAttributes).push([next(), next()]);
  }
  return Labels.from([...labels, ...labelsOf(attributes), ...afterAttributes]);
}
