import type { Labels } from '@metrics-dashboard/sdk';
import type { BlockReader } from './block-reader.js';
import { BlockPages, eachChunk } from './block-source.js';
import { BLOCK_CHUNK_SAMPLES, MAX_CHUNK_WORDS } from './chunk.js';
import { chunkDecoder } from './chunk-decoder.js';

const column = new Float64Array(BLOCK_CHUNK_SAMPLES);

/**
 * Whether a series has a sample at a time in a block; its value is then the first entry of `into`. Reads at once: it
 * is asked for the few samples that come late and whose time is no longer in the head.
 */
export function valueInBlock(block: BlockReader, labels: Labels, time: number, into: Float64Array): boolean {
  const ref = block.postings.find(labels);
  if (ref === undefined) return false;
  const decoder = chunkDecoder(block.meta.version);
  let isFound = false;
  eachChunk(block, ref, { start: time, end: time }, (chunk, n) => {
    const pages = new BlockPages(block);
    const times = block.timeWord(chunk);
    const values = block.valueWord(ref, n);
    pages.want(times, times + MAX_CHUNK_WORDS);
    pages.want(values, block.valueEnd(ref, n));
    pages.readSync();
    const count = block.samples(chunk);
    decoder.times(pages.words, pages.position(times), count, column, 0);
    const row = column.subarray(0, count).indexOf(time);
    if (row < 0) return;
    decoder.values(pages.words, pages.position(values), count, column, 0);
    into.set(column.subarray(row, row + 1));
    isFound = true;
  });
  return isFound;
}

/** The time of the newest sample of a series in a block; from the index alone. */
export function lastTimeInBlock(block: BlockReader, labels: Labels): number | undefined {
  const ref = block.postings.find(labels);
  return ref === undefined ? undefined : block.lastTime(block.groupEnd(block.groupOf(ref)) - 1);
}
