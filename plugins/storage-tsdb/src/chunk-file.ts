import { StorageError } from '@metrics-dashboard/sdk';
import { PAGE_BYTES } from './block-format.js';
import { crc32 } from './checksum.js';
import type { Disk } from './disk.js';
import { U32List } from './u32-list.js';

const BUFFER_WORDS = 1 << 18;
const PAGE_WORDS = PAGE_BYTES / 4;

/** Writes the chunks file of a block: words one after another, with a checksum for each page. */
export class ChunkFile {
  readonly #disk: Disk;
  #fd: number | undefined;
  readonly #words = new Int32Array(BUFFER_WORDS);
  #length = 0;
  #flushed = 0;
  readonly #checksums = new U32List(64);

  constructor(file: string, disk: Disk) {
    this.#disk = disk;
    this.#fd = disk.create(file);
  }

  get bytes(): number {
    return (this.#flushed + this.#length) * 4;
  }

  /** Appends a chunk and answers the word at which it begins. */
  add(words: Int32Array): number {
    if (this.#length + words.length > BUFFER_WORDS) this.#flush(this.#length - (this.#length % PAGE_WORDS));
    const at = this.#flushed + this.#length;
    if (at + words.length > 0xffffffff) throw new StorageError('block of more than 16 GiB of chunks');
    this.#words.set(words, this.#length);
    this.#length += words.length;
    return at;
  }

  /** Writes what is left and makes the file durable. */
  async finish(): Promise<void> {
    this.#flush(this.#length);
    if (this.#fd !== undefined) await this.#disk.sync(this.#fd);
  }

  pageChecksums(): Uint32Array {
    return this.#checksums.view();
  }

  close(): void {
    if (this.#fd !== undefined) this.#disk.close(this.#fd);
    this.#fd = undefined;
  }

  /** Writes the first `words` words; whole pages, but for the last time. */
  #flush(words: number): void {
    if (this.#fd === undefined || words === 0) return;
    const bytes = new Uint8Array(this.#words.buffer, 0, words * 4);
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) this.#checksums.push(crc32(bytes.subarray(at, at + PAGE_BYTES)));
    this.#disk.write(this.#fd, bytes);
    this.#words.copyWithin(0, words, this.#length);
    this.#length -= words;
    this.#flushed += words;
  }
}
