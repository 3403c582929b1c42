import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { GROUP_ENDS, INDEX_HEADER_BYTES, INDEX_MAGIC, SECTIONS, SERIES_ENDS, SYMBOL_ENDS, TIMES, VALUES } from './block-format.js';
import { u32Section } from './index-section.js';

const deflate = promisify(zlib.deflateRaw);
const inflate = promisify(zlib.inflateRaw);

const PACKED_MAGIC = 'MDINDEXZ';
const PACKED_HEADER_BYTES = 16;

/** Sections of 32-bit integers that grow, or nearly: in the file they stand as differences. */
const GROWING = [SYMBOL_ENDS, SERIES_ENDS, VALUES, GROUP_ENDS, TIMES];

/**
 * The index as a file; `index` is spoilt. Most of what it says of a series it says of the next one too, so it is deflated:
 *
 *     magic "MDINDEXZ":8  bytes of the index:4 0:4  deflated …
 */
export async function packIndex(index: Buffer): Promise<Buffer> {
  for (const section of GROWING) {
    const column = u32Section(index, section);
    for (let i = column.length - 1; i > 0; i--) column[i] = (column[i] as number) - (column[i - 1] as number);
  }
  const header = Buffer.alloc(PACKED_HEADER_BYTES);
  header.write(PACKED_MAGIC, 0, 'latin1');
  header.writeUInt32LE(index.length, 8);
  return Buffer.concat([header, await deflate(index)]);
}

/**
 * The index in a file's bytes, which are intact, on an 8-byte edge, so that sections can be used in place. undefined when it
 * is no index. Up to version 2 of blocks the file was the index as it is.
 */
export async function unpackIndex(file: Buffer): Promise<Buffer | undefined> {
  const isPacked = file.toString('latin1', 0, 8) === PACKED_MAGIC;
  const read = isPacked ? await inflate(file.subarray(PACKED_HEADER_BYTES)) : file;
  const index = Buffer.from(new ArrayBuffer(isPacked ? file.readUInt32LE(8) : file.length));
  read.copy(index);
  if (read.length !== index.length || index.length < INDEX_HEADER_BYTES) return undefined;
  if (index.toString('latin1', 0, 8) !== INDEX_MAGIC || index.readUInt32LE(12) !== SECTIONS) return undefined;
  if (!isPacked) return index;
  for (const section of GROWING) {
    const column = u32Section(index, section);
    for (let i = 1; i < column.length; i++) column[i] = (column[i] as number) + (column[i - 1] as number);
  }
  return index;
}
