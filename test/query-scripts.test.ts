import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import standard from '@metrics-dashboard/aggregation-standard';
import { QueryEngine, systemClock } from '@metrics-dashboard/core';
import type { AggregationFunction, Labels, SampleColumns, StorageBackend } from '@metrics-dashboard/sdk';
import { memoryStorage, testHost } from '@metrics-dashboard/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpEngine } from './query-script-http.js';
import { runScript } from './query-script.js';
import type { ScriptEngine } from './query-script.js';

const OWN = fileURLToPath(new URL('query', import.meta.url));
/** Any other folder of scripts in the format. */
const FOREIGN = process.env.PROMQL_TESTDATA;

/** Long enough for scripts that load the same series twice. */
const ANY_ORDER = 100 * 365 * 86_400_000;
const LIMITS = { querySeries: 100_000, querySamples: 50_000_000, queryTimeout: 60_000 };

async function standardAggregations(): Promise<AggregationFunction[]> {
  const contributions = await standard.activate(testHost(), undefined);
  return contributions.flatMap(({ point, value }) => (point === 'aggregation' ? [value as AggregationFunction] : []));
}

/** The query engine over memory storage. */
class MemoryEngine implements ScriptEngine {
  readonly #aggregations: readonly AggregationFunction[];
  #storage: StorageBackend = memoryStorage({ outOfOrderWindow: ANY_ORDER });

  constructor(aggregations: readonly AggregationFunction[]) {
    this.#aggregations = aggregations;
  }

  async reset(): Promise<void> {
    await this.#storage.close();
    this.#storage = memoryStorage({ outOfOrderWindow: ANY_ORDER });
  }

  append(labels: Labels, { times, values }: SampleColumns): void {
    const refs = new Uint32Array(times.length).fill(this.#storage.index.create(labels));
    this.#storage.append({ count: times.length, refs, times, values });
  }

  commit(): Promise<void> {
    return this.#storage.commit();
  }

  query(request: Parameters<QueryEngine['query']>[0]): ReturnType<QueryEngine['query']> {
    const engine = new QueryEngine({ storage: this.#storage, aggregations: this.#aggregations, limits: LIMITS, clock: systemClock });
    return engine.query(request, new AbortController().signal);
  }
}

for (const folder of [OWN, ...(FOREIGN === undefined ? [] : [FOREIGN])]) {
  const where = folder === OWN ? 'test/query' : 'PROMQL_TESTDATA';
  describe(`the scripts of ${where}`, () => {
    for (const file of scriptsOf(folder)) {
      it(`${file} gets the answers it wants`, async () => {
        await check(folder, file, new MemoryEngine(await standardAggregations()));
      });
    }
  });

  describe(`the scripts of ${where}, over HTTP`, () => {
    let engine: HttpEngine;
    beforeAll(async () => {
      engine = await HttpEngine.start();
    });
    afterAll(() => engine?.stop());

    for (const file of scriptsOf(folder)) {
      it(`${file} gets the answers it wants`, { timeout: 60_000 }, async () => {
        await check(folder, file, engine);
      });
    }
  });
}

function scriptsOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test'))
    .sort();
}

async function check(folder: string, file: string, engine: ScriptEngine): Promise<void> {
  const report = await runScript(readFileSync(join(folder, file), 'utf8'), engine);
  expect(report.failures).toEqual([]);
  if (folder === OWN) expect(report.skipped).toBe(0);
}
