import type { Column, Labels, LoadRequest, SeriesSet } from '@metrics-dashboard/sdk';
import type { FoundSeries } from './found-series.js';
import type { TsdbView } from './view.js';

/** The series of a block to be: their labels at first, their samples a part of the series at a time. */
export interface BlockInput {
  readonly size: number;
  readonly columns: readonly Column[];
  labels(i: number): Labels;
  /** The samples of some series, in the order given. A set is done with when the next one is asked for. */
  load(series: readonly number[], signal: AbortSignal): Promise<SeriesSet>;
}

/** Raw samples of a view. */
export class ViewInput implements BlockInput {
  readonly columns: readonly Column[] = ['value'];
  readonly #view: TsdbView;
  readonly #list: FoundSeries;
  readonly #request: LoadRequest;

  constructor(view: TsdbView, list: FoundSeries, request: LoadRequest) {
    this.#view = view;
    this.#list = list;
    this.#request = request;
  }

  get size(): number {
    return this.#list.size;
  }

  labels(i: number): Labels {
    return this.#list.labels(i);
  }

  load(series: readonly number[], signal: AbortSignal): Promise<SeriesSet> {
    return this.#view.load(this.#list.part(series), this.#request, signal);
  }
}
