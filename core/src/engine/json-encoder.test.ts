import { describe, expect, it } from 'vitest';
import type { QueryRequest, QueryResult } from '../query/query.js';
import { ByteWriter } from './byte-writer.js';
import { encodeQueryResult } from './json-encoder.js';
import { formatSeconds } from './sample-bytes.js';

const INSTANT: QueryRequest = { expression: 'x', time: { kind: 'instant', at: 1500 } };

describe('the JSON of the Prometheus HTTP API', () => {
  it('writes a vector', () => {
    expect(encode({ type: 'vector', series: [[{ name: 'a', value: 'é "q"\n' }], []], offsets: [0, 1, 2], times: [1000, 1001], values: [1.5, NaN] })).toBe(
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"é \\"q\\"\\n"},"value":[1,"1.5"]},{"metric":{},"value":[1.001,"NaN"]}]}}',
    );
  });

  it('writes a matrix, also with series without samples', () => {
    expect(encode({ type: 'matrix', series: [[{ name: 'a', value: '1' }], []], offsets: [0, 2, 2], times: [0, 15_000], values: [-1, Infinity] })).toBe(
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"1"},"values":[[0,"-1"],[15,"+Inf"]]},{"metric":{},"values":[]}]}}',
    );
  });

  it('writes a scalar and a string', () => {
    expect(encode({ type: 'scalar', series: [[]], offsets: [0, 1], times: [1500], values: [2] })).toContain('"result":[1.500,"2"]');
    expect(encode({ type: 'string', text: 'a "b"' })).toContain('"result":[1.500,"a \\"b\\""]');
  });

  it('adds warnings and infos where there are any', () => {
    const text = encode({ type: 'vector', warnings: ['careful'], infos: ['by the way'] });
    expect(text).toBe('{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["careful"],"infos":["by the way"]}');
    expect(encode({ type: 'vector', infos: ['größe', '«a»'] })).toContain('"infos":["größe","«a»"]');
  });

  it('writes long series of all kinds of numbers, with common times and others', () => {
    const kinds = [7, -0.25, 1 / 3, NaN, -Infinity, 1e-9, 2e22, 123456789.5, 0];
    const times = [...Array.from({ length: 1500 }, (_, k) => k * 15_000), ...Array.from({ length: 700 }, (_, k) => k * 30_000), 7];
    const values = times.map((_, k) => (kinds[k % kinds.length] as number) * (k % 7 === 0 ? -3 : 1));
    const text = encode({ type: 'matrix', series: [[], [{ name: 'a', value: 'b' }]], offsets: [0, 1500, times.length], times, values });
    const { data } = JSON.parse(text) as { data: { result: { values: [number, string][] }[] } };
    const got = data.result.flatMap((series) => series.values);
    expect(got.map(([time]) => Math.round(time * 1000))).toEqual(times);
    expect(got.map(([, value]) => Number(value.replace('Inf', 'Infinity')))).toEqual(values);
    expect(got.map(([, value]) => value).slice(0, 7)).toEqual(['-21', '-0.25', '0.3333333333333333', 'NaN', '-Inf', '1e-09', '2e+22']);
  });

  it.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-12345678901234, '-12345678901234'],
    [999999999999999, '999999999999999'],
    [1e15, '1000000000000000'],
    [1e20, '100000000000000000000'],
    [1e21, '1e+21'],
    [1.5e300, '1.5e+300'],
    [0.000001, '0.000001'],
    [1e-7, '1e-07'],
    [1.25e-10, '1.25e-10'],
    [0.1, '0.1'],
    [-12.5, '-12.5'],
    [0.000123, '0.000123'],
    [-0.05, '-0.05'],
    [123456789.000001, '123456789.000001'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1.0000001, '1.0000001'],
    [-Infinity, '-Inf'],
  ])('writes the value %s as %s', (value, text) => {
    const out = new ByteWriter(0);
    out.float(value);
    expect(Buffer.from(out.finish()).toString()).toBe(text);
  });

  it.each([
    [0, '0'],
    [1, '0.001'],
    [1_700_000_000_050, '1700000000.050'],
    [-60_000, '-60'],
    [-1, '-0.001'],
    [-1500, '-1.500'],
  ])('writes the time %s as %s', (at, text) => {
    expect(formatSeconds(at)).toBe(text);
  });

  it('writes decimals as the runtime does', () => {
    for (let digits = 0; digits < 8; digits++) {
      for (const n of [1, 5, 10, 99, 12345, 987654321, 123456789012]) {
        const value = n / 10 ** digits;
        if (value < 1e-6) continue;
        const out = new ByteWriter(0);
        out.float(-value);
        expect(Buffer.from(out.finish()).toString()).toBe(String(-value));
      }
    }
  });

  it('writes numbers that read back as they were, whatever they are', () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const words = new Uint32Array(2);
    const value = new Float64Array(words.buffer);
    for (let i = 0; i < 5000; i++) {
      for (let j = 0; j < 2; j++) words[j] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const out = new ByteWriter(0);
      out.float(value[0] as number);
      const text = Buffer.from(out.finish()).toString();
      expect(Number(text.replace('Inf', 'Infinity')), `seed ${seed}, ${text}`).toBe(value[0]);
    }
  });
});

function encode(result: Partial<Omit<QueryResult, 'offsets' | 'times' | 'values'>> & { type: QueryResult['type'] } & { offsets?: number[]; times?: number[]; values?: number[] }): string {
  const { offsets = [0], times = [], values = [], ...rest } = result;
  const whole: QueryResult = {
    series: [],
    text: undefined,
    warnings: [],
    infos: [],
    stats: { seriesSelected: 0, samplesLoaded: 0, milliseconds: 0 },
    ...rest,
    offsets: Uint32Array.from(offsets),
    times: Float64Array.from(times),
    values: Float64Array.from(values),
  };
  return Buffer.from(encodeQueryResult(whole, INSTANT)).toString();
}
