import type { Execution } from '../operators/execution.js';
import type { Observer } from '../operators/observed.js';
import type { Operator } from '../operators/operator.js';
import type { WindowSource } from '../operators/windows.js';
import type { Aggregations } from './aggregations.js';
import type { Grid, LogicalNode } from './logical.js';

/** What the parts of the physical planner ask of it: operators for the nodes below theirs. */
export interface Planner {
  readonly execution: Execution;
  readonly aggregations: Aggregations;
  /** Where somebody wants to know what each operator does. */
  readonly observer: Observer | undefined;
  operator(node: LogicalNode, grid: Grid): Operator;
  windows(node: LogicalNode, grid: Grid): WindowSource;
}
