import { decodeColumn, encodeColumn } from './chunk.js';
import { ChunkArena } from './chunk-arena.js';
import { U32List, grown, grownDoubles } from './u32-list.js';

/**
 * The sealed chunks of the head. A chunk is a node that names its time chunk, which series share, and its values'
 * words; the nodes of a series are linked from the newest to the oldest. Nodes never change: who takes one out of the
 * middle copies those before it.
 */
export class HeadChunks {
  readonly #arena = new ChunkArena();

  readonly #freeTimes = new U32List(16);
  #timeCount = 1;
  #timeAddress: Uint32Array = new Uint32Array(64);
  #samples: Uint32Array = new Uint32Array(64);
  #users: Uint32Array = new Uint32Array(64);
  #generation: Uint32Array = new Uint32Array(64);
  #first: Float64Array = new Float64Array(64);
  #last: Float64Array = new Float64Array(64);

  readonly #freeNodes = new U32List(64);
  #nodeCount = 1;
  #before: Uint32Array = new Uint32Array(256);
  #times: Uint32Array = new Uint32Array(256);
  #values: Uint32Array = new Uint32Array(256);

  get bytes(): number {
    return this.#arena.bytes;
  }

  /** Chunks in the head. */
  get size(): number {
    return this.#nodeCount - 1 - this.#freeNodes.length;
  }

  /** All numbers of nodes are below. */
  get nodes(): number {
    return this.#nodeCount;
  }

  /** Encodes times that chunks will share; without a user yet. */
  addTimes(times: Float64Array, count: number): number {
    const id = this.#freeTimes.pop() ?? this.#timeCount++;
    if (id >= this.#timeAddress.length) this.#growTimes();
    this.#timeAddress[id] = this.#arena.add(encodeColumn(times, 0, count));
    this.#samples[id] = count;
    this.#users[id] = 0;
    this.#generation[id] = ((this.#generation[id] as number) + 1) >>> 0;
    this.#first[id] = times[0] as number;
    this.#last[id] = times[count - 1] as number;
    return id;
  }

  /** A chunk before which the series had `before` (0 for none). */
  add(before: number, timeChunk: number, values: Float64Array, count: number): number {
    return this.#node(before, timeChunk, this.#arena.add(encodeColumn(values, 0, count)));
  }

  /** The same chunk with another one before it. */
  copy(node: number, before: number): number {
    const address = this.#values[node] as number;
    this.#arena.retain(address);
    return this.#node(before, this.#times[node] as number, address);
  }

  before(node: number): number {
    return this.#before[node] as number;
  }

  timeChunk(node: number): number {
    return this.#times[node] as number;
  }

  valueAddress(node: number): number {
    return this.#values[node] as number;
  }

  /** Changes when a time chunk's number is given to other times. */
  generation(timeChunk: number): number {
    return this.#generation[timeChunk] as number;
  }

  samples(timeChunk: number): number {
    return this.#samples[timeChunk] as number;
  }

  firstTime(timeChunk: number): number {
    return this.#first[timeChunk] as number;
  }

  lastTime(timeChunk: number): number {
    return this.#last[timeChunk] as number;
  }

  readTimes(timeChunk: number, into: Float64Array, to: number): void {
    const address = this.#timeAddress[timeChunk] as number;
    const count = this.#samples[timeChunk] as number;
    decodeColumn(this.#arena.words(address), this.#arena.offset(address), count, into, to);
  }

  readValues(address: number, count: number, into: Float64Array, to: number): void {
    decodeColumn(this.#arena.words(address), this.#arena.offset(address), count, into, to);
  }

  /** Frees a node that nobody can read any more. */
  reclaim(node: number): void {
    this.#arena.release(this.#values[node] as number);
    const timeChunk = this.#times[node] as number;
    const users = (this.#users[timeChunk] as number) - 1;
    this.#users[timeChunk] = users;
    if (users === 0) {
      this.#arena.release(this.#timeAddress[timeChunk] as number);
      this.#generation[timeChunk] = ((this.#generation[timeChunk] as number) + 1) >>> 0;
      this.#freeTimes.push(timeChunk);
    }
    this.#freeNodes.push(node);
  }

  #node(before: number, timeChunk: number, address: number): number {
    const node = this.#freeNodes.pop() ?? this.#nodeCount++;
    if (node >= this.#before.length) {
      const length = this.#before.length * 2;
      this.#before = grown(this.#before, length);
      this.#times = grown(this.#times, length);
      this.#values = grown(this.#values, length);
    }
    this.#before[node] = before;
    this.#times[node] = timeChunk;
    this.#values[node] = address;
    this.#users[timeChunk] = (this.#users[timeChunk] as number) + 1;
    return node;
  }

  #growTimes(): void {
    const length = this.#timeAddress.length * 2;
    this.#timeAddress = grown(this.#timeAddress, length);
    this.#samples = grown(this.#samples, length);
    this.#users = grown(this.#users, length);
    this.#generation = grown(this.#generation, length);
    this.#first = grownDoubles(this.#first, length);
    this.#last = grownDoubles(this.#last, length);
  }
}
