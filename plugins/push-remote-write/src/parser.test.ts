import { ParseError, isStale } from '@metrics-dashboard/sdk';
import { compressSync } from 'snappy';
import { describe, expect, it } from 'vitest';
import { remoteWriteParser } from './parser.js';
import { MOST_BYTES } from './snappy-block.js';

const TYPE = 'application/x-protobuf';
const V2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request';

describe('remote write 1.0', () => {
  it('offers each sample under the bytes of its series', () => {
    const up = series([['__name__', 'up'], ['job', 'x']], [[1, 1_700_000_000_000], [2.5, 1_700_000_015_000]]);
    const down = series([['__name__', 'down']], [[NaN, -5]]);
    const found = read(request(up, down));
    expect(found.samples).toEqual([
      [{ __name__: 'up', job: 'x' }, 1, 1_700_000_000_000],
      [{ __name__: 'up', job: 'x' }, 2.5, 1_700_000_015_000],
      [{ __name__: 'down' }, NaN, -5],
    ]);
    expect(found.keys[0]).toEqual(found.keys[1]);
    expect(read(request(up)).keys[0]).toEqual(found.keys[0]);
  });

  it('keeps the staleness marker, bit for bit', () => {
    const marker = new Float64Array(new BigUint64Array([0x7ff0000000000002n]).buffer);
    const seen = new Float64Array(1);
    const body = request(series([['__name__', 'up']], [[marker, 1]]));
    remoteWriteParser.parse({ body, contentType: TYPE }, { ...silent, sample: (_key, _start, _end, value) => void (seen[0] = value) });
    expect(isStale(seen[0] as number)).toBe(true);
  });

  it.each([0, 1, -1, 127, 128, 2 ** 31, -(2 ** 40), 1_700_000_000_123, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])('reads the time %s', (at) => {
    expect(read(request(series([['__name__', 'a']], [[1, at]]))).samples[0]?.[2]).toBe(at);
  });

  it('reads labels that stand after the samples, and in two places', () => {
    const swapped = field(1, field(1, label('__name__', 'a')), field(2, sample(7, 1000)), field(1, label('b', 'c')));
    expect(read(compressSync(swapped)).samples).toEqual([[{ __name__: 'a', b: 'c' }, 7, 1000]]);
    const after = field(1, field(2, sample(7, 1000)), field(1, label('__name__', 'a')));
    expect(read(compressSync(after)).samples).toEqual([[{ __name__: 'a' }, 7, 1000]]);
  });

  it('hands over exemplars and metadata, and steps over what it does not know', () => {
    const exemplar = Buffer.concat([field(1, label('trace', 't')), double(2, 0.5), varintField(3, 1234n)]);
    const one = field(1, field(1, label('__name__', 'a')), field(2, sample(1, 2)), field(3, exemplar), varintField(99, 7n));
    const metadata = field(3, varintField(1, 1n), field(2, text('a_total')), field(4, text('Helpful.')), field(5, text('seconds')));
    const found = read(compressSync(Buffer.concat([one, metadata, double(50, 1)])));
    expect(found.exemplars).toEqual([[0.5, 1234, { trace: 't' }]]);
    expect(found.metadata).toEqual([['a_total', 'type', 'counter'], ['a_total', 'help', 'Helpful.'], ['a_total', 'unit', 'seconds']]);
  });

  it('names the series of exemplars that come by themselves, as Prometheus sends them', () => {
    const exemplar = field(3, Buffer.concat([field(1, label('trace', 't')), double(2, 0.5), varintField(3, 1234n)]));
    const found = read(compressSync(Buffer.concat([field(1, field(1, label('__name__', 'a')), field(2, sample(1, 2))), field(1, field(1, label('__name__', 'b')), exemplar)])));
    expect(found.samples).toEqual([[{ __name__: 'a' }, 1, 2]]);
    expect(found.exemplars).toEqual([[0.5, 1234, { trace: 't' }, { __name__: 'b' }]]);
  });

  it('takes a request without series, and series without samples or labels', () => {
    expect(read(compressSync(Buffer.alloc(0))).samples).toEqual([]);
    expect(read(request(series([['__name__', 'a']], []))).samples).toEqual([]);
    expect(read(request(series([], [[1, 2]]))).samples).toEqual([[{}, 1, 2]]);
  });

  it.each([
    ['an empty body', Buffer.alloc(0), 'the body is empty, expected a snappy block'],
    ['a body that is not snappy', Buffer.from('hello there'), 'the body is not a snappy block'],
    ['a message that is cut', compressSync(Buffer.from([0x0a, 0x50, 0x0a])), 'malformed protobuf: a field of 80 bytes where 1 are left'],
    ['a wrong wire type', compressSync(Buffer.from([0x08, 0x01])), 'malformed protobuf: field 1 has wire type 0, expected 2'],
    ['a number without an end', compressSync(Buffer.alloc(12, 0xff)), 'malformed protobuf: a number of more than ten bytes'],
  ])('refuses %s', (_, body, message) => {
    const error = errorOf(body);
    expect(error.message).toBe(message);
    expect(error.offset).toBeTypeOf('number');
  });

  it('refuses a huge message by its announced length, before there is room for it', () => {
    const body = Buffer.concat([varint(BigInt(MOST_BYTES + 1)), Buffer.alloc(10)]);
    expect(errorOf(body).message).toBe(`a message of ${MOST_BYTES + 1} bytes, expected at most ${MOST_BYTES}`);
  });

  it('refuses native histograms and other messages, and says what to do', () => {
    expect(errorOf(compressSync(field(1, field(1, label('__name__', 'h')), field(4, Buffer.alloc(0))))).message).toContain('native histograms are not supported');
    expect(() => remoteWriteParser.parse({ body: request(), contentType: `${TYPE};proto=other.Request` }, silent)).toThrow(
      'a message other.Request, expected prometheus.WriteRequest or io.prometheus.write.v2.Request',
    );
    expect(read(request(), 'application/x-protobuf; proto=prometheus.WriteRequest').samples).toEqual([]);
  });

  it('refuses a label that stands twice and text that is not UTF-8 when the series is decoded', () => {
    expect(() => read(request(series([['a', '1'], ['a', '2']], [[1, 2]])))).toThrow('label "a" stands twice in one series');
    const bad = field(1, field(1, field(1, text('a')), field(2, Buffer.from([0xff]))), field(2, sample(1, 2)));
    expect(() => read(compressSync(bad))).toThrow('text that is not UTF-8');
  });

  it('reads any bytes, or refuses them with a ParseError', () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const good = Buffer.concat([series([['__name__', 'a'], ['b', 'c']], [[1, 2]]), series([['__name__', 'd']], [[3, 4], [5, 6]])]);
    for (let i = 0; i < 5000; i++) {
      const bytes = Buffer.from(good);
      for (let j = random(4); j >= 0; j--) bytes[random(bytes.length)] = random(256);
      const cut = bytes.subarray(0, random(3) === 0 ? random(bytes.length) : bytes.length);
      const body = random(10) === 0 ? cut : compressSync(cut);
      try {
        read(body);
      } catch (error) {
        expect(error, `seed ${seed}, ${body.toString('hex')}`).toBeInstanceOf(ParseError);
      }
    }
  });
});

describe('remote write 2.0', () => {
  const symbols = (...texts: string[]): Buffer[] => ['', ...texts].map((one) => field(4, text(one)));
  const refs = (...numbers: number[]): Buffer => field(1, Buffer.concat(numbers.map((one) => varint(BigInt(one)))));
  const one = (...parts: Buffer[]): Buffer => field(5, ...parts);
  const at = (value: number, time: number): Buffer => field(2, sample(value, time));
  const readV2 = (...parts: Buffer[]) => read(request(...parts), V2);

  it('offers each sample under the key that version 1.0 gives its series', () => {
    const found = readV2(...symbols('__name__', 'up', 'job', 'é'), one(refs(1, 2, 3, 4), at(1, 1_700_000_000_000), at(2.5, -5)));
    expect(found.samples).toEqual([
      [{ __name__: 'up', job: 'é' }, 1, 1_700_000_000_000],
      [{ __name__: 'up', job: 'é' }, 2.5, -5],
    ]);
    expect(found.keys[0]).toEqual(read(request(series([['__name__', 'up'], ['job', 'é']], [[1, 2]]))).keys[0]);
  });

  it('takes symbols that stand behind the series, labels that stand behind the samples, and a created timestamp', () => {
    const found = readV2(one(at(1, 2), refs(1, 2), varintField(6, 5n)), ...symbols('__name__', 'up'));
    expect(found.samples).toEqual([[{ __name__: 'up' }, 1, 2]]);
  });

  it('reads long texts and many symbols', () => {
    const names = Array.from({ length: 600 }, (_, i) => `n${i}`);
    const long = 'x'.repeat(5000);
    const labels = names.flatMap((_, i) => [i + 1, 601]);
    expect(readV2(...symbols(...names, long), one(refs(...labels), at(1, 2))).samples[0]?.[0]).toMatchObject({ n0: long, n599: long });
  });

  it('hands over metadata and exemplars', () => {
    const metadata = field(5, varintField(1, 3n), varintField(3, 5n), varintField(4, 6n));
    const exemplar = field(4, refs(3, 4), double(2, 0.5), varintField(3, 1234n));
    const found = readV2(...symbols('__name__', 'h_bucket', 'le', '1.0', 'Helpful.', 'seconds'), one(refs(1, 2, 3, 4), at(1, 2), exemplar, metadata));
    expect(found.metadata).toEqual([['h', 'type', 'histogram'], ['h', 'help', 'Helpful.'], ['h', 'unit', 'seconds']]);
    expect(found.exemplars).toEqual([[0.5, 1234, { le: '1.0' }]]);
    const alone = readV2(...symbols('__name__', 'h_bucket', 'le', '1.0', 'Helpful.', 'seconds'), one(refs(1, 2), at(1, 2)), one(refs(1, 2, 3, 4), exemplar));
    expect(alone.samples).toEqual([[{ __name__: 'h_bucket' }, 1, 2]]);
    expect(alone.exemplars).toEqual([[0.5, 1234, { le: '1.0' }, { __name__: 'h_bucket', le: '1.0' }]]);
  });

  it.each([
    ['a reference that leads nowhere', [refs(1, 9), at(1, 2)], 'label reference 9, and there are 3 symbols'],
    ['half a pair', [refs(1, 2, 1), at(1, 2)], 'an odd number of label references'],
    ['no sample', [refs(1, 2)], 'a series without samples'],
    ['a native histogram', [refs(1, 2), field(3, Buffer.alloc(0))], 'native histograms are not supported'],
  ])('refuses a series with %s when it is decoded, and reads the others', (_, parts, message) => {
    const body = [...symbols('__name__', 'up'), one(...parts), one(refs(1, 2), at(7, 8))];
    expect(() => readV2(...body)).toThrow(message);
    const offered: number[] = [];
    remoteWriteParser.parse({ body: request(...body), contentType: V2 }, { ...silent, sample: (_key, _start, _end, value) => void offered.push(value) });
    expect(offered.at(-1)).toBe(7);
    expect(offered).toHaveLength(2);
  });

  it('refuses a table whose first symbol is not empty', () => {
    expect(() => readV2(field(4, text('up')), one(refs(0, 0), at(1, 2)))).toThrow('the first symbol is not empty');
    expect(readV2(...symbols()).samples).toEqual([]);
  });

  it('reads any bytes, or refuses them with a ParseError', () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const good = Buffer.concat([...symbols('__name__', 'up', 'a', 'b'), one(refs(1, 2, 3, 4), at(1, 2), field(5, varintField(1, 1n)), field(4, refs(3, 4), double(2, 1)))]);
    for (let i = 0; i < 5000; i++) {
      const bytes = Buffer.from(good);
      for (let j = random(4); j >= 0; j--) bytes[random(bytes.length)] = random(256);
      const body = compressSync(bytes.subarray(0, random(3) === 0 ? random(bytes.length) : bytes.length));
      try {
        read(body, V2);
      } catch (error) {
        expect(error, `seed ${seed}, ${body.toString('hex')}`).toBeInstanceOf(ParseError);
      }
    }
  });
});

const silent = { sample: () => {}, exemplar: () => {}, metadata: () => {}, delta: () => {} };

function read(body: Uint8Array, contentType = TYPE) {
  const keys: Buffer[] = [];
  const samples: [labels: Record<string, string>, value: number, at: number][] = [];
  const exemplars: unknown[] = [];
  const metadata: unknown[] = [];
  remoteWriteParser.parse({ body, contentType }, {
    ...silent,
    sample: (key, start, end, value, at) => {
      keys.push(Buffer.from(key.subarray(start, end)));
      samples.push([remoteWriteParser.labels(key, start, end).toObject(), value, at]);
    },
    exemplar: (value, at, labels, of) => void exemplars.push([value, at, labels().toObject(), ...(of ? [remoteWriteParser.labels(of.bytes, of.start, of.end).toObject()] : [])]),
    metadata: (...said) => void metadata.push(said),
  });
  return { keys, samples, exemplars, metadata };
}

function errorOf(body: Uint8Array): ParseError {
  try {
    remoteWriteParser.parse({ body, contentType: TYPE }, silent);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error('the body was read');
}

function request(...all: Buffer[]): Buffer {
  return compressSync(Buffer.concat(all));
}

function series(labels: readonly [name: string, value: string][], samples: readonly [value: number | Float64Array, at: number][]): Buffer {
  return field(
    1,
    ...labels.map(([name, value]) => field(1, label(name, value))),
    ...samples.map(([value, at]) => field(2, sample(value, at))),
  );
}

function label(name: string, value: string): Buffer {
  return Buffer.concat([field(1, text(name)), field(2, text(value))]);
}

function sample(value: number | Float64Array, at: number): Buffer {
  return Buffer.concat([double(1, value), varintField(2, BigInt(at))]);
}

function text(value: string): Buffer {
  return Buffer.from(value);
}

function field(number: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint(BigInt(number * 8 + 2)), varint(BigInt(content.length)), content]);
}

function double(number: number, value: number | Float64Array): Buffer {
  const column = typeof value === 'number' ? Float64Array.of(value) : value;
  return Buffer.concat([varint(BigInt(number * 8 + 1)), Buffer.from(column.buffer)]);
}

function varintField(number: number, value: bigint): Buffer {
  return Buffer.concat([varint(BigInt(number * 8)), varint(value)]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}
