import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@metrics-dashboard/sdk/metrics';
import { Counter, Gauge, Histogram, Pushgateway, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

const CONFIG = 'global: { scrape_interval: 1s }\nlimits: { series_per_metric: 50 }\nself_scrape: false\n';

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
let product: Product;

beforeAll(async () => {
  product = await startProduct({ config: CONFIG, dataDir });
});
afterAll(async () => {
  await product?.stop();
  folder.remove();
});

/** As curl sends what `--data-binary` gives it. */
async function send(method: string, path: string, body?: string, type = 'application/x-www-form-urlencoded'): Promise<{ status: number; text: string }> {
  const answer = await fetch(product.url + path, { method, ...(body === undefined ? {} : { body, headers: { 'content-type': type } }) });
  return { status: answer.status, text: await answer.text() };
}

/** Values by series, of those that are there now. */
async function valuesOf(selector: string): Promise<Record<string, number>> {
  const { data } = await product.query(selector);
  return Object.fromEntries(
    data.result.map(({ metric: { __name__: name = '', ...labels }, value }) => [name + JSON.stringify(labels), Number(value[1])]),
  );
}

describe('prom-client\'s Pushgateway', () => {
  const registry = new Registry();
  const done = new Counter({ name: 'items_total', help: 'Items.', labelNames: ['kind'], registers: [registry] });
  const left = new Gauge({ name: 'items_left', help: 'To do.', registers: [registry] });
  const took = new Histogram({ name: 'item_seconds', help: 'Of one.', buckets: [0.1, 1], registers: [registry] });

  it('pushes, adds and deletes', async () => {
    const gateway = new Pushgateway(product.url, {}, registry);
    done.inc({ kind: 'a' }, 3);
    left.set(7);
    took.observe(0.5);
    const groupings = { instance: 'host/1', zone: 'eu' };
    await gateway.push({ jobName: 'batch job', groupings });
    const of = '{job="batch job",instance="host/1",zone="eu"}';
    expect(await valuesOf(`items_total${of}`)).toEqual({ 'items_total{"instance":"host/1","job":"batch job","kind":"a","zone":"eu"}': 3 });
    expect((await product.query(`item_seconds_bucket${of}`)).data.result.map(({ metric, value }) => [metric['le'], value[1]])).toEqual([['0.1', '0'], ['1.0', '1'], ['+Inf', '1']]);
    const pushed = Object.values(await valuesOf(`push_time_seconds${of}`));
    expect(pushed[0]).toBeCloseTo(Date.now() / 1000, -2);
    expect(Object.values(await valuesOf(`push_failure_time_seconds${of}`))).toEqual([0]);

    const other = new Registry();
    new Gauge({ name: 'items_left', help: 'To do.', registers: [other] }).set(1);
    await new Pushgateway(product.url, {}, other).pushAdd({ jobName: 'batch job', groupings });
    expect(Object.values(await valuesOf(`items_left${of}`))).toEqual([1]);
    expect(Object.values(await valuesOf(`items_total${of}`))).toEqual([3]);

    await new Pushgateway(product.url, {}, other).push({ jobName: 'batch job', groupings });
    expect(await valuesOf(`items_total${of}`)).toEqual({});
    expect(Object.values(await valuesOf(`items_left${of}`))).toEqual([1]);

    await gateway.delete({ jobName: 'batch job', groupings });
    expect(await valuesOf('{job="batch job"}')).toEqual({});
  });
});

describe('the paths of a Pushgateway', () => {
  it('take what curl sends, and honour no label that the path has another value for', async () => {
    expect(await send('POST', '/metrics/job/some_job/instance/i1', '# TYPE some_metric counter\nsome_metric{label="val1",instance="x",job="y"} 42\n')).toEqual({ status: 200, text: '' });
    expect(await valuesOf('some_metric')).toEqual({ 'some_metric{"instance":"i1","job":"some_job","label":"val1"}': 42 });
  });

  it('take base64, UTF-8 names, OpenMetrics and gzip', async () => {
    expect((await send('PUT', '/metrics/job@base64/ZGlyL2pvYg/path@base64/L3Zhci90bXA=', '{"a.metric","ü"="1"} 1\n')).status).toBe(200);
    expect((await product.query('{"a.metric"}')).data.result[0]?.metric).toEqual({ __name__: 'a.metric', job: 'dir/job', path: '/var/tmp', ü: '1' });
    const text = '# TYPE steps counter\n# UNIT steps seconds\n# HELP steps \\"Steps\\"\\nof.\nsteps_total 5\nsteps_created 1\n# EOF\n';
    const body = new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
    const answer = await fetch(`${product.url}/metrics/job/om`, { method: 'PUT', body, headers: { 'content-encoding': 'gzip', 'content-type': 'application/openmetrics-text; version=1.0.0' } });
    expect(answer.status).toBe(200);
    expect(await valuesOf('{job="om",__name__=~"steps.*"}')).toEqual({ 'steps_total{"job":"om"}': 5, 'steps_created{"job":"om"}': 1 });
    const { data } = (await (await product.get('/api/v1/metadata?metric=steps')).json()) as { data: Record<string, object[]> };
    expect(data['steps']).toEqual([{ type: 'counter', unit: 'seconds', help: '"Steps"\nof.' }]);
  });

  it('take the protobuf format that client libraries push in some languages', async () => {
    const gauge = Buffer.concat([Buffer.from('\x0a\x06go_job\x18\x01\x22\x17\x0a\x0a\x0a\x04step\x12\x02ab\x12\x09\x09', 'latin1'), Buffer.from(new Float64Array([2.5]).buffer)]);
    const body = new Uint8Array(Buffer.concat([Buffer.from([gauge.length]), gauge]));
    const answer = await fetch(`${product.url}/metrics/job/go`, { method: 'PUT', body, headers: { 'content-type': 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited' } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await valuesOf('go_job')).toEqual({ 'go_job{"job":"go","step":"ab"}': 2.5 });
  });

  it('take what the SDK\'s own client pushes', async () => {
    const registry = new sdk.Registry();
    new sdk.Counter({ name: 'own_total', help: 'Own.', registers: [registry] }).inc(4);
    const gateway = new sdk.Pushgateway(product.url, {}, registry);
    await gateway.push({ jobName: 'own', groupings: { path: 'a/b' } });
    expect(await valuesOf('own_total')).toEqual({ 'own_total{"job":"own","path":"a/b"}': 4 });
    await gateway.delete({ jobName: 'own', groupings: { path: 'a/b' } });
    expect(await valuesOf('own_total')).toEqual({});
  });

  it.each([
    ['what is no exposition', 'a b c\n', /line 1, column \d+/],
    ['a time of a sample', 'a 1 1700000000000\n', /has a time of its own/],
    ['a series that stands twice', 'a{x="1"} 1\na{x="1"} 2\n', /stands twice/],
    ['series that only the path makes equal', 'a{job="x"} 1\na{job="y"} 2\n', /stands twice/],
    ['another type than in another group', '# TYPE some_metric gauge\nsome_metric 1\n', /is a gauge here and a counter in the group/],
    ['a metric of the server\'s own', 'push_time_seconds 1\n', /is the server's own/],
  ])('refuse %s, and keep what there was and when it was', async (_, body, message) => {
    const path = '/metrics/job/refusing';
    await send('PUT', path, 'kept 1\n');
    const answer = await send('POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(message);
    expect(await valuesOf('kept{job="refusing"}')).toEqual({ 'kept{"job":"refusing"}': 1 });
    await eventually(async () => (Object.values(await valuesOf('push_failure_time_seconds{job="refusing"}'))[0] ?? 0) > Date.now() / 1000 - 5, 'the failure shows');
  });

  it('make a group of a failure alone', async () => {
    expect((await send('PUT', '/metrics/job/never', 'a b c\n')).status).toBe(400);
    await eventually(async () => (await valuesOf('push_time_seconds{job="never"}'))['push_time_seconds{"job":"never"}'] === 0, 'the group shows');
  });

  it.each([['GET', '/metrics/job/', 404], ['PUT', '/metrics/job/', 400], ['PUT', '/metrics/job/a/b', 400], ['DELETE', '/metrics/job/a/1x/b', 400], ['DELETE', '/metrics/job/nobody', 202]])('%s %s is answered with %i', async (method, path, status) => {
    expect((await send(method, path)).status).toBe(status);
  });

  it('store what there is room for, and say what not', async () => {
    const body = Array.from({ length: 60 }, (_, i) => `crowd{n="${i}"} ${i}\n`).join('');
    const answer = await send('PUT', '/metrics/job/crowd', body);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('10 of 62 samples refused, the others are stored');
    expect(answer.text).toContain('limits.series_per_metric is 50');
    expect(Object.keys(await valuesOf('crowd')).length).toBe(50);
    await send('DELETE', '/metrics/job/crowd');
  });

  it('an empty body empties a group with PUT, and renews it with POST', async () => {
    await send('PUT', '/metrics/job/empty', 'some 1\n');
    const before = Object.values(await valuesOf('push_time_seconds{job="empty"}'))[0] ?? 0;
    await send('POST', '/metrics/job/empty', '');
    expect(Object.values(await valuesOf('push_time_seconds{job="empty"}'))[0]).toBeGreaterThan(before);
    expect(Object.values(await valuesOf('some{job="empty"}'))).toEqual([1]);
    await send('PUT', '/metrics/job/empty', '');
    expect(await valuesOf('some{job="empty"}')).toEqual({});
    expect(Object.keys(await valuesOf('push_time_seconds{job="empty"}')).length).toBe(1);
  });
});

describe('a group', () => {
  const samples = async (): Promise<number> => Number((await product.query('count_over_time(lasting{job="lasting"}[1m])')).data.result[0]?.value[1] ?? 0);

  it('is offered again in each interval', async () => {
    await send('PUT', '/metrics/job/lasting', 'lasting 5\n');
    await eventually(async () => (await samples()) >= 3, 'it was offered three times');
  });

  it('ends when it is deleted', async () => {
    await send('PUT', '/metrics/job/gone', 'gone 1\n');
    expect(Object.keys(await valuesOf('gone')).length).toBe(1);
    expect((await send('DELETE', '/metrics/job/gone')).status).toBe(202);
    expect(await valuesOf('{job="gone"}')).toEqual({});
  });

  it('survives a restart, and a deleted one does not come back, whatever files stand beside theirs', async () => {
    const files = readdirSync(join(dataDir, 'pushed'));
    await product.kill();
    writeFileSync(join(dataDir, 'pushed', 'damaged.json'), '{');
    writeFileSync(join(dataDir, 'pushed', 'x.json.tmp'), 'half');
    product = await startProduct({ config: CONFIG, dataDir });
    const before = await samples();
    await eventually(async () => (await samples()) >= before + 2, 'it is offered again');
    expect(await valuesOf('{job="gone"}')).toEqual({});
    expect(existsSync(join(dataDir, 'pushed', 'x.json.tmp'))).toBe(false);
    expect(readdirSync(join(dataDir, 'pushed')).sort()).toEqual([...files, 'damaged.json'].sort());
    expect(product.log()).toContain('a pushed group can not be read, it is left out');
  });
});
