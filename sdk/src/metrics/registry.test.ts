import { describe, expect, it } from 'vitest';
import { Counter, Gauge, Histogram, Registry, attachRegistry } from './index.js';

describe('a registry', () => {
  it('prints what was counted, set and observed', async () => {
    const registry = new Registry();
    const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['code'], registers: [registry] });
    const temperature = new Gauge({ name: 'temperature_celsius', help: 'Now.', registers: [registry] });
    const sizes = new Histogram({ name: 'size_bytes', help: 'Sizes.', buckets: [1, 10], registers: [registry] });
    requests.inc({ code: 200 });
    requests.labels('500').inc(2.5);
    temperature.set(-3);
    sizes.observe(1);
    sizes.observe(11);
    expect(await registry.metrics()).toBe(
      [
        '# HELP requests_total Requests.',
        '# TYPE requests_total counter',
        'requests_total{code="200"} 1',
        'requests_total{code="500"} 2.5',
        '# HELP temperature_celsius Now.',
        '# TYPE temperature_celsius gauge',
        'temperature_celsius -3',
        '# HELP size_bytes Sizes.',
        '# TYPE size_bytes histogram',
        'size_bytes_bucket{le="1"} 1',
        'size_bytes_bucket{le="10"} 1',
        'size_bytes_bucket{le="+Inf"} 2',
        'size_bytes_sum 12',
        'size_bytes_count 2',
        '',
      ].join('\n'),
    );
  });

  it('is the same one where it is attached', async () => {
    const registry = new Registry();
    const attached = attachRegistry(structuredClone(registry.share()));
    const options = { name: 'requests_total', help: 'Requests.', labelNames: ['code'] } as const;
    new Counter({ ...options, registers: [attached] }).inc({ code: 200 });
    new Counter({ ...options, registers: [registry] }).inc({ code: 200 }, 2);
    const text = await registry.metrics();
    expect(text).toContain('requests_total{code="200"} 3\n');
    expect(await attached.metrics()).toBe(text);
  });
});
