import type { CellRun, SharedCells } from './shared-cells.js';

/**
 * An example of what was counted, such as the trace of one request: shown beside a counter, or beside the bucket of a
 * histogram, in OpenMetrics. Each counter and bucket keeps its last one.
 */
export interface Exemplar {
  /** As they are written: `trace_id="4bf92f35"`. */
  readonly labels: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The most characters that the names and values of an exemplar's labels may have together, by OpenMetrics. */
export const MAX_EXEMPLAR_CHARACTERS = 128;

/**
 * Exemplars in shared memory. A place is taken with the first exemplar of a counter or bucket, and written again and
 * again without a lock: who reads compares a checksum, and an exemplar that two threads wrote in the same moment is
 * not shown. It is an example, and the next one is on its way.
 *
 *     a place:   checksum u32 │ length u32 │ value f64 │ at f64 │ labels in UTF-8
 */
export class Exemplars {
  readonly #cells: SharedCells;

  constructor(cells: SharedCells) {
    this.#cells = cells;
  }

  /** Cell `i` of `run` holds the place. Nothing is kept when the registry is full. */
  write(run: CellRun, i: number, { labels, value, at }: Exemplar): void {
    const place = this.#placeIn(run, i);
    if (place === undefined) return;
    const bytes = new Uint8Array(PLACE_BYTES);
    const { written } = encoder.encodeInto(labels, bytes.subarray(HEADER_BYTES));
    const view = new DataView(bytes.buffer);
    view.setUint32(4, written);
    view.setFloat64(8, value);
    view.setFloat64(16, at);
    view.setUint32(0, checksumOf(bytes));
    this.#cells.bytes(place, PLACE_BYTES).set(bytes);
  }

  /** The last one that was written there; undefined when there is none, or it is being written. */
  read(run: CellRun, i: number): Exemplar | undefined {
    const place = run.get(i);
    if (place === 0) return undefined;
    const bytes = this.#cells.bytes(place, PLACE_BYTES).slice();
    const view = new DataView(bytes.buffer);
    const length = view.getUint32(4);
    if (length === 0 || length > MAX_LABEL_BYTES || view.getUint32(0) !== checksumOf(bytes)) return undefined;
    const labels = decoder.decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length));
    return { labels, value: view.getFloat64(8), at: view.getFloat64(16) };
  }

  clear(run: CellRun, i: number): void {
    const place = run.get(i);
    if (place !== 0) this.#cells.bytes(place, PLACE_BYTES).fill(0);
  }

  #placeIn(run: CellRun, i: number): number | undefined {
    const known = run.get(i);
    if (known !== 0) return known;
    const place = this.#cells.take(PLACE_BYTES / 8);
    // When another thread was faster, its place is the one.
    if (place !== undefined) run.swap(i, 0, place);
    return run.get(i) || undefined;
  }
}

const PLACE_BYTES = 384;
const HEADER_BYTES = 24;

/** The most bytes that the labels of an exemplar take as they are written. */
export const MAX_LABEL_BYTES = PLACE_BYTES - HEADER_BYTES;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** FNV-1a, of everything behind the checksum itself. */
function checksumOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 4; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}
