import { ParseError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { parseFloat64 } from './number.js';
import { textParser } from './parser.js';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('text exposition', () => {
  it('reads samples with labels, times and every kind of number', () => {
    expect(samples('a 1\nb{x="1",y="z"} -2.5e3 1700000000123\nc +Inf\nd NaN\n')).toEqual([
      ['a', 1, NaN],
      ['b{x="1",y="z"}', -2500, 1_700_000_000_123],
      ['c', Infinity, NaN],
      ['d', NaN, NaN],
    ]);
  });

  it('decodes escapes only in labels, and leaves unknown ones as they are', () => {
    expect(labels('m{a="x\\"y\\\\z\\nw\\d",b=""} 1')).toEqual({ __name__: 'm', a: 'x"y\\z\nw\\d' });
  });

  it('reads quoted names, of the metric and of labels', () => {
    expect(labels('{"my.metric","k.ey"="v",b="c"} 1')).toEqual({ __name__: 'my.metric', 'k.ey': 'v', b: 'c' });
    expect(labels('{"na\\"me\\n"} 1')).toEqual({ __name__: 'na"me\n' });
    expect(labels('{ "a" , b = "c" , } 1')).toEqual({ __name__: 'a', b: 'c' });
  });

  it('offers the metadata it finds', () => {
    expect(metadata('# HELP m two\\nlines \\\\ \n# TYPE m untyped\n# a comment\n# HELP "my.metric" quoted\n# TYPE h histogram')).toEqual([
      ['m', 'help', 'two\nlines \\ '],
      ['m', 'type', 'unknown'],
      ['my.metric', 'help', 'quoted'],
      ['h', 'type', 'histogram'],
    ]);
  });

  it('leaves out metadata that the sink has met', () => {
    const offered: string[] = [];
    const known = new Set(['# TYPE a counter']);
    textParser.parse(
      { body: bytes('# TYPE a counter\n# HELP a new\na 1'), contentType: TEXT },
      {
        ...silent,
        metadata: (metric, field) => void offered.push(`${metric} ${field}`),
        knowsMetadata: (body, start, end) => known.has(Buffer.from(body.subarray(start, end)).toString()),
      },
    );
    expect(offered).toEqual(['a help']);
  });

  it('takes over the end of a key that the sink expects, where that is the whole key', () => {
    const expectedEnd = (body: Uint8Array, start: number): number =>
      Buffer.from(body.subarray(start, start + 1)).toString() === 'm' ? start + 1 : start;
    for (const line of ['m 1', 'm {a="b"} 1', 'm  {a="b"} 1', 'm{a="b"} 1', 'mm 1', 'n 1', 'm\t1']) {
      const keys: string[] = [];
      const sample = (key: Uint8Array, start: number, end: number): void => void keys.push(Buffer.from(key.subarray(start, end)).toString());
      textParser.parse({ body: bytes(line), contentType: TEXT }, { ...silent, sample, expectedEnd });
      expect(keys).toEqual(samples(line).map(([key]) => key));
    }
  });

  it.each([
    ['<html>\n<body>', 1, 1, 'expected a metric name, met "<html>"'],
    ['a 1\n\n{"error":"not found"}', 3, 9, 'expected "=", "," or "}", met ":\\"not"'],
    ['a{b="c"} x', 1, 10, 'expected a number, met "x"'],
    ['a{b=c} 1', 1, 5, 'expected a label value in double quotes, met "c}"'],
    ['a{b="c\n', 1, 7, 'expected a closing double quote, met the end of the line'],
    ['a{b="c"', 1, 8, 'expected a label name, met the end of the body'],
    ['ok 1\na', 2, 2, 'expected a value after the metric, met the end of the body'],
    ['a 1 1.5', 1, 6, 'expected the end of the line after the timestamp, met ".5"'],
    ['a 1 -5', 1, 5, 'expected a timestamp in milliseconds, met "-5"'],
    ['a 1e999', 1, 3, 'value 1e999 is out of the range of a float64'],
    ['# TYPE a sum', 1, 10, 'expected a metric type (counter, gauge, histogram, summary, untyped), met "sum"'],
    ['{b="c"} 1', 1, 1, 'a series without a metric name'],
    ['a{"b"} 1', 1, 3, 'a second metric name for one series'],
  ])('says what is wrong with %j', (body, line, column, message) => {
    const error = errorOf(body, TEXT);
    expect(error.message).toBe(message);
    expect(error.position).toEqual({ line, column });
  });

  it('refuses a label that stands twice and text that is not UTF-8, where the series is first decoded', () => {
    expect(() => labels('a{b="1",b="2"} 1')).toThrow('label "b" stands twice in one series');
    const body = Buffer.concat([bytes('a{b="'), Buffer.from([0xff]), bytes('"} 1')]);
    textParser.parse({ body, contentType: TEXT }, { ...silent, sample: (key, start, end) => {
      expect(() => textParser.labels(key, start, end)).toThrow('text that is not UTF-8');
    } });
  });
});

describe('OpenMetrics', () => {
  it('reads seconds as milliseconds and hands over exemplars', () => {
    const exemplars: unknown[] = [];
    const found: unknown[] = [];
    textParser.parse(
      { body: bytes('# TYPE c counter\n# UNIT c_seconds seconds\nc_total 17 1520879607.789 # {id="x"} 2 1520879607.5\n# EOF\n'), contentType: OPENMETRICS },
      {
        ...silent,
        sample: (_key, _start, _end, value, at) => void found.push([value, at]),
        exemplar: (value, at, of) => void exemplars.push([value, at, of().toObject()]),
      },
    );
    expect(found).toEqual([[17, 1_520_879_607_789]]);
    expect(exemplars).toEqual([[2, 1_520_879_607_500, { id: 'x' }]]);
  });

  it.each([
    ['a 1\n', 2, 1, 'expected "# EOF" as the last line, met the end of the body'],
    ['a 1\n# EOF\nb 2', 3, 1, 'expected nothing after "# EOF", met "b"'],
    ['a  1\n# EOF', 1, 3, 'expected a number, met a blank'],
    ['\n# EOF', 1, 1, 'expected a metric name, met the end of the line'],
    ['a 1 # {b="c"} 1\n# EOF', 1, 5, 'an exemplar on a sample that is neither the total of a counter nor a bucket'],
    ['# WHAT a b\n# EOF', 1, 1, 'expected "# HELP", "# TYPE", "# UNIT" or "# EOF" and a blank'],
  ])('says what is wrong with %j', (body, line, column, message) => {
    const error = errorOf(body, OPENMETRICS);
    expect(error.message).toBe(message);
    expect(error.position).toEqual({ line, column });
  });
});

describe('the number reader', () => {
  it('reads every number as the runtime does', () => {
    const { random, seed } = seeded();
    for (let i = 0; i < 50_000; i++) {
      const text = randomNumber(random);
      const body = bytes(text);
      expect(parseFloat64(body, 0, body.length), `seed ${seed}, ${text}`).toBe(Number(text));
    }
  });

  it.each(['', '+', '-', '.', 'e5', '1e', '1e+', '1_000', '0x10', '0b1', 'Infinit', '+nan', '1.2.3', '1,5', 'tru'])('refuses %j', (text) => {
    const body = bytes(text);
    expect(() => parseFloat64(body, 0, body.length)).toThrow(ParseError);
  });

  it.each([['inf', Infinity], ['-INF', -Infinity], ['+Infinity', Infinity], ['nAn', NaN], ['.5', 0.5], ['5.', 5], ['-0', -0]])('reads %j', (text, value) => {
    const body = bytes(text);
    expect(parseFloat64(body, 0, body.length)).toBe(value);
  });
});

describe('any bytes', () => {
  it('are read, or refused with a ParseError that has a position in the body', () => {
    const { random, seed } = seeded();
    const grains = ['a', 'le', '{', '}', '"', '=', ',', ' ', '\n', '\t', '#', '# HELP ', '# TYPE ', '# EOF\n', ' # {', '\\', '\\n', '1', '.', 'e', '-', 'Inf', 'NaN', 'counter', 'é', '\0', '_total', '1700000000000', '{"x.y"', 'b="c"'];
    for (let i = 0; i < 20_000; i++) {
      const length = Math.floor(random() * 12);
      const text = Array.from({ length }, () => grains[Math.floor(random() * grains.length)]).join('');
      const body = random() < 0.1 ? Buffer.concat([bytes(text), Buffer.from([Math.floor(random() * 256)])]) : bytes(text);
      for (const contentType of [TEXT, OPENMETRICS]) expectReadOrRefused(body, contentType, seed);
    }
  });

  it('are read the same whatever keys the sink expects', () => {
    const { random, seed } = seeded();
    const grains = ['a', 'b', 'a{x="1"}', '{"a"}', '{x="1"}', '{', ' ', ' ', ' 1', '\n', '\n', '\t', '# EOF\n'];
    for (const contentType of [TEXT, OPENMETRICS]) {
      let known: string[] = [];
      for (let i = 0; i < 5000; i++) {
        const body = bytes(Array.from({ length: 1 + Math.floor(random() * 10) }, () => grains[Math.floor(random() * grains.length)]).join(''));
        const plain = outcomeOf(body, contentType, []);
        expect(outcomeOf(body, contentType, known), `seed ${seed}, ${Buffer.from(body).toString()}`).toEqual(plain);
        known = [...new Set([...plain.keys, ...known])].slice(0, 5);
      }
    }
  });
});

/** The keys of a body up to its end or its error, for a sink that expects any of the known keys at any place. */
function outcomeOf(body: Uint8Array, contentType: string, known: readonly string[]): { keys: string[]; isRead: boolean } {
  const keys: string[] = [];
  const text = Buffer.from(body).toString('latin1');
  const sink = {
    ...silent,
    sample: (_key: Uint8Array, start: number, end: number) => void keys.push(text.slice(start, end)),
    expectedEnd: (_body: Uint8Array, start: number) => start + (known.find((key) => text.startsWith(key, start))?.length ?? 0),
  };
  try {
    textParser.parse({ body, contentType }, sink);
    return { keys, isRead: true };
  } catch {
    return { keys, isRead: false };
  }
}

function expectReadOrRefused(body: Uint8Array, contentType: string, seed: number): void {
  const what = `seed ${seed}, ${JSON.stringify(Buffer.from(body).toString('latin1'))} as ${contentType}`;
  try {
    textParser.parse({ body, contentType }, {
      ...silent,
      sample: (key, start, end, value) => {
        expect(typeof value, what).toBe('number');
        expect(textParser.labels(key, start, end).metric, what).not.toBe(undefined);
      },
      exemplar: (_value, _at, of) => void of(),
    });
  } catch (error) {
    expect(error, what).toBeInstanceOf(ParseError);
    const { position } = error as ParseError;
    expect(position?.line, what).toBeGreaterThan(0);
    expect(position?.column, what).toBeGreaterThan(0);
  }
}

const silent = { sample: () => {}, exemplar: () => {}, metadata: () => {}, delta: () => {} };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function samples(body: string, contentType = TEXT): [key: string, value: number, at: number][] {
  const found: [string, number, number][] = [];
  textParser.parse({ body: bytes(body), contentType }, {
    ...silent,
    sample: (key, start, end, value, at) => void found.push([Buffer.from(key.subarray(start, end)).toString(), value, at]),
  });
  return found;
}

function labels(line: string): Record<string, string> {
  let found: Record<string, string> = {};
  textParser.parse({ body: bytes(line), contentType: TEXT }, {
    ...silent,
    sample: (key, start, end) => {
      found = textParser.labels(key, start, end).toObject();
    },
  });
  return found;
}

function metadata(body: string): [string, string, string][] {
  const found: [string, string, string][] = [];
  textParser.parse({ body: bytes(body), contentType: TEXT }, { ...silent, metadata: (...said) => void found.push(said) });
  return found;
}

function errorOf(body: string, contentType: string): ParseError {
  try {
    textParser.parse({ body: bytes(body), contentType }, silent);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(body)} was read`);
}

function seeded(): { random: () => number; seed: number } {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { random, seed };
}

function randomNumber(random: () => number): string {
  const digits = (most: number): string => Array.from({ length: 1 + Math.floor(random() * most) }, () => Math.floor(random() * 10)).join('');
  const sign = random() < 0.3 ? '-' : '';
  const fraction = random() < 0.6 ? `.${digits(18)}` : '';
  const exponent = random() < 0.4 ? `e${Math.floor(random() * 580 - 290)}` : '';
  return sign + digits(17) + fraction + exponent;
}
