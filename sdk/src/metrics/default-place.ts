import type { Register } from './metric.js';

/** What default metrics share: where they belong, what they are called, and what they carry. */
export interface DefaultMetricsPlace {
  readonly registers: readonly Register[];
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
}
