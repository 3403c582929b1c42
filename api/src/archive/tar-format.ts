/**
 * The header of a file in a tar archive, 512 bytes of ASCII; the file follows, filled up to the next multiple of 512, and
 * two blocks of zeros end the archive.
 *
 *     name:100 mode:8 uid:8 gid:8 size:12 mtime:12 checksum:8 type:1 linkname:100 "ustar\\0" "00" uname:32 gname:32
 *     devmajor:8 devminor:8 prefix:155 0:12
 *
 * Numbers are octal; a size that needs more than 11 digits is big-endian, behind a first byte of 0x80, as GNU tar has it.
 * A path that is longer than its field is cut at a slash, and its beginning is the prefix.
 * Source: POSIX.1-2017, pax, «ustar Interchange Format».
 */
export const BLOCK = 512;

/** What follows an archive's last file. */
export const END_BYTES = 2 * BLOCK;

const NAME = 100;
const PREFIX = 155;
const SIZE = { at: 124, bytes: 12 } as const;
const CHECKSUM = { at: 148, bytes: 8 } as const;
const TYPE = 156;
const PREFIX_AT = 345;
const LARGEST_OCTAL = 8 ** 11;
const FILE_TYPE = '0'.charCodeAt(0);

export interface TarEntry {
  /** With slashes, relative. */
  readonly path: string;
  readonly bytes: number;
}

/** How much of a file's last block is filled up. */
export function paddingOf(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}

/** Throws a `RangeError` for a path that is too long. */
export function encodeHeader({ path, bytes }: TarEntry, modified: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  const { name, prefix } = split(path);
  header.write(name, 0, 'utf8');
  header.write('0000640\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  writeSize(header, bytes);
  header.write(`${Math.floor(modified.getTime() / 1000).toString(8).padStart(11, '0')}\0`, 136, 'latin1');
  header[TYPE] = FILE_TYPE;
  header.write('ustar\u000000', 257, 'latin1');
  header.write(prefix, PREFIX_AT, 'utf8');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, CHECKSUM.at, 'latin1');
  return header;
}

/** undefined: a block of zeros, the end. Throws a `RangeError` for anything that is not a file's header. */
export function decodeHeader(header: Buffer): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const stored = Number.parseInt(header.toString('latin1', CHECKSUM.at, CHECKSUM.at + CHECKSUM.bytes), 8);
  if (stored !== checksumOf(header)) throw new RangeError(`checksum ${checksumOf(header)} of a header, expected ${stored}`);
  const name = textAt(header, 0, NAME);
  const prefix = textAt(header, PREFIX_AT, PREFIX);
  const path = prefix === '' ? name : `${prefix}/${name}`;
  if (header[TYPE] !== FILE_TYPE) throw new RangeError(`${JSON.stringify(path)} is no plain file`);
  return { path, bytes: readSize(header) };
}

function split(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= NAME) return { name: path, prefix: '' };
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const parts = { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
    if (Buffer.byteLength(parts.name) <= NAME && Buffer.byteLength(parts.prefix) <= PREFIX) return parts;
  }
  throw new RangeError(`the path ${JSON.stringify(path)} is too long for an archive`);
}

function writeSize(header: Buffer, bytes: number): void {
  if (bytes < LARGEST_OCTAL) {
    header.write(`${bytes.toString(8).padStart(11, '0')}\0`, SIZE.at, 'latin1');
    return;
  }
  header[SIZE.at] = 0x80;
  header.writeBigUInt64BE(BigInt(bytes), SIZE.at + SIZE.bytes - 8);
}

function readSize(header: Buffer): number {
  if (header[SIZE.at] === 0x80) return Number(header.readBigUInt64BE(SIZE.at + SIZE.bytes - 8));
  return Number.parseInt(header.toString('latin1', SIZE.at, SIZE.at + SIZE.bytes), 8);
}

/** The sum of all bytes, those of the checksum taken for spaces. */
function checksumOf(header: Buffer): number {
  let sum = CHECKSUM.bytes * 0x20;
  for (let i = 0; i < BLOCK; i++) if (i < CHECKSUM.at || i >= CHECKSUM.at + CHECKSUM.bytes) sum += header[i] as number;
  return sum;
}

function textAt(header: Buffer, at: number, bytes: number): string {
  const field = header.subarray(at, at + bytes);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? bytes : end);
}
