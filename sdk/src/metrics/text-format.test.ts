import { expect, it } from 'vitest';
import { Counter, Gauge, Histogram, Registry } from './index.js';

function registry(): Registry {
  const registers = [new Registry()];
  new Counter({ name: 'a_total', help: 'Back\\slash, "quotes"\nand lines.', labelNames: ['l'], registers }).inc({ l: 'a\\b"c\nd ü' });
  new Counter({ name: 'b', help: 'Without a suffix.', registers }).inc(2);
  new Gauge({ name: 'c', help: 'C.', labelNames: ['l'], registers });
  new Histogram({ name: 'h', help: 'H.', buckets: [0.5, 1, 1e21], registers }).observe(0.7);
  return registers[0] as Registry;
}

it('the text format is 0.0.4', async () => {
  const text = await registry().metrics();
  expect(text).toBe(`# HELP a_total Back\\\\slash, "quotes"\\nand lines.
# TYPE a_total counter
a_total{l="a\\\\b\\"c\\nd ü"} 1
# HELP b Without a suffix.
# TYPE b counter
b 2
# HELP c C.
# TYPE c gauge
# HELP h H.
# TYPE h histogram
h_bucket{le="0.5"} 0
h_bucket{le="1"} 1
h_bucket{le="1e+21"} 1
h_bucket{le="+Inf"} 1
h_sum 0.7
h_count 1
`);
});

it('OpenMetrics names counters by its rule and ends in EOF', async () => {
  const text = await registry().metrics({ format: 'openmetrics' });
  expect(text).toBe(`# HELP a Back\\\\slash, \\"quotes\\"\\nand lines.
# TYPE a counter
a_total{l="a\\\\b\\"c\\nd ü"} 1
# HELP b Without a suffix.
# TYPE b counter
b_total 2
# HELP c C.
# TYPE c gauge
# HELP h H.
# TYPE h histogram
h_bucket{le="0.5"} 0
h_bucket{le="1.0"} 1
h_bucket{le="1e+21"} 1
h_bucket{le="+Inf"} 1
h_sum 0.7
h_count 1
# EOF
`);
});

it('an empty registry is an empty text, or its end', async () => {
  const empty = new Registry();
  expect([await empty.metrics(), await empty.metrics({ format: 'openmetrics' })]).toEqual(['', '# EOF\n']);
});

it('OpenMetrics has no sum where observations may be negative', async () => {
  const registers = [new Registry()];
  new Histogram({ name: 'h', help: 'H.', buckets: [-1, 1], registers }).observe(-2);
  expect(await registers[0]?.metrics()).toContain('h_sum -2\nh_count 1\n');
  expect(await registers[0]?.metrics({ format: 'openmetrics' })).toContain('h_bucket{le="+Inf"} 1\nh_count 1\n');
});

it('each format has its media type', () => {
  const empty = new Registry();
  expect(empty.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(empty.contentTypeOf('openmetrics')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
});
