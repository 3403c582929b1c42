import { describe, expect, it } from 'vitest';
import { queryOf } from './metric-query.js';

describe('the first query of a metric', () => {
  it.each([
    ['http_requests_total', 'COUNTER', 'rate(http_requests_total[1m])'],
    ['http_request_seconds', 'HISTOGRAM', 'histogram_quantile(0.95, sum by (le) (rate(http_request_seconds_bucket[1m])))'],
    ['memory_bytes', 'GAUGE', 'memory_bytes'],
    ['a.dotted', 'GAUGE', '{"a.dotted"}'],
  ])('%s, a %s', (metric, type, query) => {
    expect(queryOf(metric, type)).toBe(query);
  });
});
