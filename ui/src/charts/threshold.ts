/** A value that is worth a line across the chart. */
export interface Threshold {
  readonly value: number;
  readonly text: string;
  /** As CSS has colours. */
  readonly colour: string;
}
