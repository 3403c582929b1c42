import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Labels, UnavailableError } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, settle, silentLogger } from '@metrics-dashboard/sdk/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine, SourceId } from '../engine/engine.js';
import type { Delivery, IngestReport, SourceOptions } from '../ingest/delivery.js';
import type { FamiliesRead, FamiliesRequest, MetricFamily } from '../ingest/families.js';
import { GroupFolder } from './group-folder.js';
import { PushGroups } from './push-groups.js';
import type { GroupLimits } from './push-groups.js';

const REPORT: IngestReport = { accepted: 3, scraped: 3, afterRelabeling: 3, seriesAdded: 0, exemplars: 0, refused: {}, examples: [], error: undefined };
const leaving: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const leave of leaving.splice(0).reverse()) await leave();
});

/** Reads a body as `name=value` pairs, and writes down what it is told. */
class NotingEngine implements Pick<Engine, 'openSource' | 'closeSource' | 'ingest' | 'readFamilies'> {
  readonly log: string[] = [];
  refusal: Error | undefined;
  readonly #names = new Map<number, string>();

  async openSource({ name, nameValidation }: SourceOptions): Promise<SourceId> {
    if (this.refusal) throw this.refusal;
    const id = this.#names.size + 1;
    this.#names.set(id, `${name.replace('pushed group ', '')} ${nameValidation}`);
    return id as SourceId;
  }

  async closeSource(id: SourceId, at: number | undefined): Promise<void> {
    this.log.push(`${at === undefined ? 'leave' : `end ${at}`} ${this.#names.get(id)}`);
  }

  async ingest(id: SourceId, { at, outcome }: Delivery): Promise<IngestReport> {
    if (this.refusal) throw this.refusal;
    const text = outcome.ok ? Buffer.from(outcome.body).toString() : '';
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('push_'));
    this.log.push(`${at} ${this.#names.get(id)}: ${lines.join(' ')}`);
    return REPORT;
  }

  async readFamilies({ body }: FamiliesRequest): Promise<FamiliesRead> {
    const text = Buffer.from(body).toString();
    if (text === 'bad') return { families: undefined, error: { kind: 'parse', message: 'bad' } };
    const families = text.split(' ').filter((pair) => pair !== '').map((pair): MetricFamily => {
      const [name = '', value = '', type] = pair.split('=');
      return { name, type: type === 'g' ? 'gauge' : 'counter', help: '', unit: '', lines: `${name} ${value}\n` };
    });
    return { families, error: undefined };
  }

  /** What was written down since the last call. */
  take(): string[] {
    return this.log.splice(0);
  }
}

async function world(path = mkdtempSync(join(tmpdir(), 'groups-')), limits?: GroupLimits) {
  leaving.push(() => rmSync(path, { recursive: true, force: true }));
  const clock = new ManualClock(1_001_000);
  const engine = new NotingEngine();
  const metrics = new Registry();
  // Groups use these four of the engine's methods.
  const groups = new PushGroups({ engine: engine as unknown as Engine, clock, log: silentLogger, metrics, folder: new GroupFolder(path), ...(limits && { limits }) });
  leaving.push(() => groups.close());
  await groups.start({ scrapeInterval: 10_000, nameValidation: 'utf8' });
  await settle();
  const push = (job: string, body: string, mode: 'replace' | 'merge' = 'replace') =>
    groups.push({ labels: Labels.of({ job }), mode, contentType: 'text/x', body: new TextEncoder().encode(body) });
  return { clock, engine, groups, push, metrics, path };
}

describe('pushed groups', () => {
  it('are offered when they change and in each interval, at a later time each time', async () => {
    const { push, engine, clock } = await world();
    await push('a', 'x=1 y=2');
    await push('a', 'y=3 z=4', 'merge');
    await push('a', 'w=5');
    await clock.advance(9000);
    await settle();
    expect(engine.take()).toEqual(['1001000 {job="a"} utf8: x 1 y 2', '1001001 {job="a"} utf8: x 1 y 3 z 4', '1001002 {job="a"} utf8: w 5', '1010000 {job="a"} utf8: w 5']);
  });

  it('end when they are deleted, also one that was not offered since the start', async () => {
    const { push, engine, groups, path } = await world();
    await push('a', 'x=1');
    await groups.remove(Labels.of({ job: 'a' }));
    expect(engine.take()).toEqual(['1001000 {job="a"} utf8: x 1', 'end 1001001 {job="a"} utf8']);
    expect(readdirSync(path)).toEqual([]);
    await push('b', 'x=1');
    await groups.close();
    const later = await world(path);
    await later.groups.remove(Labels.of({ job: 'b' }));
    expect(later.engine.take()).toEqual(['1001000 {job="b"} utf8: x 1', 'end 1001001 {job="b"} utf8']);
  });

  it('keep what they have when a push is refused', async () => {
    const { push, engine } = await world();
    await push('a', 'x=1');
    expect((await push('b', 'x=1=g')).error?.message).toBe('metric "x" is a gauge here and a counter in the group {job="a"}');
    expect((await push('a', 'bad')).error?.message).toBe('bad');
    expect((await push('a', 'push_time_seconds=1')).error?.message).toBe('metric "push_time_seconds" is the server\'s own');
    expect((await push('a', 'x=2=g')).error).toBeUndefined();
    await settle();
    expect(engine.take().at(-1)).toContain('{job="a"} utf8: x 2');
  });

  it('take no more than there may be', async () => {
    const { push, path } = await world(undefined, { groups: 2, size: 2000 });
    await push('a', 'x=1');
    await push('b', 'x=1');
    expect((await push('c', 'x=1')).error).toMatchObject({ kind: 'limit', message: 'there are 2 groups, as many as there may be; delete those that are not needed' });
    expect((await push('a', `x=${'1'.repeat(1500)}`)).error?.kind).toBe('limit');
    expect((await push('c', 'bad')).error?.kind).toBe('parse');
    expect(readdirSync(path).length).toBe(2);
  });

  it('are offered again when the engine is back', async () => {
    const { push, engine, clock, metrics } = await world();
    engine.refusal = new UnavailableError('away');
    await expect(push('a', 'x=1')).rejects.toThrow('away');
    await clock.advance(9000);
    await settle();
    engine.refusal = undefined;
    await clock.advance(10_000);
    await settle();
    expect(engine.take()).toEqual(['1020000 {job="a"} utf8: x 1']);
    expect(await metrics.metrics()).toContain('metrics_dashboard_pushed_groups_failed_offers_total 1');
  });

  it('take another interval and other rules for names while they run', async () => {
    const { push, engine, groups, clock } = await world();
    await push('a', 'x=1');
    groups.configure({ scrapeInterval: 5000, nameValidation: 'legacy' });
    await settle();
    await clock.advance(4000);
    await settle();
    expect(engine.take()).toEqual(['1001000 {job="a"} utf8: x 1', 'leave {job="a"} utf8', '1001001 {job="a"} legacy: x 1', '1005000 {job="a"} legacy: x 1']);
  });
});
