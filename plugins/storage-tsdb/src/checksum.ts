import * as zlib from 'node:zlib';

/** CRC-32 of ISO 3309, going on from `seed`; Node's own where it has one. */
export const crc32: (bytes: Uint8Array, seed?: number) => number = 'crc32' in zlib && typeof zlib.crc32 === 'function' ? nativeCrc32 : crc32ByTable;

function nativeCrc32(bytes: Uint8Array, seed = 0): number {
  // Node answers 0 for no bytes, whatever the seed.
  return bytes.length === 0 ? seed : zlib.crc32(bytes, seed);
}

/** Eight bytes at a time, by eight tables of 256 words («slicing-by-8»). */
export function crc32ByTable(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  let i = 0;
  const whole = bytes.length - 7;
  while (i < whole) {
    const low = crc ^ word(bytes, i);
    const high = word(bytes, i + 4);
    crc =
      table(7, low) ^ table(6, low >>> 8) ^ table(5, low >>> 16) ^ table(4, low >>> 24) ^
      table(3, high) ^ table(2, high >>> 8) ^ table(1, high >>> 16) ^ table(0, high >>> 24);
    i += 8;
  }
  for (; i < bytes.length; i++) crc = table(0, crc ^ (bytes[i] as number)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
  );
}

const TABLES = makeTables();

function table(slice: number, index: number): number {
  return TABLES[(slice << 8) | (index & 255)] as number;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    tables[i] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256] as number;
    tables[i] = (before >>> 8) ^ (tables[before & 255] as number);
  }
  return tables;
}
