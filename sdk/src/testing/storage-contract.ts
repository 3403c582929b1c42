import { canAppendWhole, isFlushable, type SampleVerdict, type StorageBackend } from '../contract/storage.js';
import { LimitError, StorageError } from '../errors.js';
import { seriesRef, type SeriesRef } from '../model/ids.js';
import { Labels } from '../model/labels.js';
import { matcher } from '../model/matcher.js';
import type { Duration } from '../model/sample.js';
import { assertEqual, assertFails, assertFailsWith, assertTrue, type ContractTest } from './contract-test.js';
import { Random } from './random.js';
import { parseLabelSet } from './series-notation.js';
import { AROUND, START, STALE_BITS, append, batchOf, bitsOf, content, contentOf, load, names, never, stored, type Bits, type Content, type Entry } from './storage-bench.js';

export interface StorageTestOptions {
  /** Gives up a backend that is still open, as a crash would, or closes it, and opens the same data again. */
  readonly reopen?: (storage: StorageBackend) => Promise<StorageBackend>;
}

/** Opens an empty storage with this out-of-order window. */
export type MakeStorage = (options: { readonly outOfOrderWindow: Duration }) => StorageBackend | Promise<StorageBackend>;

const WINDOW: Duration = 60_000;
const SECOND: Duration = 1000;

/** The tests of `contract/storage.ts`. Samples are at 2026-01-01, where a new manual clock begins, and up to a day around. */
export function testStorage(make: MakeStorage, options: StorageTestOptions = {}): ContractTest[] {
  const test = (name: string, run: (storage: StorageBackend) => Promise<void>): ContractTest => ({
    name,
    async run() {
      const storage = await make({ outOfOrderWindow: WINDOW });
      try {
        await run(storage);
      } finally {
        await storage.close();
      }
    },
  });
  const tests = [
    test('1. a bad sample is a verdict, and the rest of the batch is stored', badSamples),
    test('2. the arrays of a batch are the caller\'s again when append returns', callersArrays),
    test('3. what was appended before a commit is seen by views made after it', commits),
    test('4. a series keeps its ref, and known labels get the known ref', refs),
    test('5. of two samples with one time the first stays', duplicates),
    test('6. late samples are stored inside the out-of-order window and refused before it', lateSamples),
    test('5, 6. a batch that is appended whole is stored whole, or not at all', wholeBatches),
    test('7. values come back bit for bit', bits),
    test('8. find yields each series once, passes matchers, and stops at the limit', finding),
    test('9. a view does not show what comes after it', snapshots),
    test('10. samples come oldest first, each time once, inside the range', order),
    test('11. label names and values come sorted and without doubles', labelLists),
    test('12. an aborted signal rejects with its reason', aborts),
    test('13. close is idempotent, and nothing is taken afterwards', closing),
    ...[1, 2, 3, 4, 5].map((seed) =>
      test(`5, 6, 10. random batches agree with a plain model, seed ${seed}`, (storage) => random(storage, new Random(seed))),
    ),
  ];
  const { reopen } = options;
  if (reopen !== undefined) tests.push(durability(make, reopen));
  return tests;
}

function series(storage: StorageBackend, text: string): SeriesRef {
  return storage.index.create(parseLabelSet(text));
}

async function badSamples(storage: StorageBackend): Promise<void> {
  const a = series(storage, 'a');
  const report = append(storage, [a, START, 1], [seriesRef(4_000_000_000), START, 2], [a, START + SECOND, 3]);
  assertEqual(report, { accepted: 2, rejected: [1], verdicts: ['unknown-series'] }, 'report');
  await storage.commit();
  assertEqual(await stored(storage), { a: content([START, 1], [START + SECOND, 3]) }, 'stored');
  assertEqual(append(storage).accepted, 0, 'accepted of an empty batch');
}

async function callersArrays(storage: StorageBackend): Promise<void> {
  const a = series(storage, 'a');
  const batch = { count: 1, refs: Uint32Array.of(a, 9), times: Float64Array.of(START, 9), values: Float64Array.of(1, 9) };
  assertEqual(storage.append(batch).accepted, 1, 'accepted of arrays longer than count');
  batch.refs.fill(77);
  batch.times.fill(START + SECOND);
  batch.values.fill(2);
  await storage.commit();
  assertEqual(await stored(storage), { a: content([START, 1]) }, 'stored');
}

async function commits(storage: StorageBackend): Promise<void> {
  const a = series(storage, 'a');
  append(storage, [a, START, 1]);
  await storage.commit();
  assertEqual(await stored(storage), { a: content([START, 1]) }, 'stored after a commit');
  append(storage, [a, START + SECOND, 2]);
  const first = storage.commit();
  append(storage, [a, START + 2 * SECOND, 3]);
  await Promise.all([first, storage.commit()]);
  const all = content([START, 1], [START + SECOND, 2], [START + 2 * SECOND, 3]);
  assertEqual(await stored(storage), { a: all }, 'stored after two commits at a time');
  await storage.commit();
  assertEqual(storage.stats().headSeries + storage.stats().blocks > 0, true, 'that something is counted in stats');
}

async function refs(storage: StorageBackend): Promise<void> {
  const labels = Labels.of({ __name__: 'a', job: 'x' });
  assertEqual(storage.index.find(labels), undefined, 'ref of unknown labels');
  const ref = storage.index.create(labels);
  assertEqual(storage.index.create(Labels.of({ job: 'x', __name__: 'a' })), ref, 'ref of known labels');
  assertEqual(storage.index.find(labels), ref, 'found ref');
  assertEqual(storage.index.labels(ref)?.toString(), 'a{job="x"}', 'labels of the ref');
  const other = series(storage, 'a{job="y"}');
  assertTrue(other !== ref, 'other labels get another ref');
  append(storage, [ref, START, 1], [other, START, 2]);
  await storage.commit();
  if (isFlushable(storage)) await storage.flush(never);
  assertEqual(storage.index.find(labels) ?? ref, ref, 'ref after a commit');
  assertEqual(storage.index.labels(seriesRef(4_000_000_000)), undefined, 'labels of an unknown ref');
  const active = new Map(storage.index.activeByMetric());
  assertTrue((active.get('a') ?? 0) <= 2 && active.size <= 1, 'activeByMetric counts the series of each metric');
}

async function duplicates(storage: StorageBackend): Promise<void> {
  const [a, b] = [series(storage, 'a'), series(storage, 'b')];
  assertEqual(
    append(storage, [a, START, 1], [a, START, 1], [a, START, 2], [b, START, 0], [b, START, -0], [b, START, 0]),
    { accepted: 4, rejected: [2, 4], verdicts: ['duplicate', 'duplicate'] },
    'report of one batch',
  );
  const again = { accepted: 1, rejected: [1], verdicts: ['duplicate'] };
  assertEqual(append(storage, [a, START, 1], [a, START, STALE_BITS]), again, 'report before the commit');
  await storage.commit();
  assertEqual(append(storage, [a, START, 1], [a, START, 3]), again, 'report after the commit');
  await storage.commit();
  assertEqual(await stored(storage), { a: content([START, 1]), b: content([START, 0]) }, 'stored');
}

async function lateSamples(storage: StorageBackend): Promise<void> {
  const [a, b] = [series(storage, 'a'), series(storage, 'b')];
  const at = START + 600 * SECOND;
  append(storage, [a, at, 1]);
  const entries = [
    [a, at - WINDOW, 2],
    [a, at - WINDOW - 1, 3],
    [a, at - WINDOW / 2, 4],
    [b, at - 2 * WINDOW, 5],
  ] as const;
  const report = { accepted: 3, rejected: [1], verdicts: ['too-old'] };
  assertEqual(append(storage, ...entries), report, 'report before the commit');
  await storage.commit();
  assertEqual(append(storage, ...entries), report, 'report after the commit');
  await storage.commit();
  const expected = { a: content([at - WINDOW, 2], [at - WINDOW / 2, 4], [at, 1]), b: content([at - 2 * WINDOW, 5]) };
  assertEqual(await stored(storage), expected, 'stored');
}

async function wholeBatches(storage: StorageBackend): Promise<void> {
  if (!canAppendWhole(storage)) return;
  const [a, b] = [series(storage, 'a'), series(storage, 'b')];
  const whole = (...entries: readonly Entry[]) => storage.appendWhole(batchOf(entries));
  const at = START + 600 * SECOND;
  assertEqual(whole([a, at, 1], [b, at, 2]), { accepted: 2, rejected: [], verdicts: [] }, 'report of a good batch');
  assertEqual(whole([b, at + 1, 3], [a, at, 9], [b, at + 2, 4]), { accepted: 0, rejected: [1], verdicts: ['duplicate'] }, 'report of a duplicate');
  await storage.commit();
  assertEqual(whole([b, at + 1, 5], [a, at - WINDOW - 1, 3]), { accepted: 0, rejected: [1], verdicts: ['too-old'] }, 'report of a late sample');
  assertEqual(whole([b, at + 1, 6], [a, at + 1, 7]).accepted, 2, 'accepted where the refused ones stood');
  await storage.commit();
  assertEqual(await stored(storage), { a: content([at, 1], [at + 1, 7]), b: content([at, 2], [at + 1, 6]) }, 'stored');
}

const SPECIAL: readonly Bits[] = [
  STALE_BITS,
  '7ff8000000000000',
  '7ff8000000000001',
  'fff8000000000000',
  '7ff0000000000001',
  '8000000000000000',
  '0000000000000000',
  '0000000000000001',
  '7fefffffffffffff',
  '7ff0000000000000',
  'fff0000000000000',
  bitsOf(0.1),
  bitsOf(-1e-300),
];

async function bits(storage: StorageBackend): Promise<void> {
  const a = series(storage, 'a');
  append(storage, ...SPECIAL.map((value, i) => [a, START + i, value] as const));
  await storage.commit();
  const expected = { a: SPECIAL.map((value, i) => [START + i, value] as const) };
  assertEqual(await stored(storage), expected, 'stored');
  if (!isFlushable(storage)) return;
  await storage.flush(never);
  assertEqual(await stored(storage), expected, 'stored after a flush');
}

async function finding(storage: StorageBackend): Promise<void> {
  const texts = ['a{job="x"}', 'a{job="y"}', 'b{job="x"}', 'b{zone="1"}'];
  append(storage, ...texts.map((text, i) => [series(storage, text), START + i * SECOND, i] as const));
  await storage.commit();
  const view = storage.view(AROUND);
  const find = async (...matchers: Parameters<typeof matcher>[]): Promise<readonly string[]> =>
    names(await view.find(matchers.map((one) => matcher(...one)), 4, never));
  assertEqual(await find(), texts, 'series without matchers, as many as the limit');
  assertEqual(await find(['__name__', '=', 'a']), texts.slice(0, 2), 'series with =');
  assertEqual(await find(['job', '!=', 'x']), ['a{job="y"}', 'b{zone="1"}'], 'series with !=');
  assertEqual(await find(['job', '=~', 'x|y'], ['__name__', '!~', 'b.*']), texts.slice(0, 2), 'series with =~ and !~');
  assertEqual(await find(['job', '=', '']), ['b{zone="1"}'], 'series without the label');
  assertEqual(await find(['job', '=~', '.*'], ['zone', '=~', '.+']), ['b{zone="1"}'], 'series with the label');
  assertEqual(await find(['job', '=', 'none']), [], 'series that do not exist');
  const error = await assertFails(() => view.find([], 3, never), LimitError, 'find of 4 series with a limit of 3');
  assertEqual([error.limit, error.allowed], ['limits.query_series', 3], 'limit in the error');
  assertTrue(error.met > 3, 'the error says that more than the limit was met');
  view.release();
  const before = storage.view({ start: START - 86_400_000, end: START - 1 });
  assertEqual((await before.find([], 4, never)).size, 0, 'series before the first sample');
  before.release();
}

async function snapshots(storage: StorageBackend): Promise<void> {
  const a = series(storage, 'a');
  append(storage, [a, START, 1], [a, START + 10 * SECOND, 2]);
  await storage.commit();
  const view = storage.view(AROUND);
  const list = await view.find([], 10, never);
  append(storage, [a, START + 5 * SECOND, 3], [a, START + 20 * SECOND, 4], [series(storage, 'b'), START, 5]);
  await storage.commit();
  if (isFlushable(storage)) await storage.flush(never);
  const before = { a: content([START, 1], [START + 10 * SECOND, 2]) };
  assertEqual(await load(view, list), before, 'what was found before and loaded after');
  assertEqual(await contentOf(view), before, 'what is found after');
  assertEqual(await view.labelValues('__name__', [], 10, never), ['a'], 'label values after');
  view.release();
  const all = content([START, 1], [START + 5 * SECOND, 3], [START + 10 * SECOND, 2], [START + 20 * SECOND, 4]);
  assertEqual(await stored(storage), { a: all, b: content([START, 5]) }, 'a new view');
}

async function order(storage: StorageBackend): Promise<void> {
  const [a, b, c] = [series(storage, 'a'), series(storage, 'b'), series(storage, 'c')];
  for (const second of [10, 0, 20, 5, 15, 30]) {
    const at = START + second * SECOND;
    append(storage, [a, at, second], [b, at, -second], ...(second % 10 === 0 ? [[c, at, 1] as const] : []));
    await storage.commit();
  }
  const check = async (): Promise<void> => {
    const expected = (value: (second: number) => number, seconds: readonly number[]): Content =>
      content(...seconds.map((second) => [START + second * SECOND, value(second)] as const));
    const of = (seconds: readonly number[]): Record<string, Content> => ({
      a: expected((second) => second, seconds),
      b: expected((second) => 0 - second, seconds),
      c: expected(() => 1, seconds.filter((second) => second % 10 === 0)),
    });
    const view = storage.view({ start: START + 5 * SECOND, end: START + 20 * SECOND });
    assertEqual(await contentOf(view), of([5, 10, 15, 20]), 'the view\'s range, both ends included');
    const part = { start: START + 6 * SECOND, end: START + 15 * SECOND };
    assertEqual(await contentOf(view, [], part), of([10, 15]), 'a part of the view\'s range');
    view.release();
  };
  await check();
  if (!isFlushable(storage)) return;
  await storage.flush(never);
  await check();
}

async function labelLists(storage: StorageBackend): Promise<void> {
  const texts = ['b{zone="2",job="x"}', 'a{zone="10"}', 'a{zone="2"}', 'c{Zone="1"}'];
  append(storage, ...texts.map((text) => [series(storage, text), START, 1] as const));
  await storage.commit();
  const view = storage.view(AROUND);
  assertEqual(await view.labelNames([], never), ['Zone', '__name__', 'job', 'zone'], 'label names');
  const onlyA = [matcher('__name__', '=', 'a')];
  assertEqual(await view.labelNames(onlyA, never), ['__name__', 'zone'], 'label names with a matcher');
  assertEqual(await view.labelValues('zone', [], 10, never), ['10', '2'], 'label values');
  assertEqual(await view.labelValues('__name__', [], 10, never), ['a', 'b', 'c'], 'metric names');
  assertEqual(await view.labelValues('zone', [matcher('__name__', '=', 'b')], 10, never), ['2'], 'values with a matcher');
  assertEqual(await view.labelValues('none', [], 10, never), [], 'values of an unknown label');
  view.release();
}

async function aborts(storage: StorageBackend): Promise<void> {
  append(storage, [series(storage, 'a'), START, 1]);
  await storage.commit();
  const view = storage.view(AROUND);
  const list = await view.find([], 10, never);
  const level = view.levels[0];
  if (level === undefined) throw new Error('expected that a view has a level');
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  const request = { level, columns: ['value'], range: level.range } as const;
  await assertFailsWith(() => view.find([], 10, signal), reason, 'find');
  await assertFailsWith(() => view.load(list, request, signal), reason, 'load');
  await assertFailsWith(() => view.labelNames([], signal), reason, 'labelNames');
  await assertFailsWith(() => view.labelValues('a', [], 10, signal), reason, 'labelValues');
  view.release();
}

async function closing(storage: StorageBackend): Promise<void> {
  const a = series(storage, 'a');
  append(storage, [a, START, 1]);
  const underWay = storage.commit();
  await Promise.all([storage.close(), storage.close()]);
  await underWay;
  await storage.close();
  await assertFails(() => append(storage, [a, START + SECOND, 2]), StorageError, 'append after close');
  await assertFails(() => storage.commit(), StorageError, 'commit after close');
}

function durability(make: MakeStorage, reopen: (storage: StorageBackend) => Promise<StorageBackend>): ContractTest {
  return {
    name: '3. what was committed is there when the same data is opened again',
    async run() {
      const before = await make({ outOfOrderWindow: WINDOW });
      const [a, b] = [series(before, 'a{job="x"}'), series(before, 'b')];
      append(before, ...SPECIAL.map((value, i) => [a, START + i, value] as const));
      await before.commit();
      append(before, [b, START + 40 * SECOND, 1], [b, START + 30 * SECOND, 2]);
      await before.commit();
      const expected = await stored(before);
      const after = await reopen(before);
      try {
        assertEqual(await stored(after), expected, 'stored');
        assertEqual(append(after, [series(after, 'b'), START + 40 * SECOND, 9]).verdicts, ['duplicate'], 'verdict');
      } finally {
        await after.close();
      }
    },
  };
}

async function random(storage: StorageBackend, dice: Random): Promise<void> {
  const refsByName = new Map(['a', 'b{x="1"}', 'b{x="2"}', 'c'].map((text) => [text, series(storage, text)]));
  const model = new Map<string, Map<number, Bits>>([...refsByName.keys()].map((text) => [text, new Map()]));
  const list = [...refsByName];
  for (let round = 0; round < 40; round++) {
    const batch: Entry[] = [];
    const refused: (readonly [number, SampleVerdict])[] = [];
    for (let i = dice.below(30); i > 0; i--) {
      const [text, ref] = dice.pick(list);
      const samples = model.get(text) ?? new Map<number, Bits>();
      const at = START + (round * 5 + dice.below(150) - 120) * SECOND;
      // A known time before the window may be refused for either reason, or be known: the contract leaves that open.
      if (samples.has(at) && at < Math.max(...samples.keys()) - WINDOW) continue;
      const value = bitsOf(dice.below(3));
      const verdict = judge(samples, at, value);
      if (verdict !== undefined) refused.push([batch.length, verdict]);
      batch.push([ref, at, value]);
    }
    const report = append(storage, ...batch);
    assertEqual(report.rejected, refused.map(([i]) => i), `refused positions of round ${round}`);
    assertEqual(report.verdicts, refused.map(([, verdict]) => verdict), `verdicts of round ${round}`);
    if (dice.chance(0.7)) await storage.commit();
    if (dice.chance(0.1) && isFlushable(storage)) await storage.flush(never);
  }
  await storage.commit();
  const entries = [...model].map(([text, samples]) => [text, [...samples].sort(([x], [y]) => x - y)] as const);
  const expected = Object.fromEntries(entries.filter(([, samples]) => samples.length > 0));
  assertEqual(await stored(storage), expected, 'stored');
}

/** What the contract says of a sample, and the sample into the model where it is stored. */
function judge(samples: Map<number, Bits>, at: number, value: Bits): SampleVerdict | undefined {
  if (at < Math.max(...samples.keys()) - WINDOW) return 'too-old';
  const known = samples.get(at);
  if (known !== undefined) return known === value ? undefined : 'duplicate';
  samples.set(at, value);
  return undefined;
}
