import { Registry } from '@metrics-dashboard/sdk/metrics';
import { describe, expect, it } from 'vitest';
import { processMetrics } from './self-metrics.js';
import { systemClock } from './system-clock.js';

describe('the metrics of the process', () => {
  it('are all there, and make sense', async () => {
    const registry = new Registry();
    const watch = processMetrics(registry, systemClock);
    const text = await registry.metrics();
    await watch.close();
    const valueOf = (series: string): number => Number(text.split('\n').find((line) => line.startsWith(`${series} `))?.split(' ')[1]);
    expect(valueOf('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(valueOf('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(Math.abs(valueOf('process_start_time_seconds') * 1000 + process.uptime() * 1000 - systemClock.now())).toBeLessThan(2000);
    expect(valueOf('process_open_fds')).toBeGreaterThan(2);
    expect(valueOf('metrics_dashboard_heap_used_bytes{thread="main"}')).toBeGreaterThan(1_000_000);
    expect(valueOf('metrics_dashboard_eventloop_lag_seconds{thread="main"}')).toBeGreaterThanOrEqual(0);
  });
});
