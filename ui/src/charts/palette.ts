/** The colours of series on dark ground, ordered so that neighbours in the list look different. */
export const darkPalette: readonly string[] = [
  '#73bf69', '#f2cc0c', '#8ab8ff', '#ff8b3d', '#f2647a', '#c49bf0', '#4fd1c5', '#e6a8d7', '#b5d654', '#5794f2',
  '#ffb99a', '#37b787', '#d4a72c', '#9fa8ff', '#e0607e', '#6ed0e0', '#d683ce', '#c4a46b', '#96d98d', '#b0b7c3',
];

/** The same places on light ground, where the colours must be darker to be seen. */
export const lightPalette: readonly string[] = [
  '#2f8f3a', '#a87c00', '#2f6fd0', '#c9560c', '#c4213d', '#7d46c4', '#0d8a80', '#b0508f', '#5f7d0a', '#1a4fae',
  '#b3603a', '#0f7a52', '#8a6a00', '#4f55c9', '#a31545', '#147f96', '#9b3a96', '#7a5c1e', '#3c7d36', '#5b6472',
];

/** The colour of a series, by its key. */
export type ColourOf = (key: string) => string;

/** Gives series of one panel their places in a palette. */
export interface ColourBook {
  /** Places of the given keys. A key keeps its place for the life of the book, whoever comes and goes. */
  assign(keys: readonly string[]): ReadonlyMap<string, number>;
}

/**
 * A book over a palette of `size` colours. A series prefers the place its identity hashes to, so that it looks alike in every panel;
 * where the place is taken in this panel it gets the next one that is used least.
 */
export function createColourBook(size = darkPalette.length): ColourBook {
  const placeByKey = new Map<string, number>();
  const uses = new Array<number>(size).fill(0);
  return {
    assign(keys) {
      // Sorted, so that the same set of series is coloured alike in whatever order it arrives.
      const added = keys.filter((key) => !placeByKey.has(key)).sort();
      for (const key of added) {
        const place = leastUsedFrom(uses, hash(key) % size);
        uses[place] = (uses[place] ?? 0) + 1;
        placeByKey.set(key, place);
      }
      return placeByKey;
    },
  };
}

function leastUsedFrom(uses: readonly number[], preferred: number): number {
  let best = preferred;
  for (let i = 0; i < uses.length; i++) {
    const place = (preferred + i) % uses.length;
    if ((uses[place] ?? 0) < (uses[best] ?? 0)) best = place;
  }
  return best;
}

/** FNV-1a, 32 bits, over UTF-16 units, and a last mixing so that keys that differ little do not fall into one place. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b);
  return (state ^ (state >>> 16)) >>> 0;
}
