import { sameBits } from '@metrics-dashboard/sdk';
import type { AppendReport, Duration, SampleBatch, SampleVerdict } from '@metrics-dashboard/sdk';
import type { Head } from './head.js';
import { valueInHead } from './head-lookup.js';
import { PendingSamples } from './pending.js';
import { grownDoubles } from './u32-list.js';

/** Looks a value up in what was sealed to blocks; undefined when there is none. Answered in the column's first entry. */
export type BlockLookup = (ref: number, time: number, into: Float64Array) => boolean;

const found = new Float64Array(1);

/**
 * Judges samples and keeps them until they are durable.
 *
 *     append ─ judge against what is stored, being committed, or pending ─► pending
 *     begin  ─ pending becomes what is being committed
 *     apply  ─ it is durable: into the head          fail ─ it is not: forgotten, and all that was judged by it
 */
export class HeadAppender {
  readonly #head: Head;
  readonly #window: Duration;
  readonly #inBlocks: BlockLookup;
  #pending = new PendingSamples();
  #committing = new PendingSamples();
  /** The newest sample of each series, by slot, pending ones included. */
  #lastTime: Float64Array = new Float64Array(0);
  #lastValue: Float64Array = new Float64Array(0);

  constructor(head: Head, window: Duration, inBlocks: BlockLookup) {
    this.#head = head;
    this.#window = window;
    this.#inBlocks = inBlocks;
  }

  get pending(): number {
    return this.#pending.count;
  }

  append(batch: SampleBatch): AppendReport {
    this.#reserve();
    this.#pending.reserve(batch.count);
    const slots = this.#head.index.slotColumn();
    const rejected: number[] = [];
    const verdicts: SampleVerdict[] = [];
    for (let i = 0; i < batch.count; i++) {
      const ref = batch.refs[i] as number;
      const slot = ref < slots.length ? (slots[ref] as number) : NO_SLOT;
      const verdict =
        slot === NO_SLOT ? 'unknown-series' : this.#judge(ref, slot, batch.times[i] as number, batch.values[i] as number);
      if (verdict === undefined) continue;
      rejected.push(i);
      verdicts.push(verdict);
    }
    return { accepted: batch.count - rejected.length, rejected, verdicts };
  }

  /** The same, but nothing is kept of a batch that has a sample to be refused. */
  appendWhole(batch: SampleBatch): AppendReport {
    const before = this.#pending.count;
    const report = this.append(batch);
    if (report.rejected.length === 0) return report;
    this.#takeBack(before);
    return { ...report, accepted: 0 };
  }

  /** The oldest time after one among the samples that are not in the head yet; Infinity when there is none. */
  oldestWaiting(after: number): number {
    let oldest = Infinity;
    for (const { count, times } of [this.#pending, this.#committing]) {
      for (let i = 0; i < count; i++) {
        const time = times[i] as number;
        if (time > after && time < oldest) oldest = time;
      }
    }
    return oldest;
  }

  /** A commit was asked for what is pending. */
  cover(): void {
    this.#pending.covered = this.#pending.count;
  }

  /** The pending samples become those being committed, which the caller may read until `apply` or `fail`. */
  begin(): PendingSamples {
    const samples = this.#pending;
    this.#pending = this.#committing;
    this.#committing = samples;
    return samples;
  }

  /** What is being committed is durable: stores it in the head. */
  apply(): void {
    this.#head.store(this.#committing, -Infinity);
    this.#committing.clear();
  }

  /**
   * What is being committed could not be made durable: forgets all samples for which a commit was asked. Those for which
   * none was asked yet stay pending; none of them rests on a forgotten one, for what repeats a sample that is not in the
   * head is kept beside it.
   */
  fail(): void {
    const left = new PendingSamples();
    for (const samples of [this.#committing, this.#pending]) {
      for (let i = 0; i < samples.count; i++) {
        const ref = samples.refs[i] as number;
        const slot = this.#head.index.slotOf(ref);
        if (slot !== undefined) this.refresh(slot);
        if (i < samples.covered) continue;
        left.reserve(1);
        left.push(ref, samples.times[i] as number, samples.values[i] as number);
      }
      samples.clear();
    }
    this.#pending = left;
    for (let i = 0; i < left.count; i++) {
      const slot = this.#head.index.slotOf(left.refs[i] as number);
      if (slot === undefined || (left.times[i] as number) <= (this.#lastTime[slot] as number)) continue;
      this.#lastTime[slot] = left.times[i] as number;
      this.#lastValue[slot] = left.values[i] as number;
    }
  }

  /** Whether a series has samples that are not in the head yet. */
  isWaiting(slot: number): boolean {
    return slot < this.#lastTime.length && this.#lastTime[slot] !== this.#head.lastTime[slot];
  }

  /** After series were created, stored by replay or removed: takes their newest samples from the head. */
  refresh(slot: number): void {
    this.#reserve();
    this.#lastTime[slot] = this.#head.lastTime[slot] as number;
    this.#lastValue[slot] = this.#head.lastValue[slot] as number;
  }

  /** Forgets what is pending from a position on. */
  #takeBack(from: number): void {
    const refs = new Set(this.#pending.refs.subarray(from, this.#pending.count));
    this.#pending.truncate(from);
    const slots = this.#head.index.slotColumn();
    for (const ref of refs) this.refresh(slots[ref] as number);
    for (const { count, refs: of, times, values } of [this.#committing, this.#pending]) {
      for (let i = 0; i < count; i++) {
        const ref = of[i] as number;
        if (!refs.has(ref)) continue;
        const slot = slots[ref] as number;
        if ((times[i] as number) <= (this.#lastTime[slot] as number)) continue;
        this.#lastTime[slot] = times[i] as number;
        this.#lastValue[slot] = values[i] as number;
      }
    }
  }

  #judge(ref: number, slot: number, time: number, value: number): SampleVerdict | undefined {
    // Infinite, or not a number: no time at all. It is refused with what is too old.
    if (time - time !== 0) return 'too-old';
    const last = this.#lastTime[slot] as number;
    if (time > last) {
      this.#lastTime[slot] = time;
      this.#lastValue[slot] = value;
      this.#pending.push(ref, time, value);
      return undefined;
    }
    if (time === last) {
      if (!sameBits(this.#lastValue[slot] as number, value)) return 'duplicate';
      if (this.#head.lastTime[slot] !== last) this.#pending.push(ref, time, value);
      return undefined;
    }
    if (time < last - this.#window) return 'too-old';
    if (valueInHead(this.#head, slot, time, found) || this.#inBlocks(ref, time, found)) {
      return sameBits(found[0] as number, value) ? undefined : 'duplicate';
    }
    if (this.#isUndecided(ref, time) && !sameBits(found[0] as number, value)) return 'duplicate';
    this.#pending.push(ref, time, value);
    return undefined;
  }

  /** Whether the series has a sample at this time that is not in the head yet; its value is then in `found`. */
  #isUndecided(ref: number, time: number): boolean {
    for (const samples of [this.#pending, this.#committing]) {
      const at = samples.find(ref, time);
      if (at < 0) continue;
      found.set(samples.values.subarray(at, at + 1));
      return true;
    }
    return false;
  }

  #reserve(): void {
    const slots = this.#head.index.slots;
    const before = this.#lastTime.length;
    if (slots <= before) return;
    this.#head.reserve();
    this.#lastTime = grownDoubles(this.#lastTime, slots).fill(-Infinity, before);
    this.#lastValue = grownDoubles(this.#lastValue, slots);
  }
}

const NO_SLOT = 0xffffffff;
