import { Labels, METRIC_NAME, ParseError } from '@metrics-dashboard/sdk';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where the bytes of a key stand, until the next one is written. */
export interface WrittenKey {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/**
 * Writes the keys of series: a JSON list of the metric's name and its labels, names and values by turns, sorted by name.
 * So a series has the same key in every body, in whatever order its labels were written. What can't be a series has a
 * key of two elements, `null` and why.
 */
export class KeyWriter {
  #scratch = new Uint8Array(1024);

  /** An empty value is no label. */
  series(metric: string, labels: ReadonlyMap<string, string>): WrittenKey {
    const list = [metric];
    for (const name of [...labels.keys()].sort()) {
      const value = labels.get(name);
      if (value !== undefined && value !== '') list.push(name, value);
    }
    return this.#write(JSON.stringify(list));
  }

  fault(message: string): WrittenKey {
    return this.#write(JSON.stringify([null, message]));
  }

  #write(text: string): WrittenKey {
    if (text.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(text.length * 6);
    return { bytes: this.#scratch, end: encoder.encodeInto(text, this.#scratch).written };
  }
}

/** The labels of a key. Throws a `ParseError` for what can't be a series. */
export function readKey(bytes: Uint8Array, start: number, end: number): Labels {
  // Only keys that a writer made get here.
  const [metric, ...rest] = JSON.parse(decoder.decode(bytes.subarray(start, end))) as [string | null, ...string[]];
  if (metric === null) throw new ParseError(rest[0] ?? '', { offset: start });
  const pairs: [string, string][] = [[METRIC_NAME, metric]];
  for (let i = 0; i < rest.length; i += 2) pairs.push([rest[i] ?? '', rest[i + 1] ?? '']);
  return Labels.from(pairs);
}
