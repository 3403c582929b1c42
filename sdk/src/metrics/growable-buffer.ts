/**
 * A SharedArrayBuffer that can grow in place, seen from all threads at once. Node.js has had it since version 20; the
 * compiler's library of ES2023 does not know it yet.
 */
export interface GrowableBuffer extends SharedArrayBuffer {
  readonly growable: boolean;
  readonly maxByteLength: number;
  grow(byteLength: number): void;
}

/** A new buffer of zeros. What lies between its length and its maximum takes address space and no memory. */
export function growableBuffer(byteLength: number, maxByteLength: number): GrowableBuffer {
  const Constructor = SharedArrayBuffer as unknown as new (
    byteLength: number,
    options: { maxByteLength: number },
  ) => GrowableBuffer;
  return new Constructor(byteLength, { maxByteLength });
}

/**
 * Takes `bytes` behind those that are taken already and returns where they begin; undefined when the buffer is full.
 * `taken` is a word of shared memory that counts the bytes taken. What is taken never comes back.
 * `page`, where given, is a size that what is taken may not straddle.
 */
export function take(buffer: GrowableBuffer, taken: Int32Array, word: number, bytes: number, page?: number): number | undefined {
  for (;;) {
    const before = Atomics.load(taken, word);
    const left = page === undefined ? Infinity : page - (before % page);
    const start = bytes > left ? before + left : before;
    const end = start + bytes;
    if (!growTo(buffer, page === undefined ? end : Math.ceil(end / page) * page)) return undefined;
    if (Atomics.compareExchange(taken, word, before, end) === before) return start;
  }
}

function growTo(buffer: GrowableBuffer, bytes: number): boolean {
  if (bytes > buffer.maxByteLength) return false;
  while (buffer.byteLength < bytes) {
    try {
      buffer.grow(Math.min(buffer.maxByteLength, Math.max(bytes, buffer.byteLength * 2)));
    } catch (error) {
      // Growing to less than the present length throws: another thread was faster, and there is room now.
      if (buffer.byteLength < bytes) throw error;
    }
  }
  return true;
}
