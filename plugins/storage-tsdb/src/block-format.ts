/**
 * A block: a folder that never changes once it has its name.
 *
 *     blocks/<id>/meta.json   format, range, counts, sizes and checksums, its own among them
 *                 chunks      words of time chunks and value chunks, in the order of the series
 *                 index       below
 *                 tombstones  what was deleted since: tombstones.ts
 *
 * The index, in the file packed as index-file.ts says, is a sequence of sections, little-endian, each on an 8-byte edge; its header says where each begins and
 * ends. With s series, p label pairs, g time groups, t time chunks, v value chunks:
 *
 *     header        magic "MDINDEX1":8  version:4 sections:4  { offset:4 bytes:4 } per section
 *     SYMBOL_ENDS   u32[n]    where each symbol ends in the next section
 *     SYMBOLS       UTF-8, sorted by UTF-16 code units
 *     PAIRS         u32[2p]   name and value symbols of each pair, sorted
 *     SERIES_ENDS   u32[s]    where each series' pairs end in the next section
 *     SERIES_PAIRS  u32[…]    pairs, by name
 *     SERIES_GROUP  u32[s]    the time group of each series
 *     VALUES        u32[v]    word of the chunks file at which each value chunk begins; series by series, for each as
 *                             many as its time group has time chunks; of a rollup, column by column
 *     GROUP_ENDS    u32[g]    where each group's time chunks end in the next sections
 *     TIMES         u32[t]    word at which each time chunk begins
 *     COUNTS        u32[t]    its samples
 *     BOUNDS        f64[2t]   its first and last time
 *     PAGES         u32[…]    CRC-32 of each page of the chunks file
 *
 * All series of a scrape are one time group: their times are stored once. Postings are not stored; they are counted
 * out of SERIES_PAIRS when a block is first asked.
 */
export const INDEX_MAGIC = 'MDINDEX1';
/** What is written. Version 1 had the chunks of chunk-gorilla.ts; those of today came with version 2, the packed index with 3. */
export const BLOCK_VERSION = 3;
/** The chunks file is checked, and read, in pages of this size. */
export const PAGE_BYTES = 4096;

export const SYMBOL_ENDS = 0;
export const SYMBOLS = 1;
export const PAIRS = 2;
export const SERIES_ENDS = 3;
export const SERIES_PAIRS = 4;
export const SERIES_GROUP = 5;
export const VALUES = 6;
export const GROUP_ENDS = 7;
export const TIMES = 8;
export const COUNTS = 9;
export const BOUNDS = 10;
export const PAGES = 11;
export const SECTIONS = 12;

export const INDEX_HEADER_BYTES = 16 + SECTIONS * 8;

/** The file names inside a block's folder. */
export const META_FILE = 'meta.json';
export const CHUNKS_FILE = 'chunks';
export const INDEX_FILE = 'index';
export const TOMBSTONES_FILE = 'tombstones';
