import { FORM, HAS_BITMAP, MOST_DECIMALS, MOST_WHOLE } from './column-form.js';

/** Steps of a grid: `present` 0 where there is no sample; left out, all steps have one. */
export interface ColumnCells {
  readonly values: Float64Array;
  readonly present?: Uint8Array | undefined;
}

/** Packs a column in the shortest form that gives every bit back. The bytes are the caller's. */
export function packColumn({ values, present }: ColumnCells): Uint8Array {
  const count = values.length;
  const dense = densely(values, present);
  const head = headOf(count, dense.length < count ? present : undefined);
  const body = repeated(dense) ?? decimals(dense) ?? raw(dense);
  const bytes = new Uint8Array(head.length + body.bytes.length);
  bytes.set(head);
  bytes[0] = (head[0] ?? 0) | body.form;
  bytes.set(body.bytes, head.length);
  return bytes;
}

interface Body {
  readonly form: number;
  readonly bytes: Uint8Array;
}

function densely(values: Float64Array, present: Uint8Array | undefined): Float64Array {
  if (present === undefined || !present.includes(0)) return values;
  const dense = new Float64Array(values.length);
  let size = 0;
  for (let i = 0; i < values.length; i++) if (present[i] !== 0) dense[size++] = values[i] as number;
  return dense.subarray(0, size);
}

function headOf(count: number, present: Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(10 + (present === undefined ? 0 : Math.ceil(count / 8)));
  bytes[0] = present === undefined ? 0 : HAS_BITMAP;
  let at = writeVarint(bytes, 1, count);
  if (present !== undefined) {
    for (let i = 0; i < count; i++) {
      if (present[i] !== 0) bytes[at + (i >> 3)] = (bytes[at + (i >> 3)] as number) | (1 << (i & 7));
    }
    at += Math.ceil(count / 8);
  }
  return bytes.subarray(0, at);
}

function raw(values: Float64Array): Body {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i] as number, true);
  return { form: FORM.raw, bytes };
}

/** By bits: NaNs differ, and so do the two zeros. */
function repeated(values: Float64Array): Body | undefined {
  if (values.length < 2) return undefined;
  const words = new Uint32Array(values.slice().buffer);
  for (let i = 2; i < words.length; i += 2) if (words[i] !== words[0] || words[i + 1] !== words[1]) return undefined;
  return { form: FORM.repeated, bytes: raw(values.subarray(0, 1)).bytes };
}

/** undefined where a value is no short decimal number, or raw bytes are fewer. */
function decimals(values: Float64Array): Body | undefined {
  const digits = decimalsOf(values);
  if (digits === undefined) return undefined;
  const scale = 10 ** digits;
  const bytes = new Uint8Array(1 + values.length * 8);
  bytes[0] = digits;
  let at = 1;
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const whole = Math.round(value * scale);
    if (!isExact(value, whole, scale) || at + 8 > bytes.length) return undefined;
    const difference = whole - before;
    at = writeVarint(bytes, at, difference < 0 ? -2 * difference - 1 : 2 * difference);
    before = whole;
  }
  return { form: FORM.decimal, bytes: bytes.subarray(0, at) };
}

/** How many digits after the point the values need. */
function decimalsOf(values: Float64Array): number | undefined {
  let digits = 0;
  let scale = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    while (!isExact(value, Math.round(value * scale), scale)) {
      if (++digits > MOST_DECIMALS) return undefined;
      scale = 10 ** digits;
    }
  }
  return digits;
}

function isExact(value: number, whole: number, scale: number): boolean {
  return whole / scale === value && Math.abs(whole) < MOST_WHOLE && !Object.is(value, -0);
}

function writeVarint(bytes: Uint8Array, start: number, number: number): number {
  let at = start;
  let rest = number;
  // Shifts are for 32 bits; most numbers are small.
  while (rest >= 0x80000000) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}
