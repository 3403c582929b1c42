import { U32List, grown } from './u32-list.js';

const PAGE_BITS = 16;
const PAGE_WORDS = 1 << PAGE_BITS;

/**
 * The words of sealed chunks, in large pages. Chunks are made and dropped in about the same order, so a page is
 * given back as a whole when its last chunk is gone.
 */
export class ChunkArena {
  readonly #pages: (Int32Array | undefined)[] = [];
  readonly #freePages = new U32List(16);
  /** Chunks in each page. */
  #users: Uint32Array = new Uint32Array(16);
  #current = -1;
  #next = PAGE_WORDS;
  #held = 0;

  get bytes(): number {
    return this.#held * PAGE_WORDS * 4;
  }

  /** Copies the words in and answers with their address. */
  add(words: Int32Array): number {
    if (this.#next + words.length > PAGE_WORDS) this.#openPage();
    const at = this.#next;
    this.words(this.#current << PAGE_BITS).set(words, at);
    this.#next += words.length;
    this.#users[this.#current] = (this.#users[this.#current] as number) + 1;
    return ((this.#current << PAGE_BITS) | at) >>> 0;
  }

  /** Another user of a chunk's words. */
  retain(address: number): void {
    const page = address >>> PAGE_BITS;
    this.#users[page] = (this.#users[page] as number) + 1;
  }

  release(address: number): void {
    const page = address >>> PAGE_BITS;
    const left = (this.#users[page] as number) - 1;
    this.#users[page] = left;
    if (left === 0 && page !== this.#current) this.#drop(page);
  }

  /** The page that holds an address; `offset` says where in it. */
  words(address: number): Int32Array {
    return this.#pages[address >>> PAGE_BITS] as Int32Array;
  }

  offset(address: number): number {
    return address & (PAGE_WORDS - 1);
  }

  #openPage(): void {
    const before = this.#current;
    this.#current = this.#freePages.pop() ?? this.#pages.length;
    this.#pages[this.#current] = new Int32Array(PAGE_WORDS);
    this.#held++;
    this.#users = grown(this.#users, this.#current + 1);
    this.#users[this.#current] = 0;
    this.#next = 0;
    if (before >= 0 && this.#users[before] === 0) this.#drop(before);
  }

  #drop(page: number): void {
    this.#pages[page] = undefined;
    this.#held--;
    this.#freePages.push(page);
  }
}
