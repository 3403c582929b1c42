import type { TargetDiscovery, TargetGroup } from '../contract/discovery.js';
import { assertEqual, assertTrue, type ContractTest } from './contract-test.js';

/** A discovery with something to find, made for one test. */
export interface DiscoveryBench {
  readonly discovery: TargetDiscovery;
  /** What the first value has. */
  readonly groups: readonly TargetGroup[];
  /** For a discovery whose source can become unreadable: makes it so. Then the set stays as it was. */
  readonly breakSource?: () => Promise<void>;
  close(): Promise<void>;
}

/** The tests of `contract/discovery.ts`. */
export function testDiscovery(make: () => Promise<DiscoveryBench>): ContractTest[] {
  const test = (name: string, run: (bench: DiscoveryBench, abort: AbortController) => Promise<void>): ContractTest => ({
    name,
    async run() {
      const bench = await make();
      const abort = new AbortController();
      try {
        await run(bench, abort);
      } finally {
        abort.abort();
        await bench.close();
      }
    },
  });
  return [
    test('1. the first value is the whole set and comes without a change', first),
    test('2. the iteration ends when the signal aborts', ends),
    test('3. a source that can\'t be read keeps its last set', keeps),
  ];
}

async function first({ discovery, groups }: DiscoveryBench, { signal }: AbortController): Promise<void> {
  const iterator = discovery.watch(signal)[Symbol.asyncIterator]();
  const result = await iterator.next();
  assertEqual(result.done ?? false, false, 'done at the first value');
  assertEqual(result.value, groups, 'groups');
  const sources = groups.map(({ source }) => source);
  assertEqual(new Set(sources).size, sources.length, 'number of different sources');
}

async function ends({ discovery }: DiscoveryBench, abort: AbortController): Promise<void> {
  let values = 0;
  for await (const groups of discovery.watch(abort.signal)) {
    assertTrue(Array.isArray(groups), 'a value is a list of groups');
    values++;
    setImmediate(() => abort.abort());
  }
  assertTrue(values > 0, 'a value came before the abort');
  for await (const groups of discovery.watch(AbortSignal.abort())) void groups;
}

async function keeps({ discovery, groups, breakSource }: DiscoveryBench, { signal }: AbortController): Promise<void> {
  if (breakSource === undefined) return;
  const iterator = discovery.watch(signal)[Symbol.asyncIterator]();
  await iterator.next();
  await breakSource();
  const quiet = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));
  const next = await Promise.race([iterator.next(), quiet]);
  if (next !== undefined && next.done !== true) assertEqual(next.value, groups, 'groups after the source broke');
}
