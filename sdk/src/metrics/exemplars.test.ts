import { describe, expect, it } from 'vitest';
import { Counter, Gauge, Histogram, Registry, attachRegistry } from './index.js';

const AT = 1_767_225_600_500;
const clock = { now: () => AT, elapsed: () => 0 };

function setUp(): { registry: Registry; counter: Counter; histogram: Histogram; lines: () => Promise<string[]> } {
  const registry = new Registry({ clock });
  const registers = [registry];
  const enableExemplars = true;
  const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['l'], registers, enableExemplars });
  const histogram = new Histogram({ name: 'h', help: 'H.', buckets: [1, 2], registers, enableExemplars });
  const lines = async (): Promise<string[]> => (await registry.metrics({ format: 'openmetrics' })).split('\n').filter((line) => !line.startsWith('#') && line !== '');
  return { registry, counter, histogram, lines };
}

describe('an exemplar', () => {
  it('stands behind the counter it came with, in OpenMetrics alone, and the last one stays', async () => {
    const { registry, counter, lines } = setUp();
    counter.inc({ labels: { l: 'x' }, value: 2, exemplarLabels: { trace_id: 'first' } });
    counter.inc({ labels: { l: 'x' }, exemplarLabels: { trace_id: '4b"f9', span: 7 } });
    counter.labels('y').inc(1, { trace_id: 'child' });
    counter.inc({ labels: { l: 'z' } });
    expect((await lines()).slice(0, 3)).toEqual([
      'a_total{l="x"} 3 # {trace_id="4b\\"f9",span="7"} 1 1767225600.5',
      'a_total{l="y"} 1 # {trace_id="child"} 1 1767225600.5',
      'a_total{l="z"} 1',
    ]);
    expect(await registry.metrics()).not.toContain('trace_id');
  });

  it('stands behind the bucket that the observation fell into', async () => {
    const { histogram, lines } = setUp();
    histogram.observe({ value: 1.5, exemplarLabels: { trace_id: 'b' } });
    histogram.observe(7);
    const stop = histogram.startTimer({}, { trace_id: 'quick' });
    expect(stop()).toBe(0);
    expect(await lines()).toEqual([
      'h_bucket{le="1.0"} 1 # {trace_id="quick"} 0 1767225600.5',
      'h_bucket{le="2.0"} 2 # {trace_id="b"} 1.5 1767225600.5',
      'h_bucket{le="+Inf"} 3',
      'h_sum 8.5',
      'h_count 3',
    ]);
    histogram.reset();
    expect((await lines()).join()).not.toContain('trace_id');
  });

  it('is one for all threads', async () => {
    const { registry, lines } = setUp();
    const attached = attachRegistry(registry.share(), { clock });
    const again = new Counter({ name: 'a_total', help: 'A.', labelNames: ['l'], registers: [attached], enableExemplars: true });
    again.inc({ labels: { l: 'x' }, exemplarLabels: { trace_id: 'there' } });
    expect(await lines()).toContain('a_total{l="x"} 1 # {trace_id="there"} 1 1767225600.5');
    expect(() => new Counter({ name: 'a_total', help: 'A.', labelNames: ['l'], registers: [attached] })).toThrow('metric a_total is declared with exemplars true, met false');
  });

  it('that can not be kept is refused with the name of the metric, and nothing is counted', async () => {
    const { counter, registry, lines } = setUp();
    const update = (exemplarLabels: Record<string, string>) => (): void => counter.inc({ labels: { l: 'x' }, exemplarLabels });
    expect(update({ trace_id: 'x'.repeat(121) })).toThrow('metric a_total: exemplar {trace_id="xxx');
    expect(update({ trace_id: '🙂'.repeat(100) })).toThrow(RangeError);
    expect(update({ 'trace-id': 'x' })).toThrow('metric a_total: exemplar label name "trace-id"');
    expect(() => counter.inc({ l: 'x' })).toThrow('metric a_total: "l" in an update, expected labels, value and exemplarLabels');
    expect((await lines()).filter((line) => line.startsWith('a_total'))).toEqual([]);
    update({ trace_id: 'x'.repeat(120) })();
    expect((await lines())[0]).toContain(`# {trace_id="${'x'.repeat(120)}"}`);
    const plain = new Counter({ name: 'b_total', help: 'B.', registers: [registry] });
    expect(() => plain.labels().inc(1, { trace_id: 'x' })).toThrow('metric b_total: an exemplar, expected enableExemplars');
    expect(new Gauge({ name: 'g', help: 'G.', registers: [registry] }).name).toBe('g');
  });
});
