/** How high a row is, in pixels. */
export type RowHeight<Row> = (row: Row) => number;

/** Where each row of a list begins, in pixels, and at last where the list ends. */
export function topsOf(heights: readonly number[]): Float64Array {
  const tops = new Float64Array(heights.length + 1);
  for (const [i, height] of heights.entries()) tops[i + 1] = (tops[i] ?? 0) + height;
  return tops;
}

/** The row at a place; the first one before the list, the last one after it, 0 in an empty list. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
