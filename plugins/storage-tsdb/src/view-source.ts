import { InvariantError } from '@metrics-dashboard/sdk';
import type { Duration, Labels, TimeRange } from '@metrics-dashboard/sdk';
import type { Head } from './head.js';
import { HeadPieces, estimateInHead } from './pieces.js';
import type { Piece, PieceSink } from './pieces.js';
import type { PostingsSource } from './postings.js';
import type { StateSnapshot } from './series-state.js';

/** The resolution of samples that came when the others of their time were gone: they are merged into windows. */
export const LATE_SAMPLES = -1;

/** A part of a view: the head as a snapshot saw it, or a block. */
export interface ViewSource {
  /** 0 for samples, else the length of a rollup's windows. */
  readonly resolution: Duration;
  readonly isBlock: boolean;
  readonly postings: PostingsSource;
  /** The samples a series may have in a range; from the index alone. */
  estimate(ref: number, range: TimeRange): number;
  labels(ref: number): Labels;
  /** Reads what is needed of some series, by ref, ascending; new pieces are appended to `pieces`. */
  open(refs: Uint32Array, request: SourceRequest, pieces: Piece[], signal: AbortSignal): Promise<PieceOffer>;
  release(): void;
}

export interface SourceRequest {
  readonly range: TimeRange;
  /** The numbers of the columns that will be read. */
  readonly columns: readonly number[];
}

export interface PieceOffer {
  /** Offers the pieces of a series that may have samples in the range. */
  offer(ref: number, sink: PieceSink): void;
}

/** The head at the moment of the source's making. */
export class HeadSource implements ViewSource {
  readonly resolution = 0;
  readonly isBlock = false;
  readonly postings: PostingsSource;
  readonly #head: Head;
  readonly #epoch: number;
  readonly #state: StateSnapshot;

  constructor(head: Head) {
    this.#head = head;
    this.postings = head.index;
    this.#epoch = head.epochs.enter();
    this.#state = head.state.snapshot();
  }

  get state(): StateSnapshot {
    return this.#state;
  }

  estimate(ref: number, range: TimeRange): number {
    const slot = this.#head.index.slotOf(ref);
    return slot === undefined ? 0 : estimateInHead(this.#head, this.#state, slot, range.start, range.end);
  }

  labels(ref: number): Labels {
    const labels = this.#head.index.labels(ref);
    if (labels === undefined) throw new InvariantError(`series ${ref} left the head under a view`);
    return labels;
  }

  open(_refs: Uint32Array, { range }: SourceRequest, pieces: Piece[]): Promise<PieceOffer> {
    const head = new HeadPieces(this.#head, this.#state, pieces);
    return Promise.resolve({
      offer: (ref, sink) => {
        const slot = this.#head.index.slotOf(ref);
        if (slot !== undefined) head.offer(slot, range.start, range.end, sink);
      },
    });
  }

  release(): void {
    this.#head.epochs.leave(this.#epoch);
  }
}
