import { unpackColumn } from '@metrics-dashboard/sdk/columns';

/** The values of a `PackedColumn`, one per step; `undefined` where there is no sample. Throws a `ParseError` for a text that is none. */
export function unpackValues(packed: string): (number | undefined)[] {
  const { values, present } = unpackColumn(packed);
  return Array.from(values, (value, i) => (present[i] === 1 ? value : undefined));
}
