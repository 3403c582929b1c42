import { expect, it } from 'vitest';
import { Gauge } from '../metrics/index.js';
import { ManualClock } from './manual-clock.js';
import { silentLogger } from './silent-logger.js';
import { testHost } from './test-host.js';

const never = new AbortController().signal;
const module = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

it('a test host lends everything but a data folder, which a test brings', async () => {
  const host = testHost();
  expect(host.clock).toBeInstanceOf(ManualClock);
  expect([host.signal.aborted, host.log.with({ a: 1 }) === silentLogger]).toEqual([false, true]);
  for (const level of ['debug', 'info', 'warn', 'error'] as const) host.log[level]('text', { a: 1 });
  new Gauge({ name: 'a', help: 'A.', registers: [host.metrics] }).set(1);
  expect(await host.metrics.metrics()).toContain('a 1\n');
  expect(() => host.dataDir).toThrow('expected testHost({ dataDir })');
  expect(testHost({ dataDir: '/some/folder' }).dataDir).toBe('/some/folder');
  const clock = new ManualClock(5);
  expect(testHost({ clock }).clock).toBe(clock);
});

it('its workers run on the calling thread, with what crosses cloned', async () => {
  const { workers } = testHost();
  const input = { list: [1, 2], bytes: new Uint8Array(4) };
  const double = module('export function run({ list, bytes }) { list.push(3); return [list, bytes.length]; }');
  expect(await workers.run({ module: double, input, transfer: [input.bytes.buffer] }, never)).toEqual([[1, 2, 3], 4]);
  expect([input.list, input.bytes.length]).toEqual([[1, 2], 0]);
  const failing = module('export async function run() { throw new Error("no"); }');
  await expect(workers.run({ module: failing, input: 0 }, never)).rejects.toThrow('no');
  await expect(workers.run({ module: double, input: 0 }, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
});
