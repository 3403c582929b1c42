// What an update of a metric costs, beside prom-client in the same process: part of `npm run bench`.
//
// Every figure is the median of ROUNDS runs of UPDATES updates, in nanoseconds of processor time an update. Ours are
// exact with any number of threads on the same metric; prom-client's metrics belong to one thread.
import { Counter, Gauge, Histogram, Registry } from '@metrics-dashboard/sdk/metrics';
import * as prom from 'prom-client';

const ROUNDS = 7;
const UPDATES = 1_000_000;

interface Metrics {
  readonly plain: { inc(): void };
  readonly labelled: { inc(labels: { method: string; code: string }): void; labels(method: string, code: string): { inc(): void } };
  readonly gauge: { set(value: number): void };
  readonly histogram: { observe(value: number): void };
}

const options = { help: 'Help.', labelNames: ['method', 'code'] as const };

function ours(): Metrics {
  const registers = [new Registry()];
  return {
    plain: new Counter({ name: 'a_total', help: 'A.', registers }),
    labelled: new Counter({ name: 'b_total', ...options, registers }),
    gauge: new Gauge({ name: 'c', help: 'C.', registers }),
    histogram: new Histogram({ name: 'd', help: 'D.', registers }),
  };
}

function peers(): Metrics {
  const registers = [new prom.Registry()];
  return {
    plain: new prom.Counter({ name: 'a_total', help: 'A.', registers }),
    labelled: new prom.Counter({ name: 'b_total', ...options, registers }),
    gauge: new prom.Gauge({ name: 'c', help: 'C.', registers }),
    histogram: new prom.Histogram({ name: 'd', help: 'D.', registers }),
  };
}

const UPDATE: Readonly<Record<string, (metrics: Metrics) => (i: number) => void>> = {
  'counter.inc()': ({ plain }) => () => plain.inc(),
  'counter.labels(…), kept, inc()': ({ labelled }) => {
    const kept = labelled.labels('get', '200');
    return () => kept.inc();
  },
  'counter.inc({ … })': ({ labelled }) => () => labelled.inc({ method: 'get', code: '200' }),
  'gauge.set(value)': ({ gauge }) => (i) => gauge.set(i),
  'histogram.observe(value)': ({ histogram }) => (i) => histogram.observe((i % 1000) / 100),
};

console.log(`\n${'nanoseconds an update'.padEnd(34)}${'metrics-dashboard'.padStart(20)}${'prom-client'.padStart(14)}`);
for (const [name, make] of Object.entries(UPDATE)) {
  const [own, peer] = [ours, peers].map((metrics) => nanosecondsOf(make(metrics())));
  console.log(`${name.padEnd(34)}${(own ?? NaN).toFixed(0).padStart(20)}${(peer ?? NaN).toFixed(0).padStart(14)}`);
}

function nanosecondsOf(update: (i: number) => void): number {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < UPDATES; i++) update(i);
    const { user, system } = process.cpuUsage(start);
    // The first round warms up.
    if (round > 0) times.push(((user + system) * 1000) / UPDATES);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
}
