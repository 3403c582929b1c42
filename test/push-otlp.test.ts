import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { AggregationTemporality, AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { MeterProviderOptions, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct } from './product.js';
import type { Product } from './product.js';

const PATH = '/api/v1/otlp/v1/metrics';

let product: Product;

beforeAll(async () => {
  product = await startProduct({ config: 'limits: { series_per_metric: 50 }\notlp: { promote_resource_attributes: [deployment.environment] }\n' });
});
afterAll(() => product?.stop());

type ResourceOfSdk = NonNullable<MeterProviderOptions['resource']>;

/** What a program says of itself. */
function resourceOf(attributes: Record<string, string>): ResourceOfSdk {
  return {
    attributes,
    getRawAttributes: () => Object.entries(attributes),
    // No reader or exporter of this test merges.
    merge: (other) => other ?? resourceOf(attributes),
  };
}

/** A program that reports when it is told to. */
function program(name: string, exporter: PushMetricExporter, options: MeterProviderOptions = {}): MeterProvider {
  return new MeterProvider({
    resource: resourceOf({ 'service.namespace': 'shop', 'service.name': name, 'service.instance.id': 'i1', 'deployment.environment': 'test', 'host.name': 'here' }),
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
    ...options,
  });
}

/** The values of a metric of a job, by one of its labels. */
async function valuesOf(selector: string, label: string): Promise<Record<string, number>> {
  const { data } = await product.query(selector);
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]));
}

const EXPORTERS = [
  ['JSON', AggregationTemporality.CUMULATIVE, (options: object) => new JsonExporter(options)],
  ['JSON', AggregationTemporality.DELTA, (options: object) => new JsonExporter(options)],
  ['protobuf', AggregationTemporality.CUMULATIVE, (options: object) => new ProtobufExporter(options)],
  ['protobuf', AggregationTemporality.DELTA, (options: object) => new ProtobufExporter(options)],
] as const;

describe.each(EXPORTERS)('OpenTelemetry\'s own exporter, %s, temporality %i', (encoding, temporalityPreference, exporterWith) => {
  const job = `${encoding}-${temporalityPreference}`;

  it('brings counters, gauges and histograms, which go on as one would scrape them', async () => {
    const exporter = exporterWith({ url: product.url + PATH, temporalityPreference, compression: 'gzip' });
    const provider = program(job, exporter);
    const meter = provider.getMeter('test');
    const requests = meter.createCounter('http.server.requests', { description: 'Answered.' });
    const open = meter.createUpDownCounter('connections.open');
    const warm = meter.createGauge('room.temperature', { unit: 'Cel' });
    const took = meter.createHistogram('http.server.request.duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } });
    for (let round = 1; round <= 3; round++) {
      requests.add(5, { 'http.route': '/a' });
      requests.add(1, { 'http.route': '/b' });
      open.add(round === 3 ? -1 : 2);
      warm.record(20 + round);
      for (const seconds of [0.05, 0.5, 5]) took.record(seconds);
      await provider.forceFlush();
    }
    await provider.shutdown();
    const of = `{job="shop/${job}",instance="i1",deployment_environment="test"}`;
    expect(await valuesOf(`http_server_requests_total${of}`, 'http_route')).toEqual({ '/a': 15, '/b': 3 });
    expect(await valuesOf(`connections_open${of}`, 'job')).toEqual({ [`shop/${job}`]: 3 });
    expect(await valuesOf(`room_temperature_celsius${of}`, 'job')).toEqual({ [`shop/${job}`]: 23 });
    expect(await valuesOf(`http_server_request_duration_seconds_bucket${of}`, 'le')).toEqual({ '0.1': 3, '1.0': 6, '+Inf': 9 });
    expect(await valuesOf(`{__name__=~"http_server_request_duration_seconds_(sum|count)",job="shop/${job}"}`, '__name__')).toEqual({
      http_server_request_duration_seconds_sum: expect.closeTo(16.65, 9) as number,
      http_server_request_duration_seconds_count: 9,
    });
    expect(await valuesOf(`target_info{job="shop/${job}",instance="i1",host_name="here"}`, 'deployment_environment')).toEqual({ test: 1 });
  });
});

describe('what of a push can not be stored', () => {
  const post = (body: object): Promise<Response> => fetch(product.url + PATH, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const bodyOf = (...metrics: object[]): object => ({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ metrics }] }] });

  it('is told as partial success, and the rest is stored', async () => {
    const points = Array.from({ length: 60 }, (_, i) => ({ asInt: i, attributes: [{ key: 'n', value: { stringValue: String(i) } }] }));
    const exponential = { name: 'odd', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ count: 1 }] } };
    const answer = await post(bodyOf({ name: 'many', gauge: { dataPoints: points } }, exponential));
    expect(answer.status).toBe(200);
    const { partialSuccess } = (await answer.json()) as { partialSuccess: { rejectedDataPoints: string; errorMessage: string } };
    expect(partialSuccess.rejectedDataPoints).toBe('11');
    expect(partialSuccess.errorMessage).toContain('limits.series_per_metric is 50, and metric "many" has as many series');
    expect(Number((await product.query('count(many)')).data.result[0]?.value[1])).toBe(50);
  });

  it('does not trouble a program whose histograms are exponential by choice: the SDK is told, and the rest is stored', async () => {
    const exporter = new ProtobufExporter({ url: product.url + PATH });
    const provider = program('exponential', exporter, { views: [{ instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }] });
    provider.getMeter('test').createHistogram('size').record(3);
    provider.getMeter('test').createCounter('steps').add(1);
    await provider.forceFlush();
    await provider.shutdown();
    expect(await valuesOf('steps_total{job="shop/exponential"}', 'instance')).toEqual({ i1: 1 });
    expect((await product.query('{__name__=~"size.*"}')).data.result).toEqual([]);
  });

  it.each([
    ['application/json', '{', 400],
    ['application/x-protobuf', '\x0a\x05', 400],
    ['text/plain', '', 415],
  ])('answers a body of %s that is %j with %i', async (type, body, status) => {
    const answer = await fetch(product.url + PATH, { method: 'POST', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(status);
  });

  it('shows in the metrics about the server itself', async () => {
    const text = await (await product.get('/metrics')).text();
    expect(text).toMatch(/metrics_dashboard_push_refused_samples_total\{road="otlp",reason="cardinality_limit"\} 10/);
    expect(text).toMatch(/metrics_dashboard_push_requests_total\{road="otlp",code="415"\} 1/);
  });
});
