import type { Observation } from './operators/observed.js';
import type { ExplainedOperator, Explanation } from './query.js';

/** What is known of a query as a whole. */
export interface Explained extends Pick<Explanation, 'warnings' | 'infos' | 'passes' | 'milliseconds'> {
  readonly text: string;
  readonly ran: boolean;
}

/** The operators in the order of the tree, each before its inputs. */
export function explanationOf(roots: readonly Observation[], { text, ran, ...said }: Explained): Explanation {
  const operators: ExplainedOperator[] = [];
  const add = (seen: Observation, depth: number): void => {
    const reads = seen.reads();
    operators.push({
      operator: seen.name,
      text: text.slice(seen.from, seen.to),
      depth,
      levels: reads?.levels ?? [],
      series: seen.series,
      estimatedPoints: seen.series * seen.steps,
      estimatedSamples: estimateOf(seen),
      actual: ran ? { points: seen.points, samples: seen.samples, milliseconds: seen.milliseconds } : undefined,
    });
    for (const input of seen.inputs) add(input, depth + 1);
  };
  for (const root of roots) add(root, 0);
  return { operators, ran, ...said };
}

/** Its own samples and those of its inputs. */
function estimateOf(seen: Observation): number {
  return seen.inputs.reduce((sum, input) => sum + estimateOf(input), seen.reads()?.estimatedSamples ?? 0);
}
