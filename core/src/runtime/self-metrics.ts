import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntervalHistogram } from 'node:perf_hooks';
import type { Clock, Duration } from '@metrics-dashboard/sdk';
import { Counter, Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Closeable } from './lifecycle.js';

/** How often the loop is looked at, in milliseconds; what is slower than that is lag. Each look wakes the processor. */
const RESOLUTION: Duration = 100;

/** The worst lag is told of a period that is at least this long, however many ask. */
const PERIOD: Duration = 5000;

/**
 * What the program knows of its own process, and of the main thread's loop and heap, set whenever the registry
 * is collected on this thread. Closing ends the watch over the loop.
 */
export function processMetrics(registry: Registry, clock: Clock): Closeable {
  const lag = new LoopLag(clock);
  const thread = { thread: 'main' };
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of all threads, user and system, in seconds.',
    registers: [registry],
  });
  let counted = 0;
  gauge(registry, 'process_resident_memory_bytes', 'Resident memory of the process, in bytes.', (own) => {
    own.set(process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    const seconds = (user + system) / 1e6;
    cpu.inc(seconds - counted);
    counted = seconds;
  });
  const startTime = (clock.now() - process.uptime() * 1000) / 1000;
  gauge(registry, 'process_start_time_seconds', 'When the process started, in seconds since the epoch.', (own) => own.set(startTime));
  gauge(registry, 'process_open_fds', 'Open file descriptors.', (own) => own.set(openFiles()));
  perThread(registry, 'metrics_dashboard_heap_used_bytes', 'JavaScript heap in use, by thread, in bytes.', (own) =>
    own.set(thread, process.memoryUsage().heapUsed),
  );
  perThread(registry, 'metrics_dashboard_eventloop_lag_seconds', 'The worst lag of the event loop in the last seconds, by thread.', (own) =>
    own.set(thread, lag.worst() / 1000),
  );
  return lag;
}

/** How late the loop comes round: the worst of the last period, and of the one that is under way. */
export class LoopLag implements Closeable {
  readonly #clock: Clock;
  readonly #histogram: IntervalHistogram;
  #since: number;
  #ofLastPeriod: Duration = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.elapsed();
    this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
    this.#histogram.enable();
  }

  /** In milliseconds. */
  worst(): Duration {
    // The histogram holds the times between two looks, in nanoseconds, and 0 as long as there was none.
    const now = this.#histogram.count === 0 ? 0 : Math.max(0, this.#histogram.max / 1e6 - RESOLUTION);
    if (this.#clock.elapsed() - this.#since < PERIOD) return Math.max(now, this.#ofLastPeriod);
    this.#since = this.#clock.elapsed();
    this.#ofLastPeriod = now;
    this.#histogram.reset();
    return now;
  }

  close(): void {
    this.#histogram.disable();
  }
}

function gauge(registry: Registry, name: string, help: string, update: (own: Gauge) => void): void {
  const own: Gauge = new Gauge({ name, help, registers: [registry], collect: () => update(own) });
}

function perThread(registry: Registry, name: string, help: string, update: (own: Gauge<'thread'>) => void): void {
  const own: Gauge<'thread'> = new Gauge({ name, help, labelNames: ['thread'], registers: [registry], collect: () => update(own) });
}

/** Linux alone says; elsewhere the number is not known. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.NaN;
  }
}
