import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Clock } from '@metrics-dashboard/sdk';
import { Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';

/** How often the gauges are set, and how finely the loop is watched, in milliseconds. */
const PERIOD = 1000;
const RESOLUTION = 10;

/** Keeps the gauges of this thread's event loop and heap up to date. Returns what stops that. */
export function watchThread(thread: string, registry: Registry, clock: Clock): () => void {
  const registers = [registry];
  const lag = new Gauge({
    name: 'metrics_dashboard_eventloop_lag_seconds',
    help: 'Worst delay of the event loop in the last second',
    labelNames: ['thread'],
    registers,
  });
  const heap = new Gauge({
    name: 'metrics_dashboard_heap_used_bytes',
    help: 'Heap in use',
    labelNames: ['thread'],
    registers,
  });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      lag.set({ thread }, Math.max(0, delay.max / 1e9 - RESOLUTION / 1000));
      delay.reset();
      heap.set({ thread }, getHeapStatistics().used_heap_size);
      await clock.sleep(PERIOD, stopping.signal);
    }
  };
  delay.enable();
  void watch();
  return () => {
    stopping.abort();
    delay.disable();
  };
}
