/**
 * Samples live in columns, never in objects: a timestamp in milliseconds since the epoch and a float64 value.
 *
 * The staleness marker is one NaN bit pattern, `0x7ff0000000000002`. It survives typed arrays, `.set`, `.slice`
 * and function arguments; arithmetic (`x + 0`), a `number[]` of doubles only, and a bare `postMessage` destroy it.
 * So values move by typed arrays, and staleness is tested on the bits.
 * Source: https://prometheus.io/docs/specs/prw/remote_write_spec/ («Stale markers»).
 */

/** Milliseconds since the epoch, UTC. */
export type Timestamp = number;

/** A length of time in milliseconds. */
export type Duration = number;

const probe = new Float64Array(1);
const words = new Int32Array(probe.buffer);
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 0x00000002;

const marker = new Float64Array(1);
const markerWords = new Int32Array(marker.buffer);
markerWords[HIGH] = STALE_HIGH;
markerWords[LOW] = STALE_LOW;

/** Whether a value is the staleness marker: «this series ended here». */
export function isStale(value: number): boolean {
  if (value === value) return false;
  probe[0] = value;
  return words[HIGH] === STALE_HIGH && words[LOW] === STALE_LOW;
}

/** Writes the staleness marker into a column. */
export function setStale(column: Float64Array, index: number): void {
  column[index] = marker[0] as number;
}

/** A new column of one staleness marker, for those who need the value itself; keep it in a typed array. */
export function staleColumn(): Float64Array {
  return marker.slice();
}

/** Whether two float64 are the same bit for bit: tells NaN payloads apart, and 0 from -0. */
export function sameBits(a: number, b: number): boolean {
  probe[0] = a;
  const high = words[HIGH];
  const low = words[LOW];
  probe[0] = b;
  return words[HIGH] === high && words[LOW] === low;
}

/** Samples of one series, oldest first; both columns have the same length. */
export interface SampleColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
}
