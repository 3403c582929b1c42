import { packColumn } from '@metrics-dashboard/sdk/columns';

/** What the server says of a column; null where there is no sample. */
export function packed(...cells: readonly (number | null)[]): string {
  const values = Float64Array.from(cells, (cell) => cell ?? NaN);
  const present = Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1));
  return btoa(String.fromCharCode(...packColumn({ values, present })));
}
