import type { LintFinding, RuleFileReport } from '@metrics-dashboard/core';
import { ConfigError, messageOf } from '@metrics-dashboard/sdk';

/** Where to ask, and as whom. */
export interface ServerFlags {
  readonly url: string;
  readonly token?: string | undefined;
}

interface Operator {
  readonly operator: string;
  readonly text: string;
  readonly depth: number;
  readonly levels: readonly number[];
  readonly series: number;
  readonly estimatedSamples: number;
}

/** An evaluation that reads more than this is told. */
const MANY_SAMPLES = 1_000_000;

const EXPLAIN = 'query ($query: String!) { explain(query: $query) { operators { operator text depth levels series estimatedSamples } } }';

/** What a running server knows of rules: which of them ask for series that are not there, and which read much. Nothing is evaluated. Rejects with a `ConfigError` when it does not answer. */
export async function lintAtServer({ expressions }: RuleFileReport, server: ServerFlags): Promise<readonly LintFinding[]> {
  const recorded = new Set(expressions.flatMap(({ record }) => record ?? []));
  const findings: LintFinding[] = [];
  for (const { at, rule, expression } of expressions) {
    const operators = await explain(expression, server);
    for (const text of missing(operators, recorded)) findings.push({ at, rule, message: `${text} matches no series of the server` });
    const samples = operators[0]?.estimatedSamples ?? 0;
    if (samples > MANY_SAMPLES) findings.push({ at, rule, message: `reads about ${Math.round(samples)} samples at each evaluation` });
  }
  return findings;
}

/** Selectors without series; those of `absent` are meant to be, and what the same files record may not be there yet. */
function missing(operators: readonly Operator[], recorded: ReadonlySet<string>): readonly string[] {
  const isAsked = ({ operator }: Operator, i: number): boolean => {
    const name = /__name__="([^"]*)"/.exec(operator)?.[1] ?? '';
    return !recorded.has(name) && !/^absent/.test(operator) && !/^absent/.test(parentOf(operators, i)?.operator ?? '');
  };
  return operators.filter((one, i) => one.levels.length > 0 && one.series === 0 && isAsked(one, i)).map(({ text }) => text);
}

function parentOf(operators: readonly Operator[], i: number): Operator | undefined {
  const depth = operators[i]?.depth ?? 0;
  return operators.slice(0, i).findLast((one) => one.depth === depth - 1);
}

async function explain(query: string, { url, token }: ServerFlags): Promise<readonly Operator[]> {
  const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ query: EXPLAIN, variables: { query } });
  const answer = await fetch(`${url.replace(/\/+$/, '')}/graphql`, { method: 'POST', headers, body }).catch((error: unknown) => {
    throw new ConfigError(`no server answers at ${url} (${messageOf(error)})`);
  });
  const text = await answer.text();
  try {
    const { data, errors } = JSON.parse(text) as { data?: { explain: { operators: readonly Operator[] } } | null; errors?: readonly { message: string }[] };
    if (data) return data.explain.operators;
    throw new ConfigError(`${url} answered: ${errors?.[0]?.message ?? `status ${answer.status}`}`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${url} answered ${answer.status}, which is not an answer of this program`, { cause: error });
  }
}
