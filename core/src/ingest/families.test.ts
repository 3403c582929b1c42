import { Labels } from '@metrics-dashboard/sdk';
import type { ExpositionParser } from '@metrics-dashboard/sdk';
import { expect, it } from 'vitest';
import { expositionOf, formatValue, readFamilies } from './families.js';

/** A small format: calls of the sink as JSON, `["type", metric, type]` and `[labels, value, time]`. */
const calls: ExpositionParser = {
  kind: 'calls',
  contentTypes: ['text/calls'],
  accept: [],
  parse({ body }, sink) {
    const list = JSON.parse(Buffer.from(body).toString()) as ([string, string, string] | [Record<string, string>, number | string, number?])[];
    for (const [what, a, b] of list) {
      if (typeof what === 'string') sink.metadata(String(a), what as 'help', String(b));
      else {
        const key = Buffer.from(JSON.stringify(what));
        sink.sample(key, 0, key.length, Number(a), b === undefined ? NaN : Number(b));
      }
    }
  },
  labels: (key, start, end) => Labels.of(JSON.parse(Buffer.from(key.subarray(start, end)).toString()) as Record<string, string>),
};

function read(list: unknown, labels: Record<string, string> = {}, contentType = 'text/calls') {
  return readFamilies([calls], { contentType, body: new TextEncoder().encode(JSON.stringify(list)), labels: [...Labels.of(labels)], nameValidation: 'legacy' });
}

it('puts samples under their metrics, with the labels of the group over their own', () => {
  const { families } = read(
    [
      ['type', 'h', 'histogram'], ['type', 'c', 'counter'], ['help', 'c', 'One "quoted" \\ and\nmore.'], ['unit', 'c', 'seconds'],
      [{ __name__: 'h_bucket', le: '1' }, 1], [{ __name__: 'c_total', job: 'own' }, 2], [{ __name__: 'h_count' }, 'Infinity'], [{ __name__: 'h_max' }, '-0'], [{ __name__: 'g' }, 'NaN'],
    ],
    { job: 'j' },
  );
  expect(expositionOf(families ?? [])).toBe(
    '# TYPE c counter\n# UNIT c seconds\n# HELP c One \\"quoted\\" \\\\ and\\nmore.\nc_total{job="j"} 2\n' +
      '# TYPE g unknown\ng{job="j"} NaN\n# TYPE h histogram\nh_bucket{job="j",le="1"} 1\nh_count{job="j"} +Inf\n# TYPE h_max unknown\nh_max{job="j"} -0\n# EOF\n',
  );
});

it.each([
  [[[{ __name__: 'a' }, 1, 5]], 'a{job="j"} has a time of its own, which what is pushed to a group can not have'],
  [[[{ __name__: 'a', job: 'x' }, 1], [{ __name__: 'a' }, 1]], 'a{job="j"} stands twice in the body'],
  [[[{ __name__: 'a.b' }, 1]], 'metric name "a.b" is not of the form [a-zA-Z_:][a-zA-Z0-9_:]*'],
  [[[{ x: '1' }, 1]], 'the series {job="j",x="1"} has no metric name'],
])('refuses %j', (list, message) => {
  expect(read(list, { job: 'j' }).error).toEqual({ kind: 'parse', message });
});

it('says of a type that no parser reads that it is not known', () => {
  expect(read([], {}, 'image/png').error).toEqual({ kind: 'unsupported', message: 'content type "image/png" is not known' });
});

it.each([[1e21, '1e+21'], [-Infinity, '-Inf'], [0.1, '0.1']])('writes %d as %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});
