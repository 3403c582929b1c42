import { afterEach, describe, expect, it } from 'vitest';
import { Registry, collectDefaultMetrics } from './index.js';

describe('default metrics', () => {
  const closing: (() => void)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  it('tell of the process and of the runtime under the names that dashboards know', async () => {
    const registry = new Registry();
    closing.push(collectDefaultMetrics({ register: registry }));
    await registry.metrics();
    const text = await registry.metrics();
    const values = new Map<string, number>();
    for (const [, name = '', value] of text.matchAll(/^([a-z_0-9]+)(?:\{[^}]*\})? (.*)$/gm)) {
      values.set(name, Math.max(Number(value), values.get(name) ?? -Infinity));
    }
    for (const name of [
      'process_cpu_user_seconds_total', 'process_cpu_seconds_total', 'process_start_time_seconds', 'process_resident_memory_bytes',
      'nodejs_heap_size_used_bytes', 'nodejs_heap_space_size_used_bytes', 'nodejs_active_resources_total', 'nodejs_version_info',
    ]) {
      expect(values.get(name), name).toBeGreaterThan(0);
    }
    for (const name of ['nodejs_eventloop_lag_seconds', 'nodejs_eventloop_lag_p99_seconds']) expect(values.get(name), name).toBeGreaterThanOrEqual(0);
    expect(text).toContain('# TYPE nodejs_gc_duration_seconds histogram');
    expect(values.get('process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('carry a prefix and labels, and count processor time once however often they are read', async () => {
    const registry = new Registry();
    closing.push(collectDefaultMetrics({ register: registry, prefix: 'app_', labels: { thread: 'main' } }));
    await registry.metrics();
    const text = await registry.metrics();
    const seconds = Number(/^app_process_cpu_seconds_total\{thread="main"\} (.*)$/m.exec(text)?.[1]);
    const { user, system } = process.cpuUsage();
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual((user + system) / 1e6);
    expect(text).toMatch(/^app_nodejs_heap_space_size_used_bytes\{space="new",thread="main"\} \d+$/m);
    expect(text.split('\n').filter((line) => !line.startsWith('#') && line !== '' && !line.startsWith('app_'))).toEqual([]);
  });

  it('tell of collections of garbage by kind', async () => {
    const registry = new Registry();
    closing.push(collectDefaultMetrics({ register: registry }));
    const kept: unknown[] = [];
    await expect
      .poll(() => {
        for (let i = 0; i < 50; i++) kept[i % 3] = new Array(200_000).fill(i);
        return registry.metrics();
      }, { timeout: 10_000 })
      .toMatch(/^nodejs_gc_duration_seconds_count\{kind="(minor|major|incremental)"\} [1-9]/m);
  });
});
