import type { Scraper, Target } from '../contract/scraper.js';
import { ScrapeError } from '../errors.js';
import { Labels } from '../model/labels.js';
import { assertEqual, assertFails, assertTrue, type ContractTest } from './contract-test.js';
import { never } from './storage-bench.js';

/** How a target behaves: it answers well, refuses, breaks off half-way, answers never, is not there, answers at length. */
export type TargetBehaviour = 'good' | 'refuses' | 'breaks-off' | 'hangs' | 'absent' | 'large';

/** A scraper and targets of every behaviour, both made for one test. */
export interface ScraperBench {
  readonly scraper: Scraper;
  /** The address of a target that behaves so. */
  readonly url: (behaviour: TargetBehaviour) => string;
  /** The body that the good target answers with; the large one answers with more bytes than that. */
  readonly body: string;
  /** How many connections the targets have open. */
  readonly connections: () => number | Promise<number>;
  close(): Promise<void>;
}

/** The tests of `contract/scraper.ts`. */
export function testScraper(make: () => Promise<ScraperBench>): ContractTest[] {
  const test = (name: string, run: (bench: ScraperBench) => Promise<void>): ContractTest => ({
    name,
    async run() {
      const bench = await make();
      try {
        await run(bench);
      } finally {
        await bench.scraper.close();
        await bench.close();
      }
    },
  });
  return [
    test('1. a good target gives its body and its content type', good),
    test('1. a target that does not answer as it should is a ScrapeError', bad),
    test('2. a part of a body is never given', parts),
    test('3. scraping gives up at the timeout and when the signal aborts', givesUp),
    test('4. close ends connections that are kept open', closes),
  ];
}

function target(url: string, changes: Partial<Target> = {}): Target {
  const accept = 'text/plain;version=0.0.4';
  return { url, labels: Labels.of({ job: 'test' }), timeout: 10_000, bodySizeLimit: 0, accept, ...changes };
}

async function good({ scraper, url, body }: ScraperBench): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const exposition = await scraper.scrape(target(url('good')), never);
    assertEqual(new TextDecoder().decode(exposition.body), body, 'body');
    assertTrue(exposition.contentType !== '', 'there is a content type');
    assertTrue(exposition.body.buffer instanceof ArrayBuffer, 'the body can be moved to another thread');
  }
}

async function bad({ scraper, url }: ScraperBench): Promise<void> {
  for (const behaviour of ['refuses', 'absent'] as const) {
    const what = `a target that ${behaviour === 'absent' ? 'is not there' : behaviour}`;
    const error = await assertFails(() => scraper.scrape(target(url(behaviour)), never), ScrapeError, what);
    assertTrue(error.message !== '', `${what} has a message for people`);
  }
}

async function parts({ scraper, url, body }: ScraperBench): Promise<void> {
  await assertFails(() => scraper.scrape(target(url('breaks-off')), never), ScrapeError, 'a target that breaks off');
  const limited = target(url('large'), { bodySizeLimit: body.length });
  await assertFails(() => scraper.scrape(limited, never), ScrapeError, 'a body over the limit');
  const exact = target(url('good'), { bodySizeLimit: new TextEncoder().encode(body).length });
  assertTrue((await scraper.scrape(exact, never)).body.length > 0, 'a body as large as the limit is given');
}

async function givesUp({ scraper, url }: ScraperBench): Promise<void> {
  const slow = target(url('hangs'), { timeout: 50 });
  await assertFails(() => scraper.scrape(slow, never), ScrapeError, 'a target over its timeout');
  const controller = new AbortController();
  const aborted = assertFails(() => scraper.scrape(target(url('hangs')), controller.signal), Error, 'an aborted scrape');
  setImmediate(() => controller.abort());
  await aborted;
  const before = AbortSignal.abort();
  await assertFails(() => scraper.scrape(target(url('good')), before), Error, 'a scrape with an aborted signal');
}

async function closes({ scraper, url, connections }: ScraperBench): Promise<void> {
  await scraper.scrape(target(url('good')), never);
  await scraper.close();
  await scraper.close();
  assertEqual(await connections(), 0, 'open connections after close');
}
