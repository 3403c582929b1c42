import { describe, expect, it } from 'vitest';
import type { AggregationFunction } from '../contract/aggregation.js';
import type { TargetGroup } from '../contract/discovery.js';
import type { ExpositionParser } from '../contract/parser.js';
import type { StorageBackend } from '../contract/storage.js';
import { DeliveryError, ParseError, ScrapeError } from '../errors.js';
import { Labels } from '../model/labels.js';
import { testAggregation } from './aggregation-contract.js';
import type { ContractTest } from './contract-test.js';
import { testDiscovery } from './discovery-contract.js';
import { memoryStorage } from './memory-storage.js';
import { testLocalNotifier, testNotifier, type NotifierBench } from './notifier-contract.js';
import { testParser, type ParserExamples } from './parser-contract.js';
import { testScraper, type ScraperBench } from './scraper-contract.js';
import { testStorage } from './storage-contract.js';

/** The names' numbers of the tests that fail. */
async function failing(tests: readonly ContractTest[]): Promise<string[]> {
  const failed = new Set<string>();
  for (const { name, run } of tests) {
    try {
      await run();
    } catch {
      failed.add(name.split(/[. ,]/)[0] ?? name);
    }
  }
  return [...failed];
}

describe('the storage tests', () => {
  /** A memory storage with some methods of its own. */
  const spoilt = (spoil: (storage: StorageBackend) => Partial<StorageBackend>) => (): Promise<string[]> =>
    failing(
      testStorage((options) => {
        const storage = memoryStorage(options);
        const methods: StorageBackend = {
          index: storage.index,
          append: (batch) => storage.append(batch),
          commit: () => storage.commit(),
          view: (range) => storage.view(range),
          stats: () => storage.stats(),
          close: () => storage.close(),
        };
        return { ...methods, ...spoil(storage) };
      }),
    );

  it('pass an honest backend', async () => {
    expect(await spoilt(() => ({}))()).toEqual([]);
  });

  it('find a backend that loses NaN payloads and the sign of zero', async () => {
    const failed = await spoilt((storage) => ({
      append: (batch) => storage.append({ ...batch, values: batch.values.map((value) => value + 0) }),
    }))();
    expect(failed).toContain('7');
  });

  it('find a backend that drops what it should have stored', async () => {
    const failed = await spoilt((storage) => ({
      append: (batch) => ({ ...storage.append({ ...batch, count: Math.min(batch.count, 1) }), accepted: batch.count }),
    }))();
    expect(failed).toEqual(expect.arrayContaining(['1', '5', '10']));
  });

  it('find a backend whose views are not snapshots', async () => {
    const failed = await spoilt((storage) => ({
      view: (range) => ({
        get levels() { return storage.view(range).levels; },
        find: (...args) => storage.view(range).find(...args),
        load: async (list, request, signal) => {
          const view = storage.view(range);
          void list;
          return view.load(await view.find([], 1000, signal), request, signal);
        },
        labelNames: (...args) => storage.view(range).labelNames(...args),
        labelValues: (...args) => storage.view(range).labelValues(...args),
        release: () => undefined,
      }),
    }))();
    expect(failed).toContain('9');
  });

  it('find a backend that commits nothing, and one that takes samples after close', async () => {
    expect(await spoilt(() => ({ commit: () => Promise.resolve() }))()).toContain('3');
    expect(await spoilt(() => ({ close: () => Promise.resolve() }))()).toEqual(['13']);
  });
});

describe('the notifier tests', () => {
  const bench = (broken: Partial<Record<'early' | 'plain' | 'deaf' | 'leaks', boolean>> = {}): Promise<NotifierBench> => {
    let taken = 0;
    let mode: 'take' | 'hang' | boolean = 'take';
    return Promise.resolve({
      channel: {
        async send(_notification, signal) {
          signal.throwIfAborted();
          if (mode === 'hang' && broken.deaf !== true) {
            await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
          }
          if (typeof mode === 'boolean') {
            if (broken.plain === true) throw new TypeError('refused');
            throw new DeliveryError(broken.leaks === true ? 'https://hook/s3cret refused' : 'refused', mode);
          }
          if (broken.early !== true) taken++;
        },
      },
      taken: () => taken,
      refuse: (retryable) => void (mode = retryable),
      hang: () => void (mode = 'hang'),
      secrets: ['s3cret'],
      close: () => Promise.resolve(),
    });
  };

  it('pass an honest channel and find each fault', async () => {
    expect(await failing(testNotifier(() => bench()))).toEqual([]);
    expect(await failing(testLocalNotifier(() => bench()))).toEqual([]);
    expect(await failing(testNotifier(() => bench({ early: true })))).toEqual(['1']);
    expect(await failing(testNotifier(() => bench({ plain: true })))).toEqual(['2']);
    expect(await failing(testNotifier(() => bench({ deaf: true })))).toEqual(['3']);
    expect(await failing(testNotifier(() => bench({ leaks: true })))).toEqual(['4']);
  });
});

describe('the parser tests', () => {
  /** Lines of `name value`. */
  const parser = (broken: { throws?: boolean; backwards?: boolean } = {}): ExpositionParser => ({
    kind: 'lines',
    contentTypes: ['text/lines'],
    accept: [],
    parse({ body }, sink) {
      const lines = new TextDecoder().decode(body).split('\n').filter((line) => line !== '');
      for (const line of broken.backwards === true ? lines.reverse() : lines) {
        const parts = /^([a-z]+) (\d+)$/.exec(line);
        if (parts === null) throw broken.throws === true ? new Error('bad') : new ParseError('bad line', { offset: 0 });
        const key = new TextEncoder().encode(parts[1]);
        sink.sample(key, 0, key.length, Number(parts[2]), NaN);
      }
    },
    labels: (key, start, end) => Labels.of({ __name__: new TextDecoder().decode(key.subarray(start, end)) }),
  });
  const examples: ParserExamples = {
    good: [{ contentType: 'text/lines', body: 'a 1\nb 2\na 3\n', samples: [{ labels: 'a', value: 1 }, { labels: 'b', value: 2 }, { labels: 'a', value: 3 }] }],
    bad: [{ contentType: 'text/lines', body: '<html>' }],
  };

  it('pass an honest parser and find each fault', async () => {
    expect(await failing(testParser(parser(), examples))).toEqual([]);
    expect(await failing(testParser(parser({ throws: true }), examples))).toEqual(['2']);
    expect(await failing(testParser(parser({ backwards: true }), examples))).toContain('1');
    const readable = { ...examples, bad: [{ contentType: 'text/lines', body: 'a 1\n' }] };
    expect(await failing(testParser(parser(), readable))).toEqual(['2']);
  });
});

describe('the aggregation tests', () => {
  const sum = (changes: Partial<AggregationFunction> = {}, forgets = true): AggregationFunction => ({
    name: 'sum',
    create() {
      let total: number | undefined;
      return {
        add: (value) => void (total = (total ?? 0) + value),
        result: () => total,
        reset: () => void (total = forgets ? undefined : total),
        save: () => Float64Array.of(...(total === undefined ? [] : [total])),
        merge: ([other]) => void (total = other === undefined ? total : (total ?? 0) + other),
      };
    },
    over: (values, from, to) => values.subarray(from, to).reduce((total, value) => total + value, 0),
    ...changes,
  });

  it('pass an honest function and find each fault', async () => {
    const numbers = async (fn: AggregationFunction): Promise<string[]> => failing(testAggregation(fn));
    expect(await numbers(sum())).toEqual([]);
    expect(await numbers(sum({ over: (values) => values[0] ?? NaN }))).toEqual(['1']);
    expect(await numbers(sum({ across: (_input, _groups, output) => void output.present.fill(1) }))).toEqual(['1']);
    expect(await numbers(sum({}, false))).toEqual(['2', '3']);
    expect(await numbers(sum({ name: 'Sum!' }))).toEqual(['Sum!:']);
    const unmerged = sum();
    expect(await numbers({ ...unmerged, create: () => ({ ...unmerged.create(), merge: () => undefined }) })).toEqual(['4']);
  });
});

describe('the scraper and discovery tests', () => {
  const bench = (timesOut = true): Promise<ScraperBench> =>
    Promise.resolve({
      scraper: {
        async scrape({ url, bodySizeLimit, timeout }, signal) {
          signal.throwIfAborted();
          if (url === 'hangs' && timeout < 1000 && timesOut) throw new ScrapeError('timed out');
          if (url === 'hangs' && timeout >= 1000) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
          if (url !== 'good' && url !== 'hangs') throw new ScrapeError(`${url}, limit ${bodySizeLimit}`);
          return { contentType: 'text/plain', body: new Uint8Array(new TextEncoder().encode('up 1\n')) };
        },
        close: () => Promise.resolve(),
      },
      url: (behaviour) => behaviour,
      body: 'up 1\n',
      connections: () => 0,
      close: () => Promise.resolve(),
    });

  it('pass honest ones and find each fault', async () => {
    expect(await failing(testScraper(() => bench()))).toEqual([]);
    expect(await failing(testScraper(() => bench(false)))).toEqual(['3']);
    const groups: TargetGroup[] = [{ source: 'here', targets: ['a:1'], labels: {} }];
    const discovery = (met: readonly TargetGroup[]) => ({
      async *watch(signal: AbortSignal): AsyncGenerator<readonly TargetGroup[]> {
        yield met;
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const make = (met: readonly TargetGroup[]) => () => Promise.resolve({ discovery: discovery(met), groups, close: () => Promise.resolve() });
    expect(await failing(testDiscovery(make(groups)))).toEqual([]);
    expect(await failing(testDiscovery(make([])))).toEqual(['1']);
  });
});
