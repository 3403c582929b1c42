import { LimitError, ParseError, setStale } from '@metrics-dashboard/sdk';
import { ManualClock, Random, memoryStorage, parseSeries } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { QueryEngine } from '../../query/engine.js';
import { answerInChunks, answerInSamples } from './answer.js';
import { crc32c } from './crc32c.js';
import { readRequestOf } from './request.js';
import { WireReader, WireWriter } from './wire.js';
import { encodeXorChunk } from './xor-chunk.js';

const SEED = Number(process.env.CHUNK_SEED ?? 20261125);
const never = new AbortController().signal;

/** Bits of a chunk, back to samples: the other way round, as the format's description tells it. */
function decoded(chunk: Uint8Array): { times: number[]; bits: bigint[] } {
  let at = 0;
  const read = (width: number): bigint => {
    let value = 0n;
    for (let i = 0; i < width; i++, at++) value = (value << 1n) | BigInt(((chunk[at >> 3] as number) >> (7 - (at & 7))) & 1);
    return value;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = read(8);
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  };
  const count = Number(read(16));
  const times: number[] = [];
  const bits: bigint[] = [];
  let [time, delta, value, leading, width] = [0n, 0n, 0n, 0n, 0n];
  for (let i = 0; i < count; i++) {
    if (i === 0) {
      const zigzag = varint();
      time = (zigzag >> 1n) ^ -(zigzag & 1n);
      value = read(64);
    } else {
      if (i === 1) delta = varint();
      else {
        let ones = 0;
        while (ones < 4 && read(1) === 1n) ones++;
        const size = [0, 14, 17, 20, 64][ones] as number;
        const raw = size === 0 ? 0n : read(size);
        // The smallest number of a width stands for one more than the largest, but in 64 bits.
        delta += size < 64 && raw > 1n << BigInt(Math.max(0, size - 1)) ? raw - (1n << BigInt(size)) : BigInt.asIntN(64, raw);
      }
      time += delta;
      if (read(1) === 1n) {
        if (read(1) === 1n) {
          leading = read(5);
          width = read(6) || 64n;
        }
        value ^= read(Number(width)) << (64n - leading - width);
      }
    }
    times.push(Number(time));
    bits.push(value);
  }
  return { times, bits };
}

function bitsOf(values: Float64Array): bigint[] {
  return [...new BigUint64Array(values.buffer, values.byteOffset, values.length)];
}

describe('an XOR chunk', () => {
  it(`gives back the bits that went in (seed ${SEED})`, () => {
    const dice = new Random(SEED);
    for (let round = 0; round < 500; round++) {
      const count = 1 + dice.below(130);
      const times = new Float64Array(count);
      const values = new Float64Array(count);
      let at = dice.pick([0, -5000, 1_767_225_600_000, -8.64e15]);
      for (let i = 0; i < count; i++) {
        at += dice.pick([1, 1000, 15_000, 15_000, 15_000, 15_000 + dice.below(40), dice.below(20_000), dice.below(300_000), dice.below(2e9), dice.below(1e6) * 1e7]);
        times[i] = at;
        values[i] = dice.pick([0, -0, 1, i, dice.below(1000) / 100, -1.5e300, 5e-324, Infinity, NaN, values[Math.max(0, i - 1)] as number]);
        if (dice.chance(0.05)) setStale(values, i);
      }
      const got = decoded(encodeXorChunk(times, values, 0, count));
      const wrong = [...times].findIndex((time, i) => got.times[i] !== time || got.bits[i] !== bitsOf(values)[i]);
      if (wrong >= 0) expect.fail(`seed ${SEED}, round ${round}: sample ${wrong} is ${got.times[wrong]} ${got.bits[wrong]?.toString(16)}, expected ${times[wrong]} ${bitsOf(values)[wrong]?.toString(16)}, after ${times[wrong - 1]} ${times[wrong - 2]}`);
      expect(got.times.length).toBe(count);
    }
  });

  it('takes a few bits a sample of a steady counter', () => {
    const times = Float64Array.from({ length: 120 }, (_, i) => 1_767_225_600_000 + i * 15_000);
    expect(encodeXorChunk(times, new Float64Array(120).fill(42), 0, 120).length).toBeLessThan(55);
  });
});

it('a CRC-32C is the one of the standard', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

const matcherBytes = (type: number, name: string, value: string): Uint8Array =>
  new WireWriter().number(1, type).delimited(2, new TextEncoder().encode(name)).delimited(3, new TextEncoder().encode(value)).finish();

function requestBytes(queries: readonly { start: number; end: number; matchers: readonly Uint8Array[] }[], accepted: readonly number[] = []): Uint8Array {
  const out = new WireWriter();
  for (const { start, end, matchers } of queries) {
    const query = new WireWriter().number(1, start).number(2, end);
    for (const one of matchers) query.delimited(3, one);
    // Hints, which are left aside.
    out.delimited(1, query.delimited(4, Uint8Array.of(0x08, 0x01)).finish());
  }
  for (const one of accepted) out.varint(0x10).varint(one);
  return out.finish();
}

describe('a request', () => {
  it('holds selectors, their ranges, and the form of the answer', () => {
    const matchers = [matcherBytes(0, '__name__', 'up'), matcherBytes(1, 'a', ''), matcherBytes(2, 'b', 'x|y'), matcherBytes(3, 'c', '.+')];
    const { queries, form } = readRequestOf(requestBytes([{ start: -1, end: 2000, matchers }, { start: 0, end: 1, matchers: [] }], [1, 0]));
    expect(form).toBe('chunks');
    expect(queries.map(({ range }) => range)).toEqual([{ start: -1, end: 2000 }, { start: 0, end: 1 }]);
    expect(queries[0]?.matchers.map(({ name, operator, value }) => name + operator + value)).toEqual(['__name__=up', 'a!=', 'b=~x|y', 'c!~.+']);
  });

  it('is answered in samples unless it asks for something else that there is', () => {
    expect(readRequestOf(requestBytes([])).form).toBe('samples');
    expect(readRequestOf(requestBytes([], [7, 0])).form).toBe('samples');
    expect(() => readRequestOf(requestBytes([], [7]))).toThrow(/does not support any of the requested response types: 7/);
    expect(readRequestOf(Uint8Array.of(0x12, 2, 1, 0)).form).toBe('chunks');
  });

  it(`never ends in anything but a ParseError when its bytes are broken (seed ${SEED})`, () => {
    const dice = new Random(SEED);
    const whole = requestBytes([{ start: 5, end: 6, matchers: [matcherBytes(0, '__name__', 'up')] }], [1]);
    for (let round = 0; round < 2000; round++) {
      const broken = whole.slice(0, dice.below(whole.length + 1));
      for (let i = 0; i < 3 && broken.length > 0; i++) broken[dice.below(broken.length)] = dice.below(256);
      try {
        readRequestOf(broken);
      } catch (error) {
        expect(error, `seed ${SEED}, round ${round}`).toBeInstanceOf(ParseError);
      }
    }
  });
});

async function engineOf(lines: readonly string[], limits = { querySeries: 100, querySamples: 100_000, queryTimeout: 1000 }): Promise<QueryEngine> {
  const storage = memoryStorage();
  for (const line of lines) {
    const series = parseSeries(line);
    const { times, values } = series.columns(0, 15_000);
    storage.append({ count: times.length, refs: new Uint32Array(times.length).fill(storage.index.create(series.labels)), times, values });
  }
  await storage.commit();
  return new QueryEngine({ storage, aggregations: [], limits, clock: new ManualClock(), yieldToLoop: () => Promise.resolve() });
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

const { queries } = readRequestOf(
  requestBytes([
    { start: 15_000, end: 60_000, matchers: [matcherBytes(2, '__name__', 'a|b')] },
    { start: 0, end: 1e7, matchers: [matcherBytes(0, '__name__', 'long')] },
  ]),
);
const LINES = ['b{x="1"} 1+1x10', 'a{x="2"} 5 6 stale 8', 'a{x="10"} 1x10', 'long 0+1x299'];

function labelsOf(reader: WireReader): string {
  const parts: string[] = [];
  while (reader.next()) parts.push(reader.text());
  return parts.join('=');
}

describe('an answer', () => {
  it('in samples holds every sample of the range, markers bit for bit, series sorted', async () => {
    const engine = await engineOf(LINES);
    const bytes = await collected(answerInSamples(engine.raw(queries, never), 2));
    const found: string[][] = [];
    const response = new WireReader(bytes);
    while (response.next()) {
      const result = response.message();
      const series: string[] = [];
      while (result.next()) {
        const one = result.message();
        const labels: string[] = [];
        let samples = 0;
        while (one.next()) {
          if (one.field === 1) labels.push(labelsOf(one.message()));
          else {
            one.skip();
            samples++;
          }
        }
        series.push(`${labels.join(',')} ${samples}`);
      }
      found.push(series);
    }
    expect(found).toEqual([['__name__=a,x=10 4', '__name__=a,x=2 3', '__name__=b,x=1 4'], ['__name__=long 300']]);
    // The marker's bytes, the lowest first, as the value of a sample.
    expect(Buffer.from(bytes).includes(Buffer.from([0x09, 0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f]))).toBe(true);
  });

  it('in chunks has a frame for each series, with its checksum', async () => {
    const engine = await engineOf(LINES);
    const bytes = await collected(answerInChunks(engine.raw(queries, never)));
    const frames: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++] as number;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      const crc = Buffer.from(bytes.subarray(at, at + 4)).readUInt32BE();
      const message = bytes.subarray(at + 4, at + 4 + length);
      at += 4 + length;
      expect(crc).toBe(crc32c(message));
      frames.push(frameText(message));
    }
    expect(frames).toEqual(['0 __name__=a,x=10: 4 of 15000…60000', '0 __name__=a,x=2: 3 of 15000…45000', '0 __name__=b,x=1: 4 of 15000…60000', '1 __name__=long: 120 of 0…1785000, 120 of 1800000…3585000, 60 of 3600000…4485000']);
  });

  it('is refused before anything is read when it selects too many series, or samples', async () => {
    const few = await engineOf(LINES, { querySeries: 2, querySamples: 1000, queryTimeout: 1000 });
    await expect(collected(answerInChunks(few.raw(queries, never)))).rejects.toThrow(LimitError);
    const little = await engineOf(LINES, { querySeries: 10, querySamples: 5, queryTimeout: 1000 });
    await expect(collected(answerInChunks(little.raw(queries, never)))).rejects.toThrow(/limits\.query_samples is 5/);
  });
});

function frameText(message: Uint8Array): string {
  const reader = new WireReader(message);
  const labels: string[] = [];
  const chunks: string[] = [];
  let query = 0;
  while (reader.next()) {
    if (reader.field === 2) query = Number(reader.varint());
    else {
      const series = reader.message();
      while (series.next()) {
        if (series.field === 1) labels.push(labelsOf(series.message()));
        else chunks.push(chunkText(series.message()));
      }
    }
  }
  return `${query} ${labels.join(',')}: ${chunks.join(', ')}`;
}

function chunkText(reader: WireReader): string {
  const numbers = [0, 0, 0];
  let data: Uint8Array = new Uint8Array(0);
  while (reader.next()) {
    if (reader.field === 4) data = reader.bytes();
    else numbers[reader.field - 1] = Number(reader.varint());
  }
  const { times, bits } = decoded(data);
  expect([times[0], times.at(-1), 1]).toEqual(numbers);
  expect(bits.every((value) => typeof value === 'bigint')).toBe(true);
  return `${times.length} of ${numbers[0]}…${numbers[1]}`;
}
