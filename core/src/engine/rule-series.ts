import { Labels, LimitError, METRIC_NAME, QueryError, seriesRef, setStale } from '@metrics-dashboard/sdk';
import type { Label, SeriesRef, StorageBackend, Timestamp } from '@metrics-dashboard/sdk';
import type { CardinalityGate } from '../ingest/cardinality-gate.js';
import { SampleColumns } from '../ingest/sample-columns.js';
import type { QueryResult } from '../query/query.js';
import type { RecordReport, RecordRequest, WriteRequest } from './record.js';

/** A limit on labels, so that a rule can't write what nothing else may. */
const LONGEST_VALUE = 65_536;

/**
 * Writes what rules make: the results of recording rules, which never leave the engine, and the series about alerts. Each
 * recording rule's series are remembered between its evaluations, so that one that vanishes gets a staleness marker.
 */
export class RuleSeries {
  readonly #storage: StorageBackend;
  readonly #gate: CardinalityGate;
  /** By rule, the refs it wrote last, by the key of their labels. */
  readonly #written = new Map<string, ReadonlyMap<string, SeriesRef>>();

  constructor(storage: StorageBackend, gate: CardinalityGate) {
    this.#storage = storage;
    this.#gate = gate;
  }

  /** Rejects with a `QueryError` for results that can't be stored and a `LimitError` for too many; then nothing was written. */
  async record(request: RecordRequest, result: QueryResult): Promise<RecordReport> {
    const labels = recordedLabels(request, result);
    if (request.limit > 0 && labels.length > request.limit) {
      throw new LimitError('limit', request.limit, labels.length, `exceeded limit of ${request.limit} with ${labels.length} series`);
    }
    const columns = new SampleColumns();
    const written = new Map<string, SeriesRef>();
    let refused = 0;
    for (const [i, one] of labels.entries()) {
      const ref = this.#refOf(one);
      if (ref === undefined) {
        refused++;
        continue;
      }
      written.set(one.key, ref);
      copyValue(columns, columns.add(ref, request.at), result.values, result.offsets[i] ?? i);
    }
    let ended = 0;
    for (const [key, ref] of this.#written.get(request.rule) ?? []) {
      if (written.has(key)) continue;
      ended++;
      setStale(columns.values, columns.add(ref, request.at));
    }
    await this.#store(columns);
    this.#written.set(request.rule, written);
    return { series: labels.length, refused, ended };
  }

  /** The rule is no more: its series end. */
  async end(rule: string, at: Timestamp): Promise<void> {
    const written = this.#written.get(rule);
    this.#written.delete(rule);
    if (written === undefined || written.size === 0) return;
    const columns = new SampleColumns();
    for (const ref of written.values()) setStale(columns.values, columns.add(ref, at));
    await this.#store(columns);
  }

  /** Returns how many of the samples belong to series that the gate refused. */
  async write({ series, times, values }: WriteRequest): Promise<number> {
    const columns = new SampleColumns();
    let refused = 0;
    for (const [i, labels] of series.entries()) {
      const ref = this.#refOf(Labels.from(labels.map(({ name, value }) => [name, value])));
      if (ref === undefined) refused++;
      else copyValue(columns, columns.add(ref, times[i] ?? 0), values, i);
    }
    await this.#store(columns);
    return refused;
  }

  #refOf(labels: Labels): SeriesRef | undefined {
    const { index } = this.#storage;
    const known = index.find(labels);
    if (known !== undefined) return known;
    if (this.#gate.obstacle(labels.metric, Infinity) !== undefined) return undefined;
    const ref = index.create(labels);
    this.#gate.take(labels.metric);
    return ref;
  }

  async #store(columns: SampleColumns): Promise<void> {
    if (columns.count === 0) return;
    const { rejected, verdicts } = this.#storage.append(columns);
    // A series may leave the head between two evaluations; found by its labels again, it is another ref.
    const lost = rejected.filter((_, i) => verdicts[i] === 'unknown-series').map((position) => columns.refs[position] ?? 0);
    if (lost.length > 0) this.#forget(new Set(lost.map(seriesRef)));
    await this.#storage.commit();
  }

  #forget(refs: ReadonlySet<SeriesRef>): void {
    for (const [rule, written] of this.#written) this.#written.set(rule, new Map([...written].filter(([, ref]) => !refs.has(ref))));
  }
}

/** Values are moved by the column: a staleness marker does not survive being a number of JavaScript's everywhere. */
function copyValue(columns: SampleColumns, to: number, values: Float64Array, from: number): void {
  columns.values.set(values.subarray(from, from + 1), to);
}

/** The labels of the series that a rule makes of a result, in its order. */
function recordedLabels({ metric, labels }: RecordRequest, result: QueryResult): readonly Labels[] {
  if (result.type !== 'vector' && result.type !== 'scalar') throw new QueryError(`rule result is not a vector or scalar, but a ${result.type}`, { reason: 'execution' });
  const seen = new Set<string>();
  return result.series.map((series: readonly Label[]) => {
    const pairs = series.filter(({ name }) => name !== METRIC_NAME).map(({ name, value }): [string, string] => [name, value]);
    const made = Labels.from([...pairs, ...labels, [METRIC_NAME, metric]]);
    if (seen.has(made.key)) throw new QueryError('vector contains metrics with the same labelset after applying rule labels', { reason: 'execution' });
    seen.add(made.key);
    for (const { name, value } of made) if (value.length > LONGEST_VALUE) throw new QueryError(`a value of the label ${JSON.stringify(name)} is longer than ${LONGEST_VALUE} characters`, { reason: 'execution' });
    return made;
  });
}
