// `npm run bench -- pushes`: what each road of pushes takes, in seconds of CPU of the server for a million samples.
//
// 10,000 series of a counter with four labels, all of them in each body, one sample each; the first bodies, which bring
// the series, are not counted. CPU is the run time of all threads of the server, as the operating system counts it.
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { WRITE_HEADERS, compressed, messageV1, messageV2 } from '../remote-writer.js';
import { cpuSeconds } from './processor.js';

const SERIES = 10_000;
const PER_BODY = Number(process.env['BENCH_PER_BODY'] ?? 2000);
const STEPS = Number(process.env['BENCH_STEPS'] ?? 60);
const WARM = 5;

interface Body {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

const JSON_TYPE = { 'content-type': 'application/json' };

function labelsOf(n: number): Record<string, string> {
  return { instance: `host-${n % 50}:9100`, region: `region-${n % 3}`, route: `/api/v1/resource/${n % 211}`, n: String(n) };
}

/** Each makes the body that brings some series at a time. */
const ROADS: Readonly<Record<string, (numbers: readonly number[], step: number, at: number) => Promise<Body>>> = {
  'remote write 1.0': async (numbers, step, at) => ({ path: '/api/v1/write', method: 'POST', headers: WRITE_HEADERS, body: await compressed(messageV1(numbers.map((n) => written('rw1', n, step, at)))) }),
  'remote write 2.0': async (numbers, step, at) => ({
    path: '/api/v1/write',
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request', 'content-encoding': 'snappy' },
    body: await compressed(messageV2(numbers.map((n) => written('rw2', n, step, at)))),
  }),
  'OTLP, JSON': async (numbers, step, at) => {
    const dataPoints = numbers.map((n) => ({ asDouble: n + step, timeUnixNano: `${at}000000`, attributes: Object.entries(labelsOf(n)).map(([key, stringValue]) => ({ key, value: { stringValue } })) }));
    const metrics = [{ name: 'otlp', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }];
    return { path: '/api/v1/otlp/v1/metrics', method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }) };
  },
  'JSON push': async (numbers, step, at) => {
    const samples = numbers.map((n) => ({ labels: labelsOf(n), value: n + step, timestamp: at }));
    return { path: '/api/v1/push', method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ job: 'bench', metrics: [{ name: 'json_total', type: 'counter', samples }] }) };
  },
  'Pushgateway\'s path, PUT': async (numbers, step) => ({
    path: `/metrics/job/bench/part/${numbers[0]}`,
    method: 'PUT',
    headers: {},
    body: numbers.map((n) => `group_total{${Object.entries(labelsOf(n)).map(([name, value]) => `${name}="${value}"`).join(',')}} ${n + step}\n`).join(''),
  }),
};

function written(metric: string, n: number, step: number, at: number) {
  return { labels: Object.entries({ __name__: metric, ...labelsOf(n) }).sort(([a], [b]) => (a < b ? -1 : 1)), samples: [{ value: n + step, at }] };
}

for (const [name, bodyOf] of Object.entries(ROADS)) {
  const product = await startProduct({ config: 'self_scrape: false\nglobal: { scrape_interval: 1h }\nlimits: { series_per_metric: 20000 }\n' });
  try {
    console.log(`${name.padEnd(26)} ${(await measure(product, bodyOf)).toFixed(2)} CPU-s per million samples`);
  } finally {
    await product.stop();
  }
}

async function measure(product: Product, bodyOf: (typeof ROADS)[string]): Promise<number> {
  const start = Date.now() - (STEPS + WARM) * 1000;
  let spent = 0;
  for (let step = 0; step < STEPS + WARM; step++) {
    const bodies: Body[] = [];
    for (let from = 0; from < SERIES; from += PER_BODY) bodies.push(await bodyOf(Array.from({ length: PER_BODY }, (_, i) => from + i), step, start + step * 1000));
    const before = cpuSeconds(product.pid);
    for (const { path, ...request } of bodies) {
      const answer = await fetch(product.url + path, request);
      if (!answer.ok) throw new Error(`${answer.status}: ${(await answer.text()).slice(0, 300)}`);
      await answer.arrayBuffer();
    }
    if (step >= WARM) spent += cpuSeconds(product.pid) - before;
  }
  return spent / ((SERIES * STEPS) / 1e6);
}
