import type { IngestReport, Refusal, RefusalReason } from '@metrics-dashboard/core';
import { Labels } from '@metrics-dashboard/sdk';

const EXAMPLES = 3;

/** What of a push was not stored, for whoever pushed; undefined: nothing that they should hear of. */
export function refusalText({ accepted, refused, scraped, examples }: IngestReport): string | undefined {
  const count = Object.entries(refused).reduce((sum, [reason, some]) => (isDropped(reason) ? sum : sum + some), 0);
  if (count === 0) return undefined;
  const some = toldExamples(examples);
  return `${count} of ${scraped} samples refused, ${accepted === 0 ? 'nothing is stored' : 'the others are stored'}: ${some.map(sentence).join('; ')}${count > some.length ? '; …' : ''}`;
}

/** The first few that a sender is told of. */
export function toldExamples(examples: readonly Refusal[]): readonly Refusal[] {
  return examples.filter(({ reason }) => !isDropped(reason)).slice(0, EXAMPLES);
}

/** Those that the configuration says to drop in silence. */
function isDropped(reason: string): boolean {
  return reason === ('dropped_cardinality_limit' satisfies RefusalReason);
}

function sentence({ labels, reason, message }: Refusal): string {
  return `${Labels.from(labels.map(({ name, value }) => [name, value] as const)).toString()}: ${reason}: ${message}`;
}
