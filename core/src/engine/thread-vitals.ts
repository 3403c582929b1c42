import { getHeapStatistics } from 'node:v8';
import type { Clock, Duration } from '@metrics-dashboard/sdk';
import { Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import { LoopLag } from '../runtime/self-metrics.js';

/** How often the gauges are set: nobody collects on this thread. */
const PERIOD: Duration = 1000;

/** Keeps the gauges of this thread's event loop and heap up to date. Returns what stops that. */
export function watchThread(thread: string, registry: Registry, clock: Clock): () => void {
  const registers = [registry];
  const lag = new Gauge({
    name: 'metrics_dashboard_eventloop_lag_seconds',
    help: 'The worst lag of the event loop in the last seconds, by thread.',
    labelNames: ['thread'],
    registers,
  });
  const heap = new Gauge({
    name: 'metrics_dashboard_heap_used_bytes',
    help: 'JavaScript heap in use, by thread, in bytes.',
    labelNames: ['thread'],
    registers,
  });
  const loop = new LoopLag(clock);
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      lag.set({ thread }, loop.worst() / 1000);
      heap.set({ thread }, getHeapStatistics().used_heap_size);
      await clock.sleep(PERIOD, stopping.signal);
    }
  };
  void watch();
  return () => {
    stopping.abort();
    loop.close();
  };
}
