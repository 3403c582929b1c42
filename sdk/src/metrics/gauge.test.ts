import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { Gauge, Registry } from './index.js';

describe('a gauge', () => {
  const clock = new ManualClock(1_767_225_600_500);
  let registry: Registry;
  let errors: Error[];
  beforeEach(() => {
    errors = [];
    registry = new Registry({ clock, onError: (error) => errors.push(error) });
  });
  const lines = async (): Promise<string[]> => (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));

  it('goes up and down and takes any float64', async () => {
    const gauge = new Gauge({ name: 'a', help: 'A.', labelNames: ['l'], registers: [registry] });
    gauge.set({ l: '1' }, 5);
    gauge.inc({ l: '1' });
    gauge.dec({ l: '1' }, 0.5);
    gauge.set({ l: '2' }, NaN);
    gauge.labels('3').set(Infinity);
    gauge.labels('4').dec(Infinity);
    gauge.labels('5').inc(1e21);
    gauge.labels('6').set(-0);
    expect(await lines()).toEqual(['a{l="1"} 5.5', 'a{l="2"} NaN', 'a{l="3"} +Inf', 'a{l="4"} -Inf', 'a{l="5"} 1e+21', 'a{l="6"} -0']);
    expect(() => gauge.set({ l: '1' }, undefined as unknown as number)).toThrow('gauge a: no value');
  });

  it('measures time on the registry\'s clock', async () => {
    const gauge = new Gauge({ name: 'a_seconds', help: 'A.', labelNames: ['l'], registers: [registry] });
    const stop = gauge.startTimer({ l: 'x' });
    const stopChild = gauge.labels('y').startTimer();
    await clock.advance(1500);
    expect([stop(), stopChild()]).toEqual([1.5, 1.5]);
    gauge.setToCurrentTime({ l: 'z' });
    expect(await lines()).toEqual(['a_seconds{l="x"} 1.5', 'a_seconds{l="y"} 1.5', 'a_seconds{l="z"} 1767225602']);
  });

  it('is set by its callback at each collection, and stays as it was when that throws', async () => {
    let value = 0;
    new Gauge({ name: 'now', help: 'N.', registers: [registry], collect() { this.set(++value); } });
    new Gauge({ name: 'later', help: 'L.', registers: [registry], async collect() { await Promise.resolve(); this.set(value * 10); } });
    new Gauge({ name: 'never', help: 'N.', registers: [registry], collect() { throw new Error('no sensor'); } });
    expect(await lines()).toEqual(['now 1', 'later 10', 'never 0']);
    expect(await lines()).toEqual(['now 2', 'later 20', 'never 0']);
    expect(errors[0]).toMatchObject({ message: 'collect metric never', cause: new Error('no sensor') });
  });
});
