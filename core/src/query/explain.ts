import type { Observation } from './operators/observed.js';
import type { ExplainedOperator, Explanation } from './query.js';

/** More operators are counted, and left out. */
const MOST_OPERATORS = 1000;
/** The last of the passes, which is made where selectors meet the storage. */
const LEVELS = 'choose rollup levels';

/** What is known of a query as a whole. */
export interface Explained extends Pick<Explanation, 'warnings' | 'infos' | 'passes' | 'milliseconds'> {
  readonly text: string;
  readonly ran: boolean;
}

/** The operators in the order of the tree, each before its inputs. */
export function explanationOf(roots: readonly Observation[], { text, ran, passes: rewritings, ...said }: Explained): Explanation {
  const operators: ExplainedOperator[] = [];
  let omitted = 0;
  const add = (seen: Observation, depth: number): void => {
    if (operators.length < MOST_OPERATORS) operators.push(operatorOf(seen, { text, ran, depth }));
    else omitted++;
    for (const input of seen.inputs) add(input, depth + 1);
  };
  for (const root of roots) add(root, 0);
  const isRolled = operators.some(({ levels }) => levels.some((resolution) => resolution > 0));
  const passes = isRolled ? [...rewritings, LEVELS] : rewritings;
  return { operators, omitted, ran, passes, ...said };
}

function operatorOf(seen: Observation, { text, ran, depth }: { readonly text: string; readonly ran: boolean; readonly depth: number }): ExplainedOperator {
  const reads = seen.reads();
  return {
    operator: seen.name,
    text: text.slice(seen.from, seen.to),
    depth,
    levels: reads?.levels ?? [],
    series: seen.series,
    blocks: reads?.blocks,
    estimatedPoints: seen.series * seen.steps,
    estimatedSamples: estimateOf(seen),
    actual: ran ? { points: seen.points, samples: seen.samples, milliseconds: seen.milliseconds } : undefined,
  };
}

/** Its own samples and those of its inputs. */
function estimateOf(seen: Observation): number {
  return seen.inputs.reduce((sum, input) => sum + estimateOf(input), seen.reads()?.estimatedSamples ?? 0);
}
