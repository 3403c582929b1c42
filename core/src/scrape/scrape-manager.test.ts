import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, ScrapeError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Logger, Scraper, Target, TargetDiscovery, TargetGroup } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, settle, silentLogger } from '@metrics-dashboard/sdk/testing';
import type { Engine, SourceId } from '../engine/engine.js';
import type { Delivery, IngestReport, SourceOptions } from '../ingest/delivery.js';
import type { NamedConfig } from '../plugin/plugin-config.js';
import { ScrapeManager } from './scrape-manager.js';
import { PLAIN_JOB } from './scrape-config.js';
import type { ScrapeConfig } from './scrape-config.js';
import type { TargetStatus } from './target-status.js';

const START = Date.UTC(2026, 0, 1);
const leaving: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
});

/** An engine that writes down what it is told. */
class NotingEngine {
  readonly sources = new Map<number, SourceOptions>();
  readonly closed: { name: string; at: number | undefined }[] = [];
  readonly deliveries: { name: string; delivery: Delivery }[] = [];
  refusal: Error | undefined;
  report: Partial<IngestReport> = {};
  /** How long storing takes, and how many deliveries were under way at most. */
  slowness = 0;
  atOnce = 0;
  readonly #clock: ManualClock;
  #open = 0;
  #next = 1;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  openSource(options: SourceOptions): Promise<SourceId> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    this.sources.set(this.#next, options);
    return Promise.resolve(this.#next++ as SourceId);
  }

  closeSource(id: SourceId, at: number | undefined): Promise<void> {
    this.closed.push({ name: this.#name(id), at });
    this.sources.delete(id);
    return Promise.resolve();
  }

  async ingest(id: SourceId, delivery: Delivery): Promise<IngestReport> {
    if (this.refusal !== undefined) throw this.refusal;
    this.deliveries.push({ name: this.#name(id), delivery });
    this.#open += 1;
    this.atOnce = Math.max(this.atOnce, this.#open);
    if (this.slowness > 0) await this.#clock.sleep(this.slowness, new AbortController().signal);
    this.#open -= 1;
    const all = { accepted: 3, scraped: 3, afterRelabeling: 3, seriesAdded: 0, exemplars: 0, refused: {}, examples: [], error: undefined };
    return { ...all, ...this.report };
  }

  acceptHeader(): Promise<string> {
    return this.refusal === undefined ? Promise.resolve('text/plain') : Promise.reject(this.refusal);
  }

  times(name = 'a'): number[] {
    return this.deliveries.filter((each) => each.name.includes(`//${name}:`)).map(({ delivery }) => delivery.at - START);
  }

  #name(id: SourceId): string {
    return this.sources.get(id)?.name ?? 'unknown';
  }
}

/** A discovery that a test sets. */
class SetDiscovery implements TargetDiscovery {
  #groups: readonly TargetGroup[];
  readonly #waiting = new Set<() => void>();
  isStubborn = false;

  constructor(...targets: string[]) {
    this.#groups = [{ source: 'test', targets, labels: {} }];
  }

  set(...targets: string[]): void {
    this.#groups = [{ source: 'test', targets, labels: {} }];
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async *watch(signal: AbortSignal): AsyncGenerator<readonly TargetGroup[]> {
    if (!this.isStubborn) signal.addEventListener('abort', () => this.#wake());
    while (!signal.aborted) {
      yield this.#groups;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }
}

function world() {
  const clock = new ManualClock(START);
  const engine = new NotingEngine(clock);
  const metrics = new Registry();
  const discovery = new SetDiscovery('a:1', 'b:1');
  const scrapes = { open: 0, most: 0, closed: 0, opened: 0, answer: answered() };
  const scraper: Scraper = {
    scrape: async (target, signal) => {
      scrapes.open += 1;
      scrapes.most = Math.max(scrapes.most, scrapes.open);
      try {
        return await scrapes.answer(target, signal);
      } finally {
        scrapes.open -= 1;
      }
    },
    close: () => {
      scrapes.closed += 1;
      return Promise.resolve();
    },
  };
  const lines: { message: string; fields: unknown }[] = [];
  const log: Logger = { ...silentLogger, warn: (message, fields) => void lines.push({ message, fields }) };
  const manager = new ScrapeManager({
    // The manager asks nothing else of the port.
    engine: engine as unknown as Engine,
    clock,
    log,
    metrics,
    openDiscovery: ({ kind }) => (kind === 'test' ? Promise.resolve(discovery) : Promise.reject(new ConfigError(`unknown ${kind}`))),
    openScraper: () => {
      scrapes.opened += 1;
      return Promise.resolve(scraper);
    },
    isImmediate: ({ jobName }) => jobName === 'self',
  });
  leaving.push(() => manager.close());
  const apply = async (...jobs: ScrapeConfig[]): Promise<void> => {
    (await manager.prepare(jobs)).commit();
    await settle();
  };
  return { clock, engine, metrics, discovery, scrapes, manager, lines, apply };
}

function answered(): (target: Target, signal: AbortSignal) => ReturnType<Scraper['scrape']> {
  return () => Promise.resolve({ contentType: 'text/plain', body: new Uint8Array(2) });
}

function named(kind: string, config: unknown = {}): NamedConfig {
  return { kind, config, at: { file: undefined, path: '', line: Math.random(), column: undefined } };
}

function job(overrides: Partial<ScrapeConfig> = {}): ScrapeConfig {
  return {
    jobName: 'node',
    interval: 15_000,
    timeout: 10_000,
    ...PLAIN_JOB,
    discoveries: [named('test')],
    scraper: named('http'),
    ...overrides,
  };
}

describe('scraping', () => {
  it('happens once in each interval, each target at its own place, on the grid', async () => {
    const { clock, engine, apply } = world();
    await apply(job());
    await clock.advance(60_000);
    const [a, b] = [engine.times('a'), engine.times('b')];
    expect([a.length, b.length]).toEqual([4, 4]);
    expect(a.map((at, i) => at - (a[i - 1] ?? at))).toEqual([0, 15_000, 15_000, 15_000]);
    expect(a[0]).not.toBe(b[0]);
  });

  it('of a job that is wanted at once begins without waiting', async () => {
    const { clock, engine, apply } = world();
    await apply(job({ jobName: 'self' }));
    expect(engine.times('a')).toEqual([0]);
    await clock.advance(15_000);
    expect(engine.times('a')).toHaveLength(2);
  });

  it('tells the engine who delivers, how long it took, and what came', async () => {
    const { clock, engine, scrapes, apply } = world();
    scrapes.answer = async (_, signal) => {
      await clock.sleep(250, signal);
      return { contentType: 'text/plain', body: new Uint8Array(2) };
    };
    await apply(job({ sampleLimit: 7, honorLabels: true }));
    await clock.advance(16_000);
    expect([...engine.sources.values()][0]).toMatchObject({ kind: 'scrape', sampleLimit: 7, honorLabels: true });
    const instances = [...engine.sources.values()].flatMap(({ labels }) => labels.filter(({ name }) => name === 'instance'));
    expect(instances.map(({ value }) => value).sort()).toEqual(['a:1', 'b:1']);
    expect(engine.deliveries[0]?.delivery).toMatchObject({ seconds: 0.25, outcome: { ok: true, contentType: 'text/plain' } });
  });

  it('never overlaps: a scrape that takes too long to store costs the ticks it covers, and they are counted', async () => {
    const { clock, engine, scrapes, metrics, discovery, apply } = world();
    discovery.set('a:1');
    engine.slowness = 40_000;
    await apply(job());
    await clock.advance(150_000);
    engine.slowness = 0;
    await clock.advance(40_000);
    expect(scrapes.most).toBe(1);
    expect(engine.times('a').length).toBeGreaterThanOrEqual(3);
    expect(engine.atOnce).toBe(1);
    expect(await metrics.metrics()).toMatch(/metrics_dashboard_ticks_missed_total\{what="scrape"\} [1-9]/);
  });

  it('with a scraper that never gives up is a failure, and goes on at the next tick', async () => {
    const { clock, engine, scrapes, discovery, apply } = world();
    discovery.set('a:1');
    scrapes.answer = () => new Promise(() => undefined);
    await apply(job());
    await clock.advance(60_000);
    expect(engine.times('a').length).toBeGreaterThanOrEqual(3);
    expect(engine.deliveries[0]?.delivery.outcome).toEqual({ ok: false, error: 'no answer within 10s, and the scraper did not give up' });
  });

  it('that fails is delivered as a failure, with a sentence for people', async () => {
    const { clock, engine, scrapes, manager, metrics, apply } = world();
    scrapes.answer = () => Promise.reject(new ScrapeError('status 500 Internal Server Error', { cause: new Error('inner') }));
    await apply(job());
    await clock.advance(15_000);
    expect(engine.deliveries[0]?.delivery.outcome).toEqual({ ok: false, error: 'status 500 Internal Server Error' });
    expect(manager.active()[0]).toMatchObject({ health: 'down', lastError: 'status 500 Internal Server Error' });
    expect(await metrics.metrics()).toContain('metrics_dashboard_scrape_targets{health="down"} 2');
  });

  it('of a job with too many targets does not happen, and every target says why', async () => {
    const { clock, engine, scrapes, manager, discovery, apply } = world();
    await apply(job({ targetLimit: 1 }));
    await clock.advance(15_000);
    expect(scrapes.most).toBe(0);
    expect(engine.deliveries[0]?.delivery.outcome.ok).toBe(false);
    expect(manager.active()[0]?.lastError).toBe('target_limit is 1, met 2 targets: none of them is scraped');
    discovery.set('a:1');
    await clock.advance(15_000);
    expect(manager.active()).toMatchObject([{ health: 'up', lastError: undefined }]);
  });

  it('asks for the formats that the job prefers', async () => {
    const { clock, scrapes, apply } = world();
    const asked: string[] = [];
    scrapes.answer = (target) => {
      asked.push(target.accept);
      return answered()(target, new AbortController().signal);
    };
    await apply(job({ accept: 'text/plain;q=0.9' }));
    await clock.advance(15_000);
    expect(new Set(asked)).toEqual(new Set(['text/plain;q=0.9']));
  });

  it('shows what the engine made of it', async () => {
    const { clock, engine, manager, apply } = world();
    expect(manager.active()).toEqual([]);
    await apply(job());
    expect(manager.active()[0]).toMatchObject({ health: 'unknown', scrapePool: 'node', url: 'http://a:1/metrics', interval: 15_000 });
    await clock.advance(15_000);
    expect(manager.active()[0]).toMatchObject({ health: 'up', lastError: undefined, samples: 3 });
    engine.report = { refused: { cardinality_limit: 2 } };
    await clock.advance(15_000);
    expect(manager.active()[0]).toMatchObject({ health: 'up', lastError: 'of 3 samples some were refused: 2 cardinality limit' });
    engine.report = { error: { kind: 'parse', message: 'line 1: not metrics' } };
    await clock.advance(15_000);
    expect(manager.active()[0]).toMatchObject({ health: 'down', lastError: 'line 1: not metrics' });
  });

  it('goes on when the engine was away, and says so meanwhile', async () => {
    const { clock, engine, manager, metrics, apply } = world();
    engine.refusal = new UnavailableError('the engine is starting');
    await apply(job());
    await clock.advance(30_000);
    expect(manager.active()[0]?.lastError).toBe('the scrape was not stored: the engine is starting');
    expect(await metrics.metrics()).toContain('metrics_dashboard_scrapes_not_stored_total 4');
    engine.refusal = undefined;
    await clock.advance(15_000);
    expect(manager.active().map(({ health }) => health)).toEqual(['up', 'up']);
  });
});

describe('targets', () => {
  it('start and stop by difference; the series of one that is gone end', async () => {
    const { clock, engine, discovery, apply } = world();
    await apply(job());
    await clock.advance(15_000);
    discovery.set('b:1', 'c:1');
    await clock.advance(15_000);
    expect(engine.closed).toEqual([{ name: 'node http://a:1/metrics', at: START + 15_000 }]);
    expect(['a', 'b', 'c'].map((name) => engine.times(name).length)).toEqual([1, 2, 1]);
  });

  it('that can not be scraped are logged when they change, and shown with the reason', async () => {
    const { clock, discovery, manager, lines, apply } = world();
    discovery.set('a:1', 'b/c');
    await apply(job());
    discovery.set('a:1', 'b/c');
    await clock.advance(0);
    expect(lines).toEqual([{ message: 'targets that can not be scraped', fields: { job: 'node', targets: 1, first: '"b/c" is not an address: it contains a slash' } }]);
    expect(manager.dropped().map(({ error }) => error)).toEqual(['"b/c" is not an address: it contains a slash']);
  });

  it('tell which rule did what, dropped ones too', async () => {
    const { manager, apply } = world();
    const rule = { separator: ';', modulus: 0, replacement: '$1', regex: '(.*)', targetLabel: '' };
    const relabel = [
      { ...rule, action: 'replace' as const, sourceLabels: ['__address__'], targetLabel: 'host' },
      { ...rule, action: 'drop' as const, sourceLabels: ['host'], regex: 'b:.*' },
    ];
    await apply({ ...job(), relabel });
    const [active] = manager.active();
    const [dropped] = manager.dropped();
    expect(manager.trace(active?.id ?? '')).toMatchObject({ scrapePool: 'node', droppedBy: undefined, labels: active?.labels, steps: [{ after: expect.arrayContaining([{ name: 'host', value: 'a:1' }]) as unknown }, { before: expect.arrayContaining([{ name: 'host', value: 'a:1' }]) as unknown }] });
    expect(manager.trace(dropped?.id ?? '')).toMatchObject({ droppedBy: 1, labels: undefined, error: undefined, steps: [{}, { after: undefined }] });
    expect(manager.trace('nobody')).toBeUndefined();
  });

  it('are seen by who watches, at most once in an interval', async () => {
    const { clock, manager, apply } = world();
    const seen: number[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const targets of manager.watch(5000, stop.signal)) seen.push(targets.filter(isUp).length);
    })();
    await apply(job());
    await clock.advance(16_000);
    stop.abort();
    await watching;
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(2);
    expect(seen.length).toBeLessThanOrEqual(4);
  });

  it('stop without an end of their series when the program stops', async () => {
    const { clock, engine, manager, scrapes, apply } = world();
    await apply(job());
    await clock.advance(15_000);
    await manager.close();
    expect(engine.closed.map(({ at }) => at)).toEqual([undefined, undefined]);
    expect(scrapes.closed).toBe(1);
    expect(clock.sleepers).toBe(0);
  });

  it('stop though a discovery does not', async () => {
    const { clock, manager, lines, discovery, apply } = world();
    discovery.isStubborn = true;
    await apply(job());
    const closing = manager.close();
    await clock.advance(5000);
    await closing;
    expect(lines.map(({ message }) => message)).toEqual(['a discovery does not end']);
    expect(clock.sleepers).toBe(0);
  });

  it('whose scrape is on its way when the program stops are given up', async () => {
    const { clock, engine, manager, scrapes, apply } = world();
    scrapes.answer = async (_, signal) => {
      await clock.sleep(9000, signal);
      throw new ScrapeError('given up');
    };
    await apply(job({ jobName: 'self' }));
    expect(scrapes.open).toBe(2);
    await manager.close();
    expect(engine.deliveries).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });
});

describe('a reload', () => {
  it('leaves jobs that are as before alone, wherever they stand in the file', async () => {
    const { clock, engine, scrapes, apply } = world();
    await apply(job(), job({ jobName: 'other' }));
    await clock.advance(15_000);
    await apply(job({ jobName: 'other' }), job());
    await clock.advance(15_000);
    expect(scrapes.opened).toBe(2);
    expect(engine.closed).toEqual([]);
    expect(engine.sources.size).toBe(4);
  });

  it('lets a changed job take over: series go on where a target has the same labels, and end where it is gone', async () => {
    const { clock, engine, scrapes, discovery, apply } = world();
    await apply(job());
    await clock.advance(15_000);
    discovery.set('b:1');
    await clock.advance(0);
    engine.closed.length = 0;
    await apply(job({ metricsPath: '/other' }));
    await clock.advance(15_000);
    expect(engine.closed).toEqual([{ name: 'node http://b:1/metrics', at: undefined }]);
    expect([...engine.sources.values()].map(({ name }) => name)).toEqual(['node http://b:1/other']);
    expect([scrapes.opened, scrapes.closed]).toEqual([2, 1]);
  });

  it('ends the series of a job that is gone', async () => {
    const { clock, engine, scrapes, manager, apply } = world();
    await apply(job());
    await clock.advance(20_000);
    await apply();
    expect(engine.closed.map(({ at }) => at)).toEqual([START + 20_000, START + 20_000]);
    expect(manager.active()).toEqual([]);
    expect(scrapes.closed).toBe(1);
  });

  it('that is refused changes nothing and leaves nothing open', async () => {
    const { clock, engine, scrapes, manager, apply } = world();
    await apply(job());
    const bad = [job({ jobName: 'fresh' }), job({ jobName: 'bad', discoveries: [named('nowhere')] })];
    await expect(manager.prepare(bad)).rejects.toThrow(ConfigError);
    expect([scrapes.opened, scrapes.closed]).toEqual([2, 1]);
    await clock.advance(15_000);
    expect(engine.times('a')).toHaveLength(1);
  });

  it('after another that is not through yet leaves the last one in force', async () => {
    const { clock, engine, manager } = world();
    for (const metricsPath of ['/1', '/2', '/3']) (await manager.prepare([job({ metricsPath })])).commit();
    await clock.advance(15_000);
    expect([...engine.sources.values()].map(({ name }) => name).sort()).toEqual(['node http://a:1/3', 'node http://b:1/3']);
    expect(new Set(engine.deliveries.map(({ name }) => name)).size).toBe(2);
  });

  it('opens sources anew where the engine got other limits', async () => {
    const { clock, engine, manager, apply } = world();
    await apply(job());
    await clock.advance(15_000);
    manager.renewSources();
    await clock.advance(15_000);
    expect(engine.closed.map(({ at }) => at)).toEqual([undefined, undefined]);
    expect(engine.sources.size).toBe(2);
  });
});

function isUp({ health }: TargetStatus): boolean {
  return health === 'up';
}
