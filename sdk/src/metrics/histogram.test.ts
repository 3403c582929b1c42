import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { DEFAULT_BUCKETS, Histogram, Registry, exponentialBuckets, linearBuckets } from './index.js';

describe('a histogram', () => {
  const clock = new ManualClock();
  let registry: Registry;
  beforeEach(() => {
    registry = new Registry({ clock });
  });
  const lines = async (): Promise<string[]> => (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));

  it('counts observations up to and with each bound', async () => {
    const histogram = new Histogram({ name: 'h', help: 'H.', buckets: [-1, 0, 2.5], registers: [registry] });
    for (const value of [-2, -1, -0.5, 0, 1, 2.5, 2.6, 1e9]) histogram.observe(value);
    expect(await lines()).toEqual(['h_bucket{le="-1"} 2', 'h_bucket{le="0"} 4', 'h_bucket{le="2.5"} 6', 'h_bucket{le="+Inf"} 8', 'h_sum 1000000002.6', 'h_count 8']);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %d and changes nothing', async (value) => {
    const histogram = new Histogram({ name: 'h', help: 'H.', buckets: [1], registers: [registry] });
    expect(() => histogram.observe(value)).toThrow(new RangeError(`histogram h: observation ${value}, expected a finite number`));
    expect(() => histogram.labels({}).observe(value)).toThrow(RangeError);
    expect(await lines()).toEqual(['h_bucket{le="1"} 0', 'h_bucket{le="+Inf"} 0', 'h_sum 0', 'h_count 0']);
  });

  it('has bounds that nobody changes', async () => {
    const buckets = [1, 2];
    const histogram = new Histogram({ name: 'h', help: 'H.', buckets, registers: [registry] });
    buckets[0] = 100;
    histogram.observe(50);
    expect((await lines())[0]).toBe('h_bucket{le="1"} 0');
    expect(() => new Histogram({ name: 'h', help: 'H.', buckets: [1, 3], registers: [registry] })).toThrow('metric h is declared with buckets [1,2], met [1,3]');
    new Histogram({ name: 'h', help: 'H.', buckets: [1, 2, Infinity], registers: [registry] }).observe(1);
    expect((await lines())[0]).toBe('h_bucket{le="1"} 1');
  });

  it.each([[[]], [[2, 1]], [[1, 1]], [[NaN]], [[-Infinity, 1]], [[Infinity]], [linearBuckets(0, 1, 3000)]])('refuses bounds %j', (buckets) => {
    expect(() => new Histogram({ name: 'h', help: 'H.', buckets, registers: [registry] })).toThrow(/^metric h: buckets/);
  });

  it('measures time, and knows labels', async () => {
    const histogram = new Histogram({ name: 'h', help: 'H.', buckets: [1], labelNames: ['a', 'b'], registers: [registry] });
    const stop = histogram.startTimer({ a: 'x' });
    const stopChild = histogram.labels('x', 'y').startTimer();
    await clock.advance(2000);
    expect([stop({ b: 'y' }), stopChild()]).toEqual([2, 2]);
    histogram.observe({ a: 'x', b: 'y' }, 1);
    histogram.zero({ a: 'z' });
    expect(await lines()).toEqual([
      'h_bucket{le="1",a="x",b="y"} 1', 'h_bucket{le="+Inf",a="x",b="y"} 3', 'h_sum{a="x",b="y"} 5', 'h_count{a="x",b="y"} 3',
      'h_bucket{le="1",a="z"} 0', 'h_bucket{le="+Inf",a="z"} 0', 'h_sum{a="z"} 0', 'h_count{a="z"} 0',
    ]);
    histogram.remove('x', 'y');
    histogram.reset();
    expect(await lines()).toEqual([]);
  });

  it('has buckets to choose from', () => {
    expect(linearBuckets(1, 2, 3)).toEqual([1, 3, 5]);
    expect(exponentialBuckets(1, 10, 3)).toEqual([1, 10, 100]);
    expect(DEFAULT_BUCKETS).toHaveLength(11);
  });
});
