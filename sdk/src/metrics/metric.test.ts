import { describe, expect, it } from 'vitest';
import { LimitError } from '../errors.js';
import { Counter, Gauge, Histogram, Registry, attachRegistry } from './index.js';

describe('declaring a metric', () => {
  const registers = [new Registry()];

  it.each(['', '1a', 'a-b', 'a b', 'é'])('refuses the name %j', (name) => {
    expect(() => new Counter({ name, help: 'A.', registers })).toThrow(`metric name ${JSON.stringify(name)}, expected`);
  });

  it.each(['', '1a', 'a-b', 'a:b', 'é', '__a', '__name__'])('refuses the label name %j and names it', (label) => {
    expect(() => new Gauge({ name: 'a', help: 'A.', labelNames: [label], registers })).toThrow(`metric a: label name ${JSON.stringify(label)}`);
  });

  it('refuses other mistakes', () => {
    expect(() => new Histogram({ name: 'h', help: 'H.', labelNames: ['le'], registers })).toThrow('label name "le" is reserved');
    expect(() => new Gauge({ name: 'a', help: 'A.', labelNames: ['x', 'x'], registers })).toThrow('[x, x], expected each once');
    expect(() => new Gauge({ name: 'a', help: 'A.', maxSeries: 0, registers })).toThrow('maxSeries 0');
    expect(() => new Gauge({ name: 'a', help: 'A.', registers: [] })).toThrow('met 0 registries, expected one');
  });

  it('again with the same options gives the same numbers, with others is an error that names the metric', async () => {
    const registry = new Registry();
    const options = { name: 'a', help: 'A.', labelNames: ['l'], registers: [registry] };
    new Gauge(options).set({ l: 'x' }, 1);
    new Gauge({ ...options, help: 'Other words.' }).inc({ l: 'x' });
    expect(await registry.metrics()).toBe('# HELP a A.\n# TYPE a gauge\na{l="x"} 2\n');
    expect(() => new Counter(options)).toThrow('metric a is declared with type "gauge", met "counter"');
    expect(() => new Gauge({ ...options, labelNames: ['m'] })).toThrow('metric a is declared with labelNames ["l"], met ["m"]');
    const attached = attachRegistry(registry.share());
    expect(() => new Histogram({ ...options, registers: [attached] })).toThrow('metric a is declared');
  });
});

describe('a label set', () => {
  it('has the metric\'s labels and no others', () => {
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['x', 'y'], registers: [new Registry()] });
    expect(() => counter.inc({ z: 1 } as unknown as { x: string })).toThrow('metric a_total: label "z" is not declared, expected one of [x, y]');
    expect(() => counter.labels('1')).toThrow('metric a_total: met 1 label values, expected 2');
  });

  it('is told from another whatever its values hold', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['x', 'y'], registers: [registry] });
    const values = ['', '1', ':', '1:', '\uffff', '"', '\\', '\n', 'ü', '😀', '\ud800'];
    for (const x of values) for (const y of values) counter.inc({ x, y });
    const samples = (await registry.metrics()).split('\n').filter((line) => line.startsWith('a_total'));
    expect(new Set(samples).size).toBe(values.length ** 2);
    expect(samples.every((line) => line.endsWith(' 1'))).toBe(true);
    counter.inc({ x: '\ud800' });
    counter.remove('\ud800', '');
    expect(await registry.metrics()).not.toContain('{x="\ufffd"}');
  });

  it('over the limit is refused with an error that names metric and label, and changes nothing', async () => {
    const registry = new Registry();
    const registers = [registry];
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['path'], registers });
    const gauge = new Gauge({ name: 'b', help: 'B.', labelNames: ['path'], maxSeries: 1, registers });
    const histogram = new Histogram({ name: 'c', help: 'C.', labelNames: ['path'], maxSeries: 1, registers });
    for (let i = 1; i <= 10_000; i++) counter.inc({ path: `/${i}` });
    gauge.set({ path: '/1' }, 1);
    histogram.observe({ path: '/1' }, 1);
    const before = await registry.metrics();
    const error = 'metric a_total: no room for {path="/10001"} among 10000 label sets';
    expect(() => counter.inc({ path: '/10001' })).toThrow(LimitError);
    expect(() => counter.inc({ path: '/10001' })).toThrow(error);
    expect(() => counter.labels('/10001').inc()).toThrow(error);
    expect(() => gauge.set({ path: '/2' }, 1)).toThrow('metric b: no room for {path="/2"} among 1 label sets');
    expect(() => histogram.observe({ path: '/2' }, 1)).toThrow('metric c: no room for {path="/2"} among 1 label sets');
    expect(await registry.metrics()).toBe(before);
    counter.inc({ path: '/10000' });
    expect(await registry.metrics()).toContain('a_total{path="/10000"} 2\n');
  });

  it('over the limit is counted where the work must go on, and told once with metric and label set', async () => {
    const errors: Error[] = [];
    const registry = new Registry({ overLimit: 'count', onError: (error) => errors.push(error) });
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['path'], maxSeries: 2, registers: [registry] });
    const held = counter.labels('/3');
    for (const path of ['/1', '/2', '/3', '/4', '/1']) counter.inc({ path });
    held.inc();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(LimitError);
    expect(errors[0]?.message).toBe('metric a_total: no room for {path="/3"} among 2 label sets; it is not counted');
    const text = await registry.metrics();
    expect(text).toContain('a_total{path="/1"} 2\na_total{path="/2"} 1\n#');
    expect(text).toContain('metrics_dashboard_refused_updates_total{metric="a_total"} 3\n');
    counter.remove('/2');
    held.inc();
    expect(await registry.metrics()).toContain('a_total{path="/3"} 1\n');
  });

  it('takes 10,000 of them unless told otherwise, each thread\'s counted', async () => {
    const registry = new Registry({ overLimit: 'count' });
    const attached = attachRegistry(registry.share(), { overLimit: 'count' });
    const [a, b] = [registry, attached].map((one) => new Gauge({ name: 'a', help: 'A.', labelNames: ['i'], registers: [one] }));
    for (let i = 0; i < 10_010; i++) (i % 2 === 0 ? a : b)?.set({ i }, i);
    const text = await attached.metrics();
    expect(text.match(/^a\{/gm)).toHaveLength(10_000);
    expect(text).toContain('metrics_dashboard_refused_updates_total{metric="a"} 10\n');
    expect(await registry.metrics()).toBe(text);
  });

  it('finds no room in a registry that is full, and the program goes on', async () => {
    const errors: Error[] = [];
    const registry = new Registry({ maxBytes: 32 * 1024, overLimit: 'count', onError: (error) => errors.push(error) });
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['i'], registers: [registry] });
    for (let i = 0; i < 2000; i++) counter.inc({ i });
    counter.inc({ i: 0 });
    expect(await registry.metrics()).toContain('a_total{i="0"} 2\n');
    expect(errors).toHaveLength(1);
    expect(() => new Counter({ name: 'b_total', help: 'B.'.repeat(5000), registers: [registry] })).toThrow('metric b_total: the registry is full');
  });
});
