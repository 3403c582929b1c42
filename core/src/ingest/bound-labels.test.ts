import { describe, expect, it } from 'vitest';
import { Labels } from '@metrics-dashboard/sdk';
import { normalBound, withNormalBounds } from './bound-labels.js';

describe('the bound of a bucket', () => {
  it.each([
    ['1', '1.0'],
    ['1.0', '1.0'],
    ['0', '0.0'],
    ['-1', '-1.0'],
    ['0.5', '0.5'],
    ['.5', '0.5'],
    ['5e-1', '0.5'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['100000', '100000.0'],
    ['1000000', '1e+06'],
    ['1234567.5', '1.2345675e+06'],
    ['1e+06', '1e+06'],
    ['1e22', '1e+22'],
    ['+Inf', '+Inf'],
    ['inf', '+Inf'],
    ['NaN', 'NaN'],
    ['high', 'high'],
    ['', ''],
  ])('%j has the one form %j', (text, normal) => {
    expect(normalBound(text)).toBe(normal);
  });

  it('is only touched where the metric is a histogram or a summary', () => {
    const typeOf = (metric: string) => ({ h: 'histogram', s: 'summary', g: 'gauge' } as const)[metric];
    const normal = (labels: Record<string, string>): string => withNormalBounds(Labels.of(labels), typeOf).toString();
    expect(normal({ __name__: 'h_bucket', le: '1' })).toContain('le="1.0"');
    expect(normal({ __name__: 's', quantile: '1' })).toContain('quantile="1.0"');
    expect(normal({ __name__: 'g_bucket', le: '1' })).toContain('le="1"');
    expect(normal({ __name__: 'h_count', le: '1' })).toContain('le="1"');
    expect(normal({ __name__: 'unknown_bucket', le: '1' })).toContain('le="1"');
  });
});
