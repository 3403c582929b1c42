import { METRIC_NAME, seriesRef } from '@metrics-dashboard/sdk';
import type { SeriesIndex } from '@metrics-dashboard/sdk';
import type { CardinalityGate } from './cardinality-gate.js';
import type { RefusalReason } from './delivery.js';
import { EntryState } from './series-cache.js';
import { NO_ROOM, judge } from './under-way.js';
import type { UnderWay } from './under-way.js';
import { messageOfLateSeries, messageOfVerdict } from './verdicts.js';

/** Says of samples that are not stored why they are not. The samples of a body are refused in their order. */
export class Refuser {
  readonly #index: SeriesIndex;
  readonly #gate: CardinalityGate;

  constructor(index: SeriesIndex, gate: CardinalityGate) {
    this.#index = index;
    this.#gate = gate;
  }

  /** A sample whose series, an entry of the source's cache, is not in the storage. */
  series(underWay: UnderWay, entry: number, item: number): void {
    const state = underWay.source.cache.states[entry];
    // One that was let neither in nor out: its samples are far behind those of others.
    if (state === EntryState.fresh) return this.#late(underWay, entry, item);
    underWay.refusals.add(state === EntryState.invalid ? 'invalid_labels' : this.#gate.refusal, item, () => {
      const judgement = judge(underWay, entry);
      if (judgement.kind === 'invalid') return { labels: judgement.labels, message: judgement.fault };
      const labels = judgement.kind === 'series' ? [...judgement.labels] : [];
      const metric = labels.find(({ name }) => name === METRIC_NAME)?.value ?? '';
      return { labels, message: this.#gate.explain(metric, underWay.source.cache.refs[entry] === NO_ROOM) };
    });
  }

  /** A sample of a series that is there. */
  sample(underWay: UnderWay, reason: RefusalReason, at: { readonly ref: number; readonly time: number }, item: number): void {
    underWay.refusals.add(reason, item, () => ({
      labels: [...(this.#index.labels(seriesRef(at.ref)) ?? [])],
      message: messageOfVerdict(reason, at.time),
    }));
  }

  #late(underWay: UnderWay, entry: number, item: number): void {
    underWay.refusals.add('too_old', item, () => {
      const judgement = judge(underWay, entry);
      return { labels: judgement.kind === 'series' ? [...judgement.labels] : [], message: messageOfLateSeries(underWay.source.newest) };
    });
  }
}
