import type { SampleBatch, Timestamp } from '@metrics-dashboard/sdk';

/** The samples of one delivery under way, in columns that are used again for the next. */
export class SampleColumns implements SampleBatch {
  count = 0;
  /** Of each sample, its series' entry in the source's cache; 0 for those the server adds. */
  entries = new Uint32Array(1024);
  refs = new Uint32Array(1024);
  times = new Float64Array(1024);
  values = new Float64Array(1024);

  /** Room for at least so many samples. */
  reserve(room: number): void {
    if (room <= this.refs.length) return;
    const larger = Math.max(room, this.refs.length * 2);
    this.entries = copied(this.entries, new Uint32Array(larger));
    this.refs = copied(this.refs, new Uint32Array(larger));
    this.times = copied(this.times, new Float64Array(larger));
    this.values = copied(this.values, new Float64Array(larger));
  }

  /** Adds one sample of the server's own; returns its position, where its value is the caller's to write. */
  add(ref: number, at: Timestamp): number {
    const i = this.count;
    this.reserve(i + 1);
    this.entries[i] = 0;
    this.refs[i] = ref;
    this.times[i] = at;
    this.count = i + 1;
    return i;
  }

  /** Lets go of columns that one huge delivery left behind. */
  shrink(most: number): void {
    if (this.refs.length <= most) return;
    this.count = 0;
    this.entries = new Uint32Array(1024);
    this.refs = new Uint32Array(1024);
    this.times = new Float64Array(1024);
    this.values = new Float64Array(1024);
  }
}

function copied<Column extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
