import { BLOCK, decodeHeader, paddingOf } from './tar-format.js';
import type { TarEntry } from './tar-format.js';

/** Takes the files of an archive, one after another. */
export interface TarSink {
  begin(entry: TarEntry): Promise<void>;
  /** Lent for the call. */
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/**
 * Reads a tar archive of plain files as it comes. Throws a `RangeError` for what is no such archive, for a path that leaves
 * the folder it is to be put in, and for one that ends too early.
 */
export async function readArchive(pieces: AsyncIterable<Uint8Array>, sink: TarSink): Promise<void> {
  const source = new Source(pieces[Symbol.asyncIterator]());
  for (;;) {
    const entry = decodeHeader(await source.block());
    if (entry === undefined) return;
    assertInside(entry.path);
    await sink.begin(entry);
    for (let left = entry.bytes; left > 0; ) {
      const bytes = await source.atMost(left);
      left -= bytes.length;
      await sink.write(bytes);
    }
    for (let left = paddingOf(entry.bytes); left > 0; ) left -= (await source.atMost(left)).length;
    await sink.end();
  }
}

function assertInside(path: string): void {
  const isInside = path.length > 0 && !path.startsWith('/') && path.split('/').every((part) => part !== '..' && part !== '.' && part !== '' && !/[\\:\0]/.test(part));
  if (!isInside) throw new RangeError(`the path ${JSON.stringify(path)} does not belong into an archive`);
}

/** Bytes on demand, from pieces of any size. */
class Source {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterator<Uint8Array>) {
    this.#pieces = pieces;
  }

  async block(): Promise<Buffer> {
    const block = Buffer.alloc(BLOCK);
    for (let at = 0; at < BLOCK; ) {
      const bytes = await this.atMost(BLOCK - at);
      block.set(bytes, at);
      at += bytes.length;
    }
    return block;
  }

  /** At least one byte. */
  async atMost(count: number): Promise<Uint8Array> {
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) throw new RangeError('the archive ends too early');
      this.#piece = next.value;
    }
    const bytes = this.#piece.subarray(0, count);
    this.#piece = this.#piece.subarray(bytes.length);
    return bytes;
  }
}
