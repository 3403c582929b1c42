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

  it('gives a metric by its name, whichever thread declared it', async () => {
    const registry = new Registry();
    const attached = attachRegistry(registry.share());
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['l'], registers: [registry] });
    new Gauge({ name: 'b', help: 'B.', registers: [registry] });
    new Histogram({ name: 'c', help: 'C.', buckets: [1], registers: [registry] });
    expect(registry.getSingleMetric('a_total')).toBe(counter);
    expect(registry.getSingleMetric('none')).toBeUndefined();
    const found = attached.getSingleMetric('a_total');
    if (found instanceof Counter) found.inc({ l: 'x' });
    expect(attached.getSingleMetric('a_total')).toBe(found);
    expect(attached.getSingleMetric('b')).toBeInstanceOf(Gauge);
    expect(attached.getSingleMetric('c')).toBeInstanceOf(Histogram);
    expect(await registry.metrics()).toContain('a_total{l="x"} 1\n');
  });

  it('resets all its metrics', async () => {
    const registry = new Registry();
    new Gauge({ name: 'b', help: 'B.', registers: [registry] }).set(3);
    attachRegistry(registry.share()).resetMetrics();
    expect(await registry.metrics()).toContain('b 0\n');
  });

  it('sees what was removed and what came back, in every thread', async () => {
    const registry = new Registry();
    const attached = attachRegistry(registry.share());
    const [a, b] = [registry, attached].map((one) => new Gauge({ name: 'a', help: 'A.', labelNames: ['l'], registers: [one] }));
    a?.set({ l: 'x' }, 1);
    b?.inc({ l: 'x' });
    b?.remove('x');
    expect(await registry.metrics()).not.toContain('a{');
    a?.inc({ l: 'x' });
    expect(await attached.metrics()).toContain('a{l="x"} 1\n');
  });

  it('refuses a handle of another format', () => {
    const handle = { ...new Registry().share(), format: 2 as unknown as 1 };
    expect(() => attachRegistry(handle)).toThrow('format 2, expected 1');
  });
});
