import type { Labels } from '@metrics-dashboard/sdk';
import type { BlockReader } from './block-reader.js';
import { BlockPages, eachChunk } from './block-source.js';
import { BLOCK_CHUNK_SAMPLES, MAX_CHUNK_WORDS } from './chunk.js';
import { chunkDecoder } from './chunk-decoder.js';
import { isCovered } from './tombstones.js';

const column = new Float64Array(BLOCK_CHUNK_SAMPLES);

/**
 * Whether a series has a sample at a time in a block; its value is then the first entry of `into`. Reads at once: it
 * is asked for the few samples that come late and whose time is no longer in the head.
 */
export function valueInBlock(block: BlockReader, labels: Labels, time: number, into: Float64Array): boolean {
  const ref = block.postings.find(labels);
  if (ref === undefined) return false;
  if (block.tombstones.covers(ref, time)) return false;
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

/** The time of the newest sample of a series in a block; from the index alone where nothing of the series was deleted. */
export function lastTimeInBlock(block: BlockReader, labels: Labels): number | undefined {
  const ref = block.postings.find(labels);
  if (ref === undefined) return undefined;
  const group = block.groupOf(ref);
  for (let chunk = block.groupEnd(group) - 1; chunk >= block.groupStart(group); chunk--) {
    const last = block.lastTime(chunk);
    if (!block.tombstones.covers(ref, last)) return last;
    const left = lastLeft(block, ref, chunk);
    if (left !== undefined) return left;
  }
  return undefined;
}

/** The newest time of a chunk that was not deleted of a series. */
function lastLeft(block: BlockReader, ref: number, chunk: number): number | undefined {
  const bounds = { start: block.firstTime(chunk), end: block.lastTime(chunk) };
  if (isCovered(bounds, block.tombstones.rangesOf(ref) ?? [])) return undefined;
  const pages = new BlockPages(block);
  const word = block.timeWord(chunk);
  pages.want(word, word + MAX_CHUNK_WORDS);
  pages.readSync();
  const count = block.samples(chunk);
  chunkDecoder(block.meta.version).times(pages.words, pages.position(word), count, column, 0);
  return column.subarray(0, count).findLast((time) => !block.tombstones.covers(ref, time));
}
