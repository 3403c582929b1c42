declare const brand: unique symbol;

/** The number of a series inside one storage; never reused while the storage is open. An unsigned 32-bit integer. */
export type SeriesRef = number & { readonly [brand]: 'SeriesRef' };

/** Marks a number, read from a column of refs, as a series ref. */
export function seriesRef(value: number): SeriesRef {
  return value as SeriesRef;
}
