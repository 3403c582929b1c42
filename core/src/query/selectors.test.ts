import { describe, expect, it } from 'vitest';
import { askedBy } from './selectors.js';

describe('what an expression asks for', () => {
  it.each([
    ['sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))', true],
    ['http_requests_total / on (job) up', true],
    ['{__name__="http_requests_total"}', true],
    ['{__name__=~"http_.*"}', true],
    ['{__name__=~"http_.*", __name__!="http_requests_total"}', false],
    ['{job="http_requests_total"}', false],
    ['http_requests_total_created', false],
    ['rate(http_requests_total{job="$job"}[$interval]) * $factor', true],
    ['topk($n, rate(http_requests_total[${window}]))', true],
    ['plugin_aggregation by (job) (http_requests_total)', true],
    ['plugin_aggregation by (job) (other_http_requests_total)', false],
    ['up', false],
    ['', false],
  ])('%s: %s', (expression, expected) => {
    expect(askedBy(expression)('http_requests_total')).toBe(expected);
  });
});
