import { beforeEach, describe, expect, it } from 'vitest';
import { Counter, Registry } from './index.js';

describe('a counter', () => {
  let registry: Registry;
  beforeEach(() => {
    registry = new Registry();
  });
  const lines = async (): Promise<string[]> => (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));

  it('begins at 0 and adds up', async () => {
    const counter = new Counter({ name: 'a_total', help: 'A.', registers: [registry] });
    expect(await lines()).toEqual(['a_total 0']);
    counter.inc();
    counter.inc(0.5);
    counter.inc(0);
    counter.inc({}, 2);
    expect(await lines()).toEqual(['a_total 3.5']);
    expect(counter.name).toBe('a_total');
  });

  it.each([-1, -1e-300, NaN, Infinity, -Infinity])('refuses an increment by %d and changes nothing', async (value) => {
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['l'], registers: [registry] });
    counter.inc({ l: 'x' }, 3);
    const expected = `counter a_total: increment by ${value}, expected a finite number from 0`;
    expect(() => counter.inc({ l: 'x' }, value)).toThrow(new RangeError(expected));
    expect(() => counter.labels('x').inc(value)).toThrow(RangeError);
    expect(() => counter.inc({ l: 'new' }, value)).toThrow(RangeError);
    expect(await lines()).toEqual(['a_total{l="x"} 3']);
  });

  it('counts each label set, found by an object or by values in order', async () => {
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['method', 'code'], registers: [registry] });
    counter.inc({ method: 'get', code: 200 });
    counter.inc({ code: '200', method: 'get' }, 2);
    counter.labels('get', '200').inc(3);
    counter.labels({ method: 'get', code: 200 }).inc(4);
    counter.inc({ code: 500 });
    expect(await lines()).toEqual(['a_total{method="get",code="200"} 10', 'a_total{code="500"} 1']);
  });

  it('removes and resets, and comes back from 0 with the next update', async () => {
    const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['l'], registers: [registry] });
    const kept = counter.labels('x');
    kept.inc(5);
    counter.inc({ l: 'y' }, 5);
    counter.remove('x');
    counter.remove({ l: 'none' });
    expect(await lines()).toEqual(['a_total{l="y"} 5']);
    kept.inc();
    expect(await lines()).toEqual(['a_total{l="x"} 1', 'a_total{l="y"} 5']);
    counter.reset();
    expect(await lines()).toEqual([]);
    const whole = new Counter({ name: 'b_total', help: 'B.', registers: [registry] });
    whole.inc(2);
    whole.reset();
    expect(await lines()).toEqual(['b_total 0']);
  });
});
