/** What is known of the series that an entry's key names. */
export type EntryState = (typeof EntryState)[keyof typeof EntryState];
export const EntryState = {
  /** Just met. */
  fresh: 0,
  /** In the storage, under the entry's ref. */
  known: 1,
  /** A rule dropped it. */
  dropped: 2,
  /** The gate refused it; the entry's ref is the gate's epoch then. */
  refused: 3,
  /** Its labels are not such as a series may have. */
  invalid: 4,
  dead: 5,
} as const;

export interface SeriesCacheLimits {
  readonly entries: number;
  readonly keyBytes: number;
}

/** The entry before the first: its successor is the series that began the last body. */
const ROOT = 0;
/** No key is that long, so a dead entry is never found. */
const DEAD_LENGTH = 0xffffffff;

/**
 * The bytes of each series' key to what is known of the series, in columns and without an object per series.
 *
 *     entry   0 (root)   1          2      …      columns: ref, state, flags, seen, successor, hash, start, length
 *     keys    ┆m{a="1"}┆m{a="2"}┆ …               one arena; `start` and `length` point into it
 *     table   hash → entry, open addressing
 *
 * A body mostly names the same series in the same order as the last one. So each entry remembers which came after it,
 * and a lookup compares bytes with that one first; only on a miss it hashes.
 */
export class SeriesCache {
  /** Of a known series its ref, of a refused one the gate's epoch. */
  refs = new Uint32Array(64);
  states = new Uint8Array(64);
  /** Free for the owner's use. */
  flags = new Uint8Array(64);
  /** The number of the delivery that last had the series. */
  seen = new Uint32Array(64);
  #successors = new Uint32Array(64);
  #hashes = new Uint32Array(64);
  #starts = new Uint32Array(64);
  #lengths = new Uint32Array(64);
  #keys = new Uint8Array(4096);
  #keysView = new DataView(this.#keys.buffer);
  #body: Uint8Array = this.#keys;
  #bodyView: DataView = this.#keysView;
  #table = new Uint32Array(128);
  #keyBytes = 0;
  #count = 1;
  #live = 0;
  #cursor = ROOT;
  /** The successor, when its key was found at a place of the body already; else the root. */
  #confirmed = ROOT;
  #confirmedStart = 0;
  #confirmedEnd = 0;
  #lastSweep = 0;
  #version = 0;
  readonly #seed = (Math.random() * 0x100000000) >>> 0;
  readonly #limits: SeriesCacheLimits;

  constructor(limits: SeriesCacheLimits) {
    this.#limits = limits;
    this.#lengths[ROOT] = DEAD_LENGTH;
    this.states[ROOT] = EntryState.dead;
  }

  /** Entries are numbered from 1 up to, not including, this; some of them may be dead. */
  get end(): number {
    return this.#count;
  }

  /** How many series are remembered. */
  get size(): number {
    return this.#live;
  }

  /** Changes whenever entries get other numbers. */
  get version(): number {
    return this.#version;
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#table.byteLength + this.#starts.length * 26;
  }

  /** Before each body: the next lookup is of its first series. Entries may get other numbers, and old ones are forgotten when there are too many. */
  begin(delivery: number): void {
    if (this.#live > this.#limits.entries || this.#keyBytes > this.#limits.keyBytes) this.#evict(delivery);
    if (this.#count - this.#live > 64 + (this.#live >> 1)) this.#rebuild();
    this.#cursor = ROOT;
    this.#confirmed = ROOT;
    // The last body is not held on to.
    this.#body = this.#keys;
    this.#bodyView = this.#keysView;
  }

  /** Where the key of the series that came next in the last body ends, when it stands at `start`; else `start`. */
  expectedEnd(body: Uint8Array, start: number): number {
    const successor = this.#successors[this.#cursor] as number;
    const end = start + (this.#lengths[successor] as number);
    if (end > body.length || !this.#isKey(successor, body, start, end)) return start;
    this.#confirmed = successor;
    this.#confirmedStart = start;
    this.#confirmedEnd = end;
    return end;
  }

  /** The entry of the key [start, end), or 0. */
  find(key: Uint8Array, start: number, end: number): number {
    const successor = this.#successors[this.#cursor] as number;
    if (this.#confirmed !== ROOT) {
      const isConfirmed = key === this.#body && start === this.#confirmedStart && end === this.#confirmedEnd;
      this.#confirmed = ROOT;
      if (isConfirmed) {
        this.#cursor = successor;
        return successor;
      }
    }
    if (this.#isKey(successor, key, start, end)) {
      this.#cursor = successor;
      return successor;
    }
    // A binary format offers the samples of one series one after another, under one key.
    if (this.#isKey(this.#cursor, key, start, end)) return this.#cursor;
    const entry = this.#search(key, start, end, this.#hash(key, start, end));
    if (entry !== ROOT) this.#follow(entry);
    return entry;
  }

  /** Remembers a key that `find` did not find; its state is `fresh`. */
  add(key: Uint8Array, start: number, end: number): number {
    if (this.#count === this.#starts.length) this.#grow();
    const length = end - start;
    if (this.#keyBytes + length > this.#keys.length) {
      this.#keep(enlarged(this.#keys, Math.max(this.#keys.length * 2, this.#keyBytes + length)));
    }
    const entry = this.#count++;
    this.#live++;
    for (let i = 0; i < length; i++) this.#keys[this.#keyBytes + i] = key[start + i] as number;
    this.#starts[entry] = this.#keyBytes;
    this.#lengths[entry] = length;
    this.#keyBytes += length;
    const hash = this.#hash(key, start, end);
    this.#hashes[entry] = hash;
    this.states[entry] = EntryState.fresh;
    this.flags[entry] = 0;
    this.seen[entry] = 0;
    this.#successors[entry] = ROOT;
    this.#insert(entry, hash);
    this.#follow(entry);
    return entry;
  }

  /** Lends an entry's key: what `use` returns. */
  withKey<Result>(entry: number, use: (keys: Uint8Array, start: number, end: number) => Result): Result {
    const start = this.#starts[entry] as number;
    return use(this.#keys, start, start + (this.#lengths[entry] as number));
  }

  forget(entry: number): void {
    if (this.states[entry] === EntryState.dead) return;
    this.states[entry] = EntryState.dead;
    this.#lengths[entry] = DEAD_LENGTH;
    this.#live--;
  }

  /** Forgets known series whose refs the storage gave up. */
  forgetRefs(refs: ReadonlySet<number>): void {
    for (let entry = 1; entry < this.#count; entry++) {
      if (this.states[entry] === EntryState.known && refs.has(this.refs[entry] as number)) this.forget(entry);
    }
  }

  #follow(entry: number): void {
    this.#successors[this.#cursor] = entry;
    this.#cursor = entry;
  }

  #isKey(entry: number, key: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (this.#lengths[entry] !== length) return false;
    const from = this.#starts[entry] as number;
    const keys = this.#keysView;
    const body = this.#viewOf(key);
    // Eight bytes at a time, from the end: names differ there more often than at their beginnings. Two float64 that are
    // the same number, and not 0, are the same bytes; whether others are is looked at in halves.
    let i = length - 8;
    for (; i >= 0; i -= 8) {
      const number = keys.getFloat64(from + i, true);
      if (number === body.getFloat64(start + i, true) && number !== 0) continue;
      if (keys.getInt32(from + i) !== body.getInt32(start + i) || keys.getInt32(from + i + 4) !== body.getInt32(start + i + 4)) return false;
    }
    for (i += 7; i >= 0; i--) if (keys.getInt8(from + i) !== body.getInt8(start + i)) return false;
    return true;
  }

  #search(key: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot] as number;
      if (entry === ROOT) return ROOT;
      if (this.#hashes[entry] === hash && this.#isKey(entry, key, start, end)) return entry;
    }
  }

  #hash(key: Uint8Array, start: number, end: number): number {
    const body = this.#viewOf(key);
    let hash = this.#seed;
    let i = start;
    for (; i + 4 <= end; i += 4) {
      hash = Math.imul(hash ^ body.getInt32(i, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (; i < end; i++) hash = Math.imul(hash ^ body.getInt8(i), 0x01000193);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  /** A view of a body's bytes, made once for each body. */
  #viewOf(key: Uint8Array): DataView {
    if (key !== this.#body) {
      this.#body = key;
      this.#bodyView = new DataView(key.buffer, key.byteOffset, key.byteLength);
    }
    return this.#bodyView;
  }

  #keep(keys: Uint8Array<ArrayBuffer>): void {
    this.#keys = keys;
    this.#keysView = new DataView(keys.buffer);
  }

  #insert(entry: number, hash: number): void {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
    this.#table[slot] = entry;
  }

  #grow(): void {
    const room = this.#starts.length * 2;
    this.refs = enlarged(this.refs, room);
    this.states = enlarged(this.states, room);
    this.flags = enlarged(this.flags, room);
    this.seen = enlarged(this.seen, room);
    this.#successors = enlarged(this.#successors, room);
    this.#hashes = enlarged(this.#hashes, room);
    this.#starts = enlarged(this.#starts, room);
    this.#lengths = enlarged(this.#lengths, room);
    this.#fillTable(room * 2);
  }

  #fillTable(size: number): void {
    this.#table = new Uint32Array(size);
    for (let entry = 1; entry < this.#count; entry++) this.#insert(entry, this.#hashes[entry] as number);
  }

  /** Forgets what no delivery had in the younger half of the time since there were last too many; everything, when that is not enough. */
  #evict(delivery: number): void {
    const oldest = (this.#lastSweep + delivery) / 2;
    for (let entry = 1; entry < this.#count; entry++) {
      if ((this.seen[entry] as number) < oldest) this.forget(entry);
    }
    this.#lastSweep = delivery;
    if (this.#live > this.#limits.entries * 0.75 || this.#keyBytes > this.#limits.keyBytes) {
      for (let entry = 1; entry < this.#count; entry++) this.forget(entry);
    }
    this.#rebuild();
  }

  /** Closes the gaps that dead entries left; what follows what is learned anew. */
  #rebuild(): void {
    const old = { starts: this.#starts, keys: this.#keys, count: this.#count };
    this.#version++;
    this.#keep(new Uint8Array(Math.max(4096, this.#keyBytes)));
    this.#starts = new Uint32Array(old.starts.length);
    let to = 1;
    let keyBytes = 0;
    for (let from = 1; from < old.count; from++) {
      if (this.states[from] === EntryState.dead) continue;
      const start = old.starts[from] as number;
      const length = this.#lengths[from] as number;
      this.#keys.set(old.keys.subarray(start, start + length), keyBytes);
      this.#starts[to] = keyBytes;
      this.#lengths[to] = length;
      this.#hashes[to] = this.#hashes[from] as number;
      this.refs[to] = this.refs[from] as number;
      this.states[to] = this.states[from] as number;
      this.flags[to] = this.flags[from] as number;
      this.seen[to] = this.seen[from] as number;
      keyBytes += length;
      to++;
    }
    this.#count = to;
    this.#keyBytes = keyBytes;
    this.#successors.fill(ROOT);
    this.#fillTable(this.#table.length);
  }
}

function enlarged<Column extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(column: Column, room: number): Column {
  const Type = column.constructor as new (length: number) => Column;
  const larger = new Type(room);
  larger.set(column);
  return larger;
}
