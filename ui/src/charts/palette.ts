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

/** A colour half way to the ground it is on. */
export function faded(colour: string, ground: string): string {
  const parts = [1, 3, 5].map((i) => Math.round((parseInt(colour.slice(i, i + 2), 16) + parseInt(ground.slice(i, i + 2), 16)) / 2));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The colour of a series, by its key. */
export type ColourOf = (key: string) => string;

/** Gives series of one panel their places in a palette. */
export interface ColourBook {
  /** Places of the given keys. A key keeps its place for the life of the book, whoever comes and goes. */
  assign(keys: readonly string[]): ReadonlyMap<string, number>;
}

/**
 * A book over a palette. A series prefers the place its identity hashes to, so that it looks alike in every panel; where that colour,
 * or one that is hard to tell from it, is in use in this panel, it gets the next one that is used least and resembles the fewest.
 */
export function createColourBook(palette = darkPalette): ColourBook {
  const placeByKey = new Map<string, number>();
  const uses = palette.map(() => 0);
  const resembles = palette.map((colour) => palette.map((other) => distance(colour, other) < leastDistance));
  const cost = (place: number): number => {
    const own = uses[place] ?? 0;
    const near = uses.reduce((sum, count, other) => sum + (resembles[place]?.[other] === true ? count : 0), 0);
    return own * 1000 + near;
  };
  return {
    assign(keys) {
      // Sorted, so that the same set of series is coloured alike in whatever order it arrives.
      const added = keys.filter((key) => !placeByKey.has(key)).sort();
      for (const key of added) {
        const place = cheapestFrom(hash(key) % palette.length, palette.length, cost);
        uses[place] = (uses[place] ?? 0) + 1;
        placeByKey.set(key, place);
      }
      return placeByKey;
    },
  };
}

/** Below this, two lines of one panel are easily taken for each other. */
const leastDistance = 175;

function cheapestFrom(preferred: number, size: number, cost: (place: number) => number): number {
  let best = preferred;
  for (let i = 1; i < size; i++) {
    const place = (preferred + i) % size;
    if (cost(place) < cost(best)) best = place;
  }
  return best;
}

/** How different two colours look: the distance in RGB, weighted by how much red there is («redmean»). */
function distance(a: string, b: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((i) => parseInt(a.slice(i, i + 2), 16) - parseInt(b.slice(i, i + 2), 16));
  const mean = (parseInt(a.slice(1, 3), 16) + parseInt(b.slice(1, 3), 16)) / 2;
  return Math.sqrt((2 + mean / 256) * red ** 2 + 4 * green ** 2 + (2 + (255 - mean) / 256) * blue ** 2);
}

/** FNV-1a, 32 bits, over UTF-16 units, and a last mixing so that keys that differ little do not fall into one place. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b);
  return (state ^ (state >>> 16)) >>> 0;
}
