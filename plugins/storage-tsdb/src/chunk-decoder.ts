import { decodeColumn } from './chunk.js';
import { decodeGorillaTimes, decodeGorillaValues } from './chunk-gorilla.js';

/** Writes what `count` samples of a chunk, which begins at a word, have to `into`, from `to` on. */
type Decode = (words: Int32Array, at: number, count: number, into: Float64Array, to: number) => void;

/** How the chunks of a block are read. */
export interface ChunkDecoder {
  readonly times: Decode;
  readonly values: Decode;
}

const FIRST: ChunkDecoder = { times: decodeGorillaTimes, values: decodeGorillaValues };
const TODAY: ChunkDecoder = { times: decodeColumn, values: decodeColumn };

/** The decoder for blocks of a version. */
export function chunkDecoder(version: number): ChunkDecoder {
  return version === 1 ? FIRST : TODAY;
}
