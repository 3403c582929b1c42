import { crc32 } from './checksum.js';

/** What `meta.json` says. */
export interface BlockMeta {
  readonly version: number;
  readonly id: string;
  /** Of the samples in it, both included, in milliseconds. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly series: number;
  readonly samples: number;
  readonly chunks: number;
  readonly chunksBytes: number;
  readonly indexBytes: number;
  readonly indexChecksum: number;
  /** Blocks whose samples this one took over: they are deleted at start where a crash left them. */
  readonly replaces: readonly string[];
  /** The columns of each series: 1 of samples, more of a rollup's windows. Absent in old blocks, which have 1. */
  readonly columns?: number;
  /**
   * What the block holds, as the seals that made it: `<start of the range of 2 h>/<id>`, with `~<checksum>` for each time
   * something of it was deleted. Of a rollup: what it was made from. Absent in old blocks, which are one seal each.
   */
  readonly content?: readonly string[];
}

/** The text of `meta.json`: what is said, and its checksum. */
export function encodeMeta(meta: BlockMeta): string {
  return `${JSON.stringify({ ...meta, checksum: checksumOf(meta) }, undefined, 2)}\n`;
}

/** Reads the text of a `meta.json`; undefined when it is damaged. */
export function decodeMeta(text: string): BlockMeta | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || !('checksum' in parsed)) return undefined;
  const { checksum, ...meta } = parsed;
  return isBlockMeta(meta) && checksum === checksumOf(meta) ? meta : undefined;
}

function checksumOf(meta: BlockMeta): number {
  return crc32(Buffer.from(JSON.stringify(meta)));
}

function isBlockMeta(value: unknown): value is BlockMeta {
  if (typeof value !== 'object' || value === null) return false;
  const meta = value as Record<string, unknown>;
  const numbers = ['version', 'minTime', 'maxTime', 'series', 'samples', 'chunks', 'chunksBytes', 'indexBytes', 'indexChecksum'];
  return (
    typeof meta['id'] === 'string' &&
    numbers.every((name) => typeof meta[name] === 'number') &&
    Array.isArray(meta['replaces']) &&
    meta['replaces'].every((id) => typeof id === 'string') &&
    (meta['columns'] === undefined || typeof meta['columns'] === 'number') &&
    (meta['content'] === undefined || isTexts(meta['content']))
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
