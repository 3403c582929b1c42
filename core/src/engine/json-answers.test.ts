import { describe, expect, it } from 'vitest';
import { encodeLabelSets, encodeQueryResult, encodeTexts } from './json-encoder.js';

const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

describe('answers of the Prometheus HTTP API', () => {
  it('hold lists of texts and of label sets, and say when they were cut', () => {
    expect(parsed(encodeTexts({ values: ['a', 'é"'], truncated: false }))).toEqual({ status: 'success', data: ['a', 'é"'] });
    const sets = [[{ name: 'a', value: 'b' }, { name: 'c', value: '\n' }], []];
    expect(parsed(encodeLabelSets({ values: sets, truncated: true }))).toEqual({ status: 'success', data: [{ a: 'b', c: '\n' }, {}], warnings: ['results truncated due to limit'] });
  });

  it('tell what a query took, when that is asked for', () => {
    const result = {
      type: 'vector',
      series: [],
      offsets: new Uint32Array(1),
      times: new Float64Array(0),
      values: new Float64Array(0),
      text: undefined,
      warnings: [],
      infos: [],
      stats: { seriesSelected: 2, samplesLoaded: 30, milliseconds: 1500 },
    } as const;
    const time = { kind: 'instant', at: 0 } as const;
    expect(parsed(encodeQueryResult(result, { expression: 'a', time }))).toEqual({ status: 'success', data: { resultType: 'vector', result: [] } });
    expect(parsed(encodeQueryResult(result, { expression: 'a', time, stats: true }))).toMatchObject({
      data: { stats: { timings: { evalTotalTime: 1.5, execTotalTime: 1.5, execQueueTime: 0 }, samples: { totalQueryableSamples: 30, peakSamples: 30 } } },
    });
  });
});
