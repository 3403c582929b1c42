/** A section of a block's index as bytes; `block-format.ts` has the numbers. */
export function bytesOfSection(index: Buffer, number: number): Buffer {
  const offset = index.readUInt32LE(16 + number * 8);
  return index.subarray(offset, offset + index.readUInt32LE(20 + number * 8));
}

/** The same as 32-bit integers, in place. */
export function u32Section(index: Buffer, number: number): Uint32Array {
  const bytes = bytesOfSection(index, number);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
