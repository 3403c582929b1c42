/** Text made of a row. */
export type RowText<Row> = (row: Row) => string;

/** A column: its heading, what a cell shows, and what it is sorted by (the text, when nothing else is given). */
export interface TableColumn<Row> {
  readonly id: string;
  readonly text: string;
  readonly cell: RowText<Row>;
  readonly sortBy?: (row: Row) => number | string;
  readonly isNumeric?: boolean;
}
