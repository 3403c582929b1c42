import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { END_BYTES, encodeHeader, paddingOf } from './tar-format.js';

const PIECE_BYTES = 1 << 18;

/** All files below a folder as a tar archive, in the order of their paths; they may not change meanwhile. */
export async function* archiveOf(folder: string): AsyncGenerator<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) yield* entryOf(file, relative(folder, file).split(sep).join('/'));
  yield Buffer.alloc(END_BYTES);
}

async function* entryOf(file: string, path: string): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size, mtime } = await handle.stat();
    yield encodeHeader({ path, bytes: size }, mtime);
    for (let left = size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, PIECE_BYTES));
      const { bytesRead } = await handle.read(piece, 0, piece.length);
      if (bytesRead === 0) throw new Error(`${file} has ${size - left} bytes, expected ${size}`);
      left -= bytesRead;
      yield piece.subarray(0, bytesRead);
    }
    yield Buffer.alloc(paddingOf(size));
  } finally {
    await handle.close();
  }
}
